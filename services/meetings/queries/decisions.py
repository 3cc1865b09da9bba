"""Reading decisions and minutes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.domain.states import AgendaState, Attendance, MinutesState
from services.meetings.domain.wording import DecidedLine, HeardItem, HeldMeeting, first_draft
from services.meetings.errors import minutes as minutes_errors
from services.meetings.models import Decision, Invitation, Meeting, Minutes, MinutesVersion
from services.meetings.queries.meetings import list_agenda, list_invitations
from shared.directory import get_unit, list_line, list_posts
from shared.web.paging import Page, make_page, read_cursor


def list_decisions(session: Session, meeting_id: UUID) -> list[Decision]:
    """The decisions of a meeting in order."""
    wanted = sa.select(Decision).where(Decision.meeting_id == meeting_id)
    return list(session.scalars(wanted.order_by(Decision.position)))


def get_decision(session: Session, decision_id: UUID) -> Decision:
    """A decision; Problem 404. Who may see it is the meeting's rule."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise minutes_errors.decision_not_found(decision_id)
    return found


def is_below(session: Session, unit_id: UUID, organ_id: UUID) -> bool:
    """Whether an organ gives work to that unit: itself, those below it, and for a general office its government's."""
    organ = get_unit(session, organ_id)
    over = {organ.id, organ.parent_id} if organ.kind == "general_office" else {organ.id}
    return any(unit.id in over for unit in list_line(session, unit_id))


def find_minutes(session: Session, meeting_id: UUID) -> Minutes | None:
    """The minutes of a meeting, if they were begun."""
    return session.scalars(sa.select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def get_minutes(session: Session, meeting: Meeting) -> Minutes:
    """The same; Problem 404 when they were not."""
    found = find_minutes(session, meeting.id)
    if found is None:
        raise minutes_errors.minutes_not_found(meeting.title)
    return found


def refuse_fixed_by_minutes(session: Session, meeting: Meeting, what: str) -> None:
    """Refuse to change what the minutes say from when they go to the chair, unless they come back (409)."""
    minutes = find_minutes(session, meeting.id)
    if minutes and minutes.state != MinutesState.DRAFTING:
        raise errors.act_not_possible(what, "修改", "随纪要送审或已审定")


def get_version(session: Session, minutes: Minutes, number: int) -> MinutesVersion:
    """One version of the text; Problem 404."""
    found = session.get(MinutesVersion, (minutes.id, number))
    if found is None:
        raise minutes_errors.version_not_found(number)
    return found


def page_versions(session: Session, minutes: Minutes, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """Its versions without their text, newest first."""
    shown = [
        getattr(MinutesVersion, name) for name in ("number", "title", "note", "saved_at", "saved_by_name")
    ]
    wanted = sa.select(*shown).where(MinutesVersion.minutes_id == minutes.id)
    if query.get("after"):
        wanted = wanted.where(MinutesVersion.number < read_cursor(query["after"], int)[0])
    newest = wanted.order_by(MinutesVersion.number.desc()).limit(query["limit"] + 1)
    rows = [dict(row) for row in session.execute(newest).mappings()]
    return make_page(rows, query["limit"], lambda row: (row["number"],))


def compose_text(session: Session, meeting: Meeting) -> list[str]:
    """The minutes as they follow from agenda and decisions."""
    decisions = list_decisions(session, meeting.id)
    lines = {one.id: _line(one) for one in decisions}
    heard = list_agenda(session, meeting.id, states=[AgendaState.HEARD, AgendaState.POSTPONED])
    of_item = {
        item.id: [lines[one.id] for one in decisions if one.agenda_item_id == item.id] for item in heard
    }
    items = tuple(
        HeardItem(
            title=item.title,
            reporter=item.reporting_unit_name,
            postponed=item.state == AgendaState.POSTPONED,
            note=item.outcome_note,
            decisions=of_item[item.id],
        )
        for item in heard
    )
    held = HeldMeeting(
        title=meeting.title,
        began_at=meeting.began_at or meeting.starts_at,
        place=meeting.place,
        chair=_chair_name(session, meeting),
        items=items,
        other_decisions=tuple(lines[one.id] for one in decisions if one.agenda_item_id not in of_item),
    )
    return first_draft(held)


def attendance_lines(
    session: Session, meeting_id: UUID
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Who was there (出席), had leave (请假), and observed (列席), as minutes name them."""
    seats = list_invitations(session, meeting_id)
    came = [seat for seat in seats if seat.attendance in (Attendance.PRESENT, Attendance.LATE)]
    present = tuple(name_of(seat) for seat in came if seat.role == "attendee")
    observing = tuple(name_of(seat) for seat in came if seat.role == "observer")
    excused = tuple(
        f"{seat.person_name or seat.post_title}（{seat.unit_name}）"
        for seat in seats
        if seat.attendance == Attendance.EXCUSED
    )
    return present, excused, observing


def name_of(seat: Invitation) -> str:
    """Who sat there, with the unit; a stand-in with for whom."""
    if seat.stood_in:
        who = seat.stand_in_name or seat.stand_in_title
        return f"{who}（{seat.stand_in_unit_name}，代{seat.person_name or seat.post_title}）"
    return f"{seat.person_name or seat.post_title}（{seat.unit_name}）"


def _line(one: Decision) -> DecidedLine:
    helpers = tuple(unit["unit_name"] for unit in one.assistants)
    return DecidedLine(text=one.text, lead=one.lead_unit_name, assistants=helpers, due_on=one.due_on)


def _chair_name(session: Session, meeting: Meeting) -> str:
    card = list_posts(session, [meeting.chair_post_id]).get(meeting.chair_post_id)
    return f"{card.title}{'、'.join(card.holders)}" if card else "会议主持人"
