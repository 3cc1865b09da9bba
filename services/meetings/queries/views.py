"""One topic, and one meeting with everything that its reader may see."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.states import (
    ANSWER_LABELS,
    ATTENDANCE_LABELS,
    IN_FORCE,
    MEETING_LABELS,
    MINUTES_LABELS,
    TOPIC_LABELS,
    AgendaState,
    Answer,
    Leave,
    MinutesState,
)
from services.meetings.domain.steps import Step
from services.meetings.errors import minutes as minutes_errors
from services.meetings.errors import papers as paper_errors
from services.meetings.models import (
    AgendaItem,
    Decision,
    Invitation,
    Meeting,
    MeetingFile,
    Minutes,
)
from services.meetings.queries.checks import findings_of, quota_of
from services.meetings.queries.decisions import find_minutes, get_version, list_decisions
from services.meetings.queries.meetings import (
    ON_AGENDA,
    find_invitation_of,
    list_agenda,
    list_files,
    list_invitations,
)
from services.meetings.queries.places import place_of
from services.meetings.queries.topics import list_advice, topic_findings
from services.meetings.queries.visibility import acting_posts, get_meeting, get_topic, sees_inside
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, list_line
from shared.flow.duties import list_duties

_SHOWN_MINUTES = (MinutesState.APPROVED, MinutesState.DRAFTED, MinutesState.ISSUED)


def show_topic(session: Session, actor: Actor, clock: Clock, topic_id: UUID) -> dict[str, Any]:
    """A topic with its papers, the advice on it, and what the rules say of it now."""
    topic = get_topic(session, actor, topic_id, now=clock.now())
    found = topic_findings(session, topic, day=clock.today())
    return {
        **columns_of(topic),
        "state_label": TOPIC_LABELS[topic.state],
        "told_findings": topic.findings,
        "findings": [one.as_json() for one in found],
        "files": list_files(session, [topic.id], role="paper"),
        "advice": list_advice(session, topic.id),
    }


def show_meeting(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> dict[str, Any]:
    """A meeting as far as the actor may see it.

    Staff, chair and convener see all; the invited see agenda, papers and the list of who comes, their own answer, and
    minutes and decisions once approved; observers of some points see only those. A unit that is asked to name somebody,
    and whose invitation was taken back, sees time, place and agenda alone; the former also the seat that it shall fill.
    """
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    inside = sees_inside(session, actor, meeting, now=clock.now())
    seat = own_seat(session, actor, meeting, now=clock.now())
    points = None if inside else _points_for(session, actor, meeting, seat, now=clock.now())
    agenda = _agenda(session, meeting, points, inside=inside)
    ids = [item.topic_id for item in agenda if item.topic_id]
    takes_part = inside or seat is not None
    leaves = list(Leave) if inside else IN_FORCE
    files = list_files(session, [meeting.id, *ids], leaves=leaves) if takes_part else []
    asked = _asked_to_name(session, actor, meeting, now=clock.now())
    minutes = find_minutes(session, meeting.id)
    shown = minutes is not None and _may_read(minutes, seat, inside=inside)
    return {
        **columns_of(meeting),
        "place": place_of(session, meeting),
        "state_label": MEETING_LABELS[meeting.state],
        "is_inside": inside,
        "told_findings": meeting.findings if inside else [],
        "quota_waiver": meeting.quota_waiver if inside else "",
        "agenda": [{**columns_of(item), "files": _of(files, item.topic_id)} for item in agenda],
        "files": [file for file in files if file.subject_id == meeting.id],
        "own_invitation": seat_view(seat) if seat else None,
        "invitations": [
            seat_view(one) if inside else _outside(one)
            for one in list_invitations(session, meeting.id)
            if takes_part or (one.state == Answer.NAMING and one.unit_id in asked)
        ],
        "decisions": [decision_view(one) for one in _decisions(session, meeting, seat, inside=inside)],
        "minutes": minutes_view(session, minutes) if minutes and shown else None,
    }


def check_of(session: Session, meeting: Meeting) -> dict[str, Any]:
    """What is to be acknowledged before the meeting is called, and how it stands to the year's plan."""
    return {
        "findings": [one.as_json() for one in findings_of(session, meeting)],
        "quota": [quota_view(use) for use in quota_of(session, meeting)],
    }


def quota_view(use: Any) -> dict[str, Any]:
    """One head of a plan."""
    return {
        "key": use.key,
        "year": use.year,
        "planned": use.planned,
        "used": use.used,
        "is_full": use.is_full,
    }


def own_seat(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> Invitation | None:
    """The invitation of the actor's post, or in which it stands in; only of a called meeting."""
    posts = acting_posts(session, actor, now=now)
    if not posts or meeting.called_at is None:
        return None
    return find_invitation_of(session, meeting.id, posts, standing_in=True)


def seat_view(seat: Invitation) -> dict[str, Any]:
    """A seat with its labels."""
    return {
        **columns_of(seat),
        "state_label": ANSWER_LABELS[seat.state],
        "attendance_label": ATTENDANCE_LABELS[seat.attendance],
    }


def decision_view(decision: Decision) -> dict[str, Any]:
    """A decision with what became of its task."""
    return columns_of(decision)


def minutes_view(session: Session, minutes: Minutes) -> dict[str, Any]:
    """Minutes with their newest text; `revision` is the version, for the ETag."""
    version = get_version(session, minutes, minutes.version)
    return {
        **columns_of(minutes),
        "revision": minutes.version,
        "state_label": MINUTES_LABELS[minutes.state],
        "body": version.body,
        "saved_at": version.saved_at,
        "saved_by_name": version.saved_by_name,
    }


def get_readable_minutes(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Minutes:
    """The minutes, for staff at any time, for full participants once approved; Problem 404 else."""
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    minutes = find_minutes(session, meeting.id)
    inside = sees_inside(session, actor, meeting, now=clock.now())
    seat = own_seat(session, actor, meeting, now=clock.now())
    if minutes and _may_read(minutes, seat, inside=inside):
        return minutes
    raise minutes_errors.minutes_not_found(meeting.title)


def get_meeting_file(
    session: Session, actor: Actor, clock: Clock, meeting_id: UUID, file_id: UUID
) -> MeetingFile:
    """A paper of the meeting or of a point that the actor sees; Problem 404 else."""
    shown = show_meeting(session, actor, clock, meeting_id)
    of_items = [file for item in shown["agenda"] for file in item["files"]]
    found = next((file for file in [*shown["files"], *of_items] if file.id == file_id), None)
    if found is None or (found.role == "record" and not shown["is_inside"]):
        raise paper_errors.file_not_found(file_id)
    return found


def get_topic_file(
    session: Session, actor: Actor, clock: Clock, topic_id: UUID, file_id: UUID
) -> MeetingFile:
    """A paper of a topic that the actor sees; Problem 404 else."""
    topic = get_topic(session, actor, topic_id, now=clock.now())
    found = next((file for file in list_files(session, [topic.id]) if file.id == file_id), None)
    if found is None:
        raise paper_errors.file_not_found(file_id)
    return found


def columns_of(row: Any) -> dict[str, Any]:
    """The stored facts of a row, without what only the search reads."""
    return {
        column.key: getattr(row, column.key)
        for column in sa.inspect(type(row)).column_attrs
        if column.key != "terms"
    }


def _asked_to_name(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> set[UUID]:
    """The units for which the actor is asked to say who comes."""
    posts = acting_posts(session, actor, now=now)
    open_items = list_duties(session, subject_id=meeting.id)
    offices = {item.unit_id for item in open_items if item.step_id == Step.NAME and item.post_id in posts}
    return offices | {get_organ(session, office).id for office in offices}


def _agenda(
    session: Session, meeting: Meeting, points: Collection[UUID] | None, *, inside: bool
) -> list[AgendaItem]:
    states: Collection[AgendaState] = (
        [*ON_AGENDA, AgendaState.ASKED, AgendaState.REFUSED] if inside else ON_AGENDA
    )
    items = list_agenda(session, meeting.id, states=list(states))
    return items if points is None else [item for item in items if item.id in points]


def _points_for(
    session: Session, actor: Actor, meeting: Meeting, seat: Invitation | None, *, now: datetime
) -> Collection[UUID] | None:
    """The points that an invitation is for, one that was taken back or waits for a name too; None for all of them."""
    if seat:
        return seat.agenda_item_ids or None
    posts = acting_posts(session, actor, now=now)
    units = [unit.id for unit in list_line(session, actor.unit_id)] if actor.unit_id else []
    asked = sa.select(Invitation.agenda_item_ids).where(
        Invitation.meeting_id == meeting.id,
        sa.or_(
            Invitation.post_id.in_(posts),
            sa.and_(Invitation.post_id.is_(None), Invitation.unit_id.in_(units)),
        ),
    )
    named = session.scalars(asked).all()
    return {one for points in named for one in points} if named and all(named) else None


def _decisions(
    session: Session, meeting: Meeting, seat: Invitation | None, *, inside: bool
) -> list[Decision]:
    decisions = list_decisions(session, meeting.id)
    if inside:
        return decisions
    if seat is None:
        return []
    recorded = [one for one in decisions if one.recorded_at]
    if _is_limited(seat):
        return [one for one in recorded if one.agenda_item_id in seat.agenda_item_ids]
    return recorded


def _may_read(minutes: Minutes, seat: Invitation | None, *, inside: bool) -> bool:
    """Drafts are the staff's; approved minutes are for everybody who took part in the whole meeting."""
    takes_part = seat is not None and not _is_limited(seat)
    return inside or (takes_part and minutes.state in _SHOWN_MINUTES)


def _is_limited(seat: Invitation | None) -> bool:
    return seat is not None and bool(seat.agenda_item_ids)


def _of(files: list[MeetingFile], topic_id: UUID | None) -> list[MeetingFile]:
    return [file for file in files if topic_id and file.subject_id == topic_id]


def _outside(seat: Invitation) -> dict[str, Any]:
    """Of others the invited see who is invited and who comes, not why somebody does not."""
    shown = seat_view(seat)
    hidden = {"reason": "", "decision_opinion": "", "opened_at": None, "opened_by_name": ""}
    return {**shown, **hidden}
