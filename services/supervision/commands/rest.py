"""A task rests (中止), and goes on (恢复办理); the parts of it that are worked on do so with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.asking import lapse_request
from services.supervision.commands.assign import give_parts_anew, set_due
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import rested
from services.supervision.domain.states import State, Verb
from services.supervision.domain.steps import STEP_OF_STATE, Step
from services.supervision.models import Task, TaskRest
from services.supervision.queries.people import posts_for
from services.supervision.queries.visibility import lock_task
from shared.auth import Actor
from shared.clock import Clock
from shared.events.supervision import TaskResumed, TaskSuspended


def suspend_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Put a task and the parts that are worked on to rest; nobody has to do anything, and their clocks stand still.

    Raises `supervision.request_waits` for a part of which the return is not decided yet.
    """
    task = lock_task(session, actor, task_id, now=clock.now())
    parts = _lock_parts(session, task, State.ASSIGNED, State.WORKING, State.RETURNING)
    desk = Desk(session, actor, clock, task=task)
    _put_to_rest(desk, reason=request["reason"])
    for part in parts:
        if part.state == State.RETURNING:
            raise errors.request_waits(part.title, "退回")
        _put_to_rest(_beside(desk, part), reason=request["reason"])
    return desk.task


def resume_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Let a resting task go on where it was, due later by the working time that it rested, and with it the parts that
    were put to rest with it. A part does not go on before the whole (`supervision.whole_rests`).
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.RESUME)
    desk.require_staff(Verb.RESUME)
    task, since = desk.task, desk.task.suspended_at
    step = _wake(desk, opinion=request.get("opinion", ""))
    desk.give_next(step, deadline=_deadline(task, step))
    settle(desk)
    for part in _lock_parts(session, task, State.SUSPENDED):
        if part.suspended_at == since:
            own = _beside(desk, part)
            step = _wake(own, opinion=request.get("opinion", ""))
            own.give(step, posts_for(session, part, step), deadline=_deadline(part, step))
            settle(own)
    return task


def _put_to_rest(desk: Desk, *, reason: str) -> None:
    task, before = desk.task, desk.task.state
    desk.move(Verb.SUSPEND)
    desk.require_staff(Verb.SUSPEND)
    task.rests_from, task.suspended_at = before, desk.now
    desk.session.add(TaskRest(task_id=task.id, since=desk.now, reason=reason, due_before=task.due_at))
    lapse_request(desk)
    desk.cancel(Step.SIGN_FOR, Step.HANDLE, Step.ASSIST, Step.DECIDE_EXTENSION)
    desk.note(Verb.SUSPEND, opinion=reason)
    desk.tell(TaskSuspended(task_id=task.id, reason=reason, doer=desk.doer, suspended_at=desk.now))
    settle(desk)


def _wake(desk: Desk, *, opinion: str) -> Step:
    """The step that the task waits for now; its assistants have their parts again."""
    task = desk.task
    assert task.suspended_at is not None
    assert task.due_at is not None
    calendar, since = desk.ground.calendar(lead_of(task)), task.suspended_at
    for name in ("due_at", "sign_by", "feedback_due_at"):
        moment = getattr(task, name)
        if moment is not None:
            setattr(task, name, rested(calendar, moment, since=since, until=desk.now))
    set_due(desk, task.due_at)
    desk.session.execute(
        sa.update(TaskRest)
        .where(TaskRest.task_id == task.id, TaskRest.until.is_(None))
        .values(until=desk.now, due_after=task.due_at)
    )
    task.state, task.rests_from, task.suspended_at = task.rests_from or State.WORKING.value, None, None
    desk.note(Verb.RESUME, opinion=opinion, due_at=task.due_at)
    desk.tell(TaskResumed(task_id=task.id, due_at=task.due_at, doer=desk.doer, resumed_at=desk.now))
    give_parts_anew(desk)
    return STEP_OF_STATE[State(task.state)]


def _deadline(task: Task, step: Step) -> datetime | None:
    return task.sign_by if step is Step.SIGN_FOR else task.due_at


def _lock_parts(session: Session, whole: Task, *states: State) -> Sequence[Task]:
    """The parts of a task that stand there, held until the transaction ends."""
    wanted = sa.select(Task).where(Task.parent_id == whole.id, Task.state.in_(states)).order_by(Task.id)
    locked = wanted.with_for_update(of=Task).execution_options(populate_existing=True)
    return session.scalars(locked).all()


def _beside(desk: Desk, part: Task) -> Desk:
    """The desk of a part, with which the same happens at the same instant: by that it is known again."""
    return Desk(
        desk.session, desk.actor.within(part.correlation_id), desk.clock, task=part, ground=desk.ground
    )
