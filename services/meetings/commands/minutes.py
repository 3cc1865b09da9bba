"""Minutes (纪要): drafted from agenda and decisions, edited by several people, approved by the chair."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.agenda import require_chair
from services.meetings.commands.decisions import record_decisions
from services.meetings.commands.duties import do, drop, give, give_presiding, organisers_of, settle
from services.meetings.commands.history import keep_act
from services.meetings.commands.holding import working_deadline
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import MinutesState, meeting_after, minutes_after
from services.meetings.domain.steps import Step
from services.meetings.domain.wording import minutes_title
from services.meetings.errors import minutes as minutes_errors
from services.meetings.local_rules import TIMES
from services.meetings.models import Meeting, Minutes, MinutesVersion
from services.meetings.queries.decisions import (
    attendance_lines,
    compose_text,
    get_minutes,
    get_version,
    list_decisions,
)
from services.meetings.queries.meetings import list_invitations, rule
from services.meetings.queries.visibility import lock_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_unit
from shared.errors import Problem
from shared.events import minutes as contract
from shared.events.documents import Blob
from shared.events.meetings import MinutesApproved, Party
from shared.files import BlobRef, BlobStore
from shared.ids import new_id
from shared.messaging import outbox


def draft_minutes(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> Minutes:
    """Begin the minutes of a held meeting: the first version is put together from agenda and decisions."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    meeting.state = meeting_after("draft_minutes", meeting.state).value
    meeting.revision += 1
    if actor.person_id is None or actor.post_id is None:
        raise errors.needs_a_post()
    minutes = Minutes(
        id=new_id(),
        meeting_id=meeting.id,
        state=MinutesState.DRAFTING.value,
        version=1,
        title=minutes_title(meeting.title),
        receivers=_usual_receivers(session, meeting),
        drafter_person_id=actor.person_id,
        drafter_post_id=actor.post_id,
        drafter_name=actor.person_name,
        drafted_at=clock.now(),
    )
    session.add(minutes)
    session.flush()
    _keep_version(session, actor, clock, minutes, compose_text(session, meeting), note="自动生成")
    drop(session, actor, clock, meeting.id, Step.MINUTES)
    give(
        session, actor, clock, meeting.id, Step.MINUTES, posts=[actor.post_id],
        deadline=deadline_of(session, meeting, "minutes_days"),
    )  # fmt: skip
    keep_act(session, actor, meeting.id, at=clock.now(), verb="draft_minutes", step="起草纪要")
    return minutes


def save_minutes(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    text: Mapping[str, Any],
    expected_version: int | None,
) -> Minutes:
    """Keep another version; Problem 412 names the version that somebody else saved meanwhile, 428 asks for one."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    minutes = get_minutes(session, meeting)
    minutes_after("revise", minutes.state)
    if expected_version is None:
        raise minutes_errors.version_needed()
    _refuse_outdated(session, minutes, expected_version)
    refuse_secret(text.get("title", ""), *text["body"])
    minutes.title = text.get("title") or minutes.title
    if "receiver_unit_ids" in text:
        minutes.receivers = _receivers(session, text["receiver_unit_ids"])
    minutes.version += 1
    _keep_version(session, actor, clock, minutes, text["body"], note=text.get("note", ""))
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="save_minutes", step="修改纪要",
        opinion=text.get("note", ""), details={"version": minutes.version},
    )  # fmt: skip
    return minutes


def compose_minutes(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, expected_version: int | None = None
) -> Minutes:
    """Put the text together anew, as another version, after decisions have changed; Problem 412 as for saving.

    Without an expected version it goes after whatever was saved last, which stays among the versions.
    """
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    minutes = get_minutes(session, meeting)
    minutes_after("revise", minutes.state)
    _refuse_outdated(session, minutes, expected_version)
    minutes.version += 1
    _keep_version(session, actor, clock, minutes, compose_text(session, meeting), note="按议定事项重新生成")
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="compose_minutes", step="重新生成纪要",
        details={"version": minutes.version},
    )  # fmt: skip
    return minutes


def submit_minutes(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, expected_version: int | None = None
) -> Minutes:
    """Hand the minutes to the chair; text, decisions and who came stand still meanwhile. Problem 412 as for saving."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    minutes = get_minutes(session, meeting)
    minutes.state = minutes_after("submit", minutes.state).value
    _refuse_outdated(session, minutes, expected_version)
    if not minutes.receivers:
        raise minutes_errors.receivers_missing()
    minutes.submitted_at = clock.now()
    duty = settle(session, actor, clock, meeting.id, Step.MINUTES)
    give_presiding(
        session, actor, clock, meeting, Step.APPROVE_MINUTES, post_id=meeting.chair_post_id,
        deadline=deadline_of(session, meeting, "issue_days"),
    )  # fmt: skip
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="submit_minutes", step="纪要送审", duty=duty,
        details={"version": minutes.version},
    )  # fmt: skip
    return minutes


def decide_minutes(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    approved: bool,
    opinion: str = "",
    blobs: BlobStore,
) -> Minutes:
    """The chair approves the minutes, and with them the decisions, or returns them with the reason."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    require_chair(session, actor, clock, meeting)
    minutes = get_minutes(session, meeting)
    minutes.state = minutes_after("approve" if approved else "return", minutes.state).value
    if not approved and not opinion:
        raise errors.reason_missing("退回纪要", "opinion")
    label = "同意" if approved else "退回"
    duty = do(
        session, actor, clock, meeting.id, Step.APPROVE_MINUTES,
        outcome="approve" if approved else "return", label=label, opinion=opinion,
        for_post_id=meeting.chair_post_id,
    )  # fmt: skip
    doer = keep_act(
        session, actor, meeting.id, at=clock.now(),
        verb="approve_minutes" if approved else "return_minutes", step="审定纪要",
        outcome=label, opinion=opinion, duty=duty, details={"version": minutes.version},
    )  # fmt: skip
    if not approved:
        minutes.submitted_at = None
        give_back(session, actor, clock, meeting, minutes)
        return minutes
    minutes.approved_at, minutes.approved_by_name = clock.now(), actor.person_name
    meeting.revision += 1
    record_decisions(session, actor, clock, meeting, doer)
    blob = blobs.put(
        contract.to_json(content_of(session, meeting, minutes)),
        media_type=contract.MEDIA_TYPE,
        name=f"{minutes.id}.json",
    )
    minutes.content_digest = blob.digest
    outbox.record(
        session, actor, _approved(meeting, minutes, blob, clock), correlation_id=meeting.correlation_id
    )
    give(
        session, actor, clock, meeting.id, Step.CLOSE, posts=organisers_of(session, meeting),
        deadline=deadline_of(session, meeting, "issue_days"),
    )  # fmt: skip
    return minutes


def give_back(session: Session, actor: Actor, clock: Clock, meeting: Meeting, minutes: Minutes) -> None:
    """Minutes that came back are their drafter's to work on, or the organisers' when that post is gone."""
    try:
        give(session, actor, clock, meeting.id, Step.MINUTES, posts=[minutes.drafter_post_id])
    except Problem:
        give(session, actor, clock, meeting.id, Step.MINUTES, posts=organisers_of(session, meeting))


def deadline_of(session: Session, meeting: Meeting, name: str) -> datetime | None:
    """Until when a held meeting's organisers have that to do, by the rule `times` (`minutes_days`, `issue_days`)."""
    ended_at = meeting.ended_at or meeting.ends_at
    days = rule(session, TIMES, meeting.unit_id, ended_at.date())[name]
    return working_deadline(session, meeting.unit_id, ended_at, days)


def content_of(session: Session, meeting: Meeting, minutes: Minutes) -> contract.MinutesContent:
    """What documents makes a 纪要 of."""
    present, excused, observing = attendance_lines(session, meeting.id)
    version = get_version(session, minutes, minutes.version)
    return contract.MinutesContent(
        title=minutes.title,
        body=tuple(version.body),
        present=present,
        excused=excused,
        attending=observing,
    )


def _approved(meeting: Meeting, minutes: Minutes, blob: BlobRef, clock: Clock) -> MinutesApproved:
    return MinutesApproved(
        minutes_id=minutes.id,
        meeting_id=meeting.id,
        unit_id=meeting.unit_id,
        title=minutes.title,
        content=Blob(digest=blob.digest, size=blob.size, media_type=blob.media_type, name=blob.name),
        receivers=tuple(
            Party(unit_id=UUID(unit["unit_id"]), unit_name=unit["unit_name"]) for unit in minutes.receivers
        ),
        drafter_person_id=minutes.drafter_person_id,
        drafter_post_id=minutes.drafter_post_id,
        approved_at=clock.now(),
    )


def _refuse_outdated(session: Session, minutes: Minutes, expected_version: int | None) -> None:
    if expected_version in (None, minutes.version):
        return
    newest = get_version(session, minutes, minutes.version)
    raise minutes_errors.minutes_changed(version=newest.number, by=newest.saved_by_name, at=newest.saved_at)


def _keep_version(
    session: Session, actor: Actor, clock: Clock, minutes: Minutes, body: Sequence[str], *, note: str
) -> None:
    session.add(
        MinutesVersion(
            minutes_id=minutes.id,
            number=minutes.version,
            title=minutes.title,
            body=list(body),
            note=note,
            saved_at=clock.now(),
            saved_by_person_id=actor.person_id,
            saved_by_name=actor.person_name,
        )
    )
    session.flush()


def _usual_receivers(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    """The organs of everybody invited, and of everybody who has to do something, but not the meeting's own."""
    seats = list_invitations(session, meeting.id)
    units = [seat.unit_id for seat in seats]
    for made in list_decisions(session, meeting.id):
        units += [made.lead_unit_id, *(UUID(unit["unit_id"]) for unit in made.assistants)]
    organs = dict.fromkeys(get_organ(session, unit_id).id for unit_id in dict.fromkeys(units))
    others = [organ for organ in organs if organ != meeting.unit_id]
    return _receivers(session, others or [meeting.unit_id])


def _receivers(session: Session, unit_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    units = [get_unit(session, unit_id) for unit_id in dict.fromkeys(unit_ids)]
    return [{"unit_id": str(unit.id), "unit_name": unit.name} for unit in units]
