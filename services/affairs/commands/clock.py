"""Stopping the clock of a case for completion and special procedures (特别程序), and letting it run again."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.domain.states import CaseVerb
from services.affairs.domain.steps import DUTY_STEPS
from services.affairs.domain.timing import StopCause, add_halves, counted_halves
from services.affairs.local_rules import COMPLETION
from services.affairs.models import ClockStop
from services.affairs.queries.visibility import is_window_of
from shared.auth import Actor
from shared.clock import Clock, local_date
from shared.events.affairs import CaseResumed, CaseSuspended
from shared.flow import duties
from shared.flow.work import had_item
from shared.ids import new_id


def stop_clock(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, cause: str, reason: str
) -> Desk:
    """Stop the clock for a special procedure; whoever handles the case may, and its window."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    require_handler(desk)
    desk.move(CaseVerb.STOP_CLOCK)
    start_stop(desk, cause=StopCause(cause), reason=reason)
    desk.note(CaseVerb.STOP_CLOCK, outcome=cause, opinion=reason)
    return desk


def resume_clock(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, opinion: str = "") -> Desk:
    """Let the clock run again after a special procedure; the case is due later by the working time that it rested."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    require_handler(desk)
    desk.move(CaseVerb.RESUME_CLOCK)
    stop = find_open_stop(desk)
    if stop is None:
        raise errors.clock_runs(desk.case.number)
    if stop.cause == StopCause.COMPLETION:
        raise errors.completion_awaited(desk.case.number)
    end_stop(desk)
    desk.note(CaseVerb.RESUME_CLOCK, outcome=stop.cause, opinion=opinion, half_days=stop.half_days)
    return desk


def end_completion(desk: Desk) -> bool:
    """Let the clock run again when the applicant's time for completing is over; False while it is not.

    What was asked for may still come until the case is decided, but nobody waits for it: an applicant who does not
    answer would hold the case for ever, also against its refusal.
    """
    stop = find_open_stop(desk)
    if stop is None or stop.cause != StopCause.COMPLETION:
        return True
    until = desk.days_ahead_if_known(COMPLETION, since=local_date(stop.began_at))
    if until is None or until >= desk.now:
        return False
    end_stop(desk)
    desk.note(
        CaseVerb.RESUME_CLOCK, outcome=stop.cause, opinion="补正期限已满，未补正", half_days=stop.half_days
    )
    return True


def start_stop(desk: Desk, *, cause: StopCause, reason: str) -> None:
    """The clock stands still from now on. Problem 409 when it does already, or when the promise is broken already."""
    case = desk.case
    if case.stopped_at is not None:
        raise errors.clock_stands(case.number)
    if case.due_at is not None and case.due_at < desk.now:
        raise errors.too_late_to_stop(case.number)
    case.stopped_at = desk.now
    desk.session.add(
        ClockStop(
            id=new_id(),
            case_id=case.id,
            cause=cause.value,
            reason=reason,
            began_at=desk.now,
            stopped_by_name=desk.actor.person_name,
        )
    )
    desk.tell(CaseSuspended(case_id=case.id, cause=cause.value, suspended_at=desk.now))
    desk.session.flush()


def end_stop(desk: Desk) -> None:
    """The clock runs again; what is due moves by the half days of working time that it stood still."""
    case, stop = desk.case, find_open_stop(desk)
    if stop is None or case.accepted_at is None or case.due_at is None:
        raise errors.clock_runs(case.number)
    rested = counted_halves(
        desk.calendar, accepted_on=local_date(case.accepted_at), since=stop.began_at, until=desk.now
    )
    stop.ended_at, stop.half_days = desk.now, rested
    case.stopped_at = None
    case.due_at = add_halves(desk.calendar, case.due_at, rested)
    _move_deadlines(desk, rested)
    desk.tell(CaseResumed(case_id=case.id, due_at=case.due_at, resumed_at=desk.now))
    desk.session.flush()


def find_open_stop(desk: Desk) -> ClockStop | None:
    """The stop that is under way."""
    wanted = sa.select(ClockStop).where(ClockStop.case_id == desk.case.id, ClockStop.ended_at.is_(None))
    return desk.session.scalars(wanted).one_or_none()


def rested_halves(desk: Desk) -> list[int]:
    """The half days of every stop that is over."""
    over = sa.select(ClockStop.half_days).where(
        ClockStop.case_id == desk.case.id, ClockStop.half_days.is_not(None)
    )
    return [half_days for half_days in desk.session.scalars(over) if half_days]


def _move_deadlines(desk: Desk, halves: int) -> None:
    """The open steps of the flow are due later as well; what the applicant owes is not."""
    if not halves:
        return
    moved = {
        item.step_id: add_halves(desk.calendar, item.deadline, halves)
        for item in duties.list_duties(desk.session, subject_id=desk.case.id)
        if item.step_id not in DUTY_STEPS and item.deadline is not None
    }
    for step_id, deadline in moved.items():
        duties.move_deadline(
            desk.session,
            desk.actor,
            desk.clock,
            subject_id=desk.case.id,
            step_ids=[step_id],
            deadline=deadline,
        )


def require_handler(desk: Desk) -> None:
    """Whoever has or had work on it, or the window of the organ that handles it; never who applied."""
    desk.refuse_own_case()
    session, actor, case = desk.session, desk.actor, desk.case
    if is_window_of(session, actor, case.unit_id):
        return
    own = [actor.post_id] if actor.post_id and actor.post_id != case.applicant_post_id else []
    if not own or not had_item(session, subject_id=case.id, post_ids=own):
        raise errors.not_at_window(case.unit_name)
