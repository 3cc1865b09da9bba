"""Closing a meeting, and concluding it when all its tasks are done: the dossier, and word to the archives."""

import logging
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.additions import refuse_unanswered
from services.meetings.commands.duties import settle
from services.meetings.commands.gathering import gather_dossier
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.commands.printing import keep_page
from services.meetings.domain.states import MeetingState, MinutesState, meeting_after
from services.meetings.domain.steps import Step
from services.meetings.errors import minutes as minutes_errors
from services.meetings.models import Decision, Meeting
from services.meetings.queries.decisions import find_minutes, list_decisions
from services.meetings.queries.pages import record_of
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem
from shared.events import dossier
from shared.events.documents import Blob
from shared.events.meetings import MeetingClosed, MeetingConcluded
from shared.files import BlobStore
from shared.flow.duties import close_work
from shared.messaging import outbox

_log = logging.getLogger(__name__)
# A rejected task leaves its decision without supervision; a cancelled one was supervised.
_SETTLING = ("registered", "established", "closed", "cancelled")
_ENDED = ("closed", "cancelled")
_AT_ONCE = 5
_TRY_AGAIN = timedelta(minutes=10)


def close_meeting(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> Meeting:
    """Close a meeting whose minutes are issued and whose every decision has its task or a waiver; Problem 409 else."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    state = meeting_after("close", meeting.state)
    minutes = find_minutes(session, meeting.id)
    if minutes is None or minutes.state != MinutesState.ISSUED:
        raise minutes_errors.minutes_not_issued(meeting.title)
    unsettled = [
        made.number or str(made.position)
        for made in list_decisions(session, meeting.id)
        if made.waived_at is None and made.task_state not in _SETTLING
    ]
    if unsettled:
        raise minutes_errors.decisions_unsettled(unsettled)
    meeting.state, meeting.closed_at = state.value, clock.now()
    meeting.conclude_after = clock.now()
    meeting.revision += 1
    refuse_unanswered(session, actor, clock, meeting, why="会议办结前未审定")
    duty = settle(session, actor, clock, meeting.id, Step.CLOSE)
    close_work(session, actor, clock, subject_id=meeting.id)
    doer = keep_act(session, actor, meeting.id, at=clock.now(), verb="close", step="办结会议", duty=duty)
    closed = MeetingClosed(meeting_id=meeting.id, unit_id=meeting.unit_id, doer=doer, closed_at=clock.now())
    outbox.record(session, actor, closed, correlation_id=meeting.correlation_id)
    return meeting


def conclude_due(session: Session, actor: Actor, clock: Clock, *, blobs: BlobStore, font_dir: str) -> int:
    """Conclude the closed meetings whose tasks are all over, a few at once; says how many.

    One whose record cannot be made (a character without glyph) keeps no other waiting and is tried again later.
    """
    open_tasks = sa.select(Decision.id).where(
        Decision.meeting_id == Meeting.id,
        Decision.waived_at.is_(None),
        Decision.task_state.not_in(_ENDED),
    )
    due = (
        sa.select(Meeting)
        .where(Meeting.state == MeetingState.CLOSED, Meeting.conclude_after <= clock.now())
        .where(sa.not_(open_tasks.exists()))
        .order_by(Meeting.conclude_after, Meeting.id)
        .limit(_AT_ONCE)
        .with_for_update(of=Meeting, skip_locked=True)
    )
    concluded = 0
    for meeting in session.scalars(due).all():
        try:
            with session.begin_nested():
                conclude(session, actor, clock, meeting, blobs=blobs, font_dir=font_dir)
            concluded += 1
        except Problem as problem:
            _log.warning("meeting %s cannot be concluded yet: %s", meeting.id, problem)
            meeting.conclude_after = clock.now() + _TRY_AGAIN
    return concluded


def conclude(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, *, blobs: BlobStore, font_dir: str
) -> None:
    """Make the record, gather the dossier, and tell that the whole is due for filing."""
    meeting.state, now = meeting_after("conclude", meeting.state).value, clock.now()
    meeting.concluded_at = now
    meeting.revision += 1
    keep_act(session, actor, meeting.id, at=now, verb="conclude", step="全部落实")
    session.flush()
    page = record_of(session, meeting, at=now)
    record = keep_page(session, actor, clock, meeting, page, "record", blobs=blobs, font_dir=font_dir)
    gathered = gather_dossier(session, meeting, record=record)
    kept = blobs.put(dossier.to_json(gathered), media_type=dossier.MEDIA_TYPE, name=f"{meeting.id}.json")
    concluded = MeetingConcluded(
        meeting_id=meeting.id,
        unit_id=meeting.unit_id,
        title=meeting.title,
        number=meeting.number or "",
        dossier=Blob(digest=kept.digest, size=kept.size, media_type=kept.media_type, name=kept.name),
        concluded_at=now,
    )
    outbox.record(session, actor, concluded, correlation_id=meeting.correlation_id)
