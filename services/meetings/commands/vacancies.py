"""What the organisers have to do stays neither with a post that was abolished nor with nobody; a timer sees to it."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.duties import drop, give, is_waiting, organisers_of
from services.meetings.commands.minutes import deadline_of
from services.meetings.commands.waiving import REJECTED, renew_waiving
from services.meetings.domain.states import MeetingState, MinutesState
from services.meetings.domain.steps import ORGANISERS, Step
from services.meetings.models import Decision, Meeting, Minutes
from services.meetings.queries.decisions import find_minutes
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts
from shared.flow.duties import list_duties
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.work import left_by_abolished_posts

logger = logging.getLogger(__name__)
_AT_ONCE = 50
_TRY_AGAIN = timedelta(minutes=10)
_M, _N = MeetingState, MinutesState
_LIVE = (_M.PLANNED, _M.CALLED, _M.UNDER_WAY, _M.HELD, _M.MINUTES, _M.CLOSED)
_STEPS: Mapping[str, Step] = {
    _M.PLANNED: Step.PREPARE,
    _M.CALLED: Step.RUN,
    _M.UNDER_WAY: Step.RUN,
    _M.HELD: Step.MINUTES,
}
# Minutes that were submitted are the chair's.
_STEPS_OF_MINUTES: Mapping[str, Step] = {
    _N.DRAFTING: Step.MINUTES,
    _N.APPROVED: Step.CLOSE,
    _N.DRAFTED: Step.CLOSE,
    _N.ISSUED: Step.CLOSE,
}


def give_what_waits(session: Session, actor: Actor, clock: Clock, *, batch: int = _AT_ONCE) -> int:
    """Give the organisers that there are now what waits for them and is no living post's; says of how many meetings.

    One that nobody can take, or that fails, keeps no other waiting and is tried again later.
    """
    given = 0
    for meeting in session.scalars(_waiting(clock.now()).limit(batch)).all():
        taken = False
        try:
            with session.begin_nested():
                taken = _give_anew(session, actor.within(meeting.correlation_id), clock, meeting)
        except Exception:
            logger.exception("work on meeting %s could not be given anew", meeting.id)
        meeting.give_after = None if taken else clock.now() + _TRY_AGAIN
        given += taken
    session.flush()
    return given


def _waiting(now: datetime) -> sa.Select[Meeting]:
    steps = [step.value for step in ORGANISERS]
    orphaned = left_by_abolished_posts().where(WorkItem.step_id.in_(steps))
    held = sa.exists().where(
        WorkItem.subject_id == Meeting.id, WorkItem.status == ItemStatus.OPEN, WorkItem.step_id.in_(steps)
    )
    return (
        sa.select(Meeting)
        .where(Meeting.state.in_(_LIVE), sa.or_(Meeting.give_after.is_(None), Meeting.give_after <= now))
        .where(sa.or_(Meeting.id.in_(orphaned), sa.and_(_has_next_step(), sa.not_(held))))
        .order_by(Meeting.id)
        .with_for_update(of=Meeting, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _has_next_step() -> sa.ColumnElement[bool]:
    minutes = sa.exists().where(Minutes.meeting_id == Meeting.id, Minutes.state.in_(_STEPS_OF_MINUTES))
    unsupervised = sa.exists().where(
        Decision.meeting_id == Meeting.id, Decision.task_state == REJECTED, Decision.waived_at.is_(None)
    )
    return sa.or_(
        Meeting.state.in_(_STEPS),
        sa.and_(Meeting.state == _M.MINUTES, minutes),
        sa.and_(Meeting.state == _M.CLOSED, unsupervised),
    )


def _give_anew(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> bool:
    """Whether somebody has it now; what nobody can take stays where it is."""
    organisers = organisers_of(session, meeting)
    if not organisers:
        return False
    items = [item for item in list_duties(session, subject_id=meeting.id) if item.step_id in ORGANISERS]
    there = list_posts(session, [item.post_id for item in items])
    for item in items:
        if item.post_id not in there:
            step = Step(item.step_id)
            give(session, actor, clock, meeting.id, step, posts=organisers, deadline=item.deadline)
            drop(session, actor, clock, meeting.id, step, posts=[item.post_id])
    if meeting.state == _M.CLOSED:
        renew_waiving(session, actor, clock, meeting)
    elif (following := _next_step(session, meeting)) and not is_waiting(session, meeting.id, following):
        deadline = _deadline(session, meeting, following)
        give(session, actor, clock, meeting.id, following, posts=organisers, deadline=deadline)
    return True


def _next_step(session: Session, meeting: Meeting) -> Step | None:
    if meeting.state != _M.MINUTES:
        return _STEPS.get(meeting.state)
    minutes = find_minutes(session, meeting.id)
    return _STEPS_OF_MINUTES.get(minutes.state) if minutes else None


def _deadline(session: Session, meeting: Meeting, step: Step) -> datetime | None:
    if step is Step.PREPARE:
        return meeting.starts_at
    if step is Step.RUN:
        return meeting.ends_at
    return deadline_of(session, meeting, "minutes_days" if step is Step.MINUTES else "issue_days")
