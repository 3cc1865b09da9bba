"""The time of a task: more of it (延期), none for a while (中止), reminders by hand (催办), its calling off (撤销)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.asking import add_request, close_request, lapse_request
from services.supervision.commands.assign import give_parts_anew, set_due
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.matter import limit_of, origin_of
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import due_after, due_by, rested
from services.supervision.domain.states import VERB_LABELS, State, Verb
from services.supervision.domain.steps import HOLDING, STEP_OF_STATE, Step
from services.supervision.models import Task, TaskRest
from services.supervision.queries.course import find_asked, list_open_items, open_parts
from services.supervision.queries.visibility import lock_task
from shared.auth import Actor
from shared.clock import Clock, local_date
from shared.events.supervision import (
    TaskCancelled,
    TaskExtended,
    TaskExtensionAsked,
    TaskExtensionRefused,
    TaskReminded,
    TaskResumed,
    TaskSuspended,
)
from shared.flow import verbs
from shared.flow.duties import close_work, move_deadline
from shared.flow.errors import nothing_to_remind
from shared.flow.opinions import required_reason

BY_HAND = "by_hand"


def ask_extension(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """The lead asks for more time: until a date, or by so many working days after the one that holds."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ASK_EXTENSION)
    task = desk.task
    desk.hold(Step.HANDLE, request=request)
    if find_asked(session, task.id):
        raise errors.request_waits(task.title, "延期")
    until = _asked_until(desk, request)
    asked = add_request(desk, kind="extension", reason=request["reason"], until=until)
    desk.note(Verb.ASK_EXTENSION, step="承办", opinion=request["reason"], until=until)
    desk.tell(
        TaskExtensionAsked(
            task_id=task.id,
            unit_id=lead_of(task),
            until=until,
            reason=asked.reason,
            doer=desk.doer,
            asked_at=desk.now,
        )
    )
    desk.give_next(Step.DECIDE_EXTENSION)
    settle(desk)
    return task


def decide_extension(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Grant more time, which keeps the original date, counts, and begins a new ladder; or refuse it with the reason."""
    granted: bool = request["granted"]
    verb = Verb.GRANT_EXTENSION if granted else Verb.REFUSE_EXTENSION
    if not granted:
        required_reason(request.get("opinion", ""), verb=VERB_LABELS[verb])
    desk = open_desk(session, actor, clock, task_id=task_id, verb=verb)
    if granted:
        desk.refuse_own(verb, asked=Verb.ASK_EXTENSION)
    desk.fulfil(Step.DECIDE_EXTENSION, request=request, outcome="agree" if granted else "disagree")
    asked = close_request(desk, kind="extension", granted=granted, answer=request.get("opinion", ""))
    desk.note(verb, step="延期审批", opinion=asked.answer, until=asked.until, before=asked.due_before)
    if granted:
        _extend(desk, until=asked.until)
    else:
        desk.tell(
            TaskExtensionRefused(
                task_id=desk.task.id,
                unit_id=asked.unit_id,
                reason=asked.answer,
                doer=desk.doer,
                refused_at=desk.now,
            )
        )
    settle(desk)
    return desk.task


def suspend_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Put a task to rest; nobody has to do anything about it, and its clock stands still."""
    desk = Desk(session, actor, clock, task=lock_task(session, actor, task_id, now=clock.now()))
    task, before = desk.task, desk.task.state
    desk.move(Verb.SUSPEND)
    desk.require_staff(Verb.SUSPEND)
    task.rests_from, task.suspended_at = before, desk.now
    session.add(TaskRest(task_id=task.id, since=desk.now, reason=request["reason"], due_before=task.due_at))
    lapse_request(desk)
    desk.cancel(Step.SIGN_FOR, Step.HANDLE, Step.ASSIST, Step.DECIDE_EXTENSION)
    desk.note(Verb.SUSPEND, opinion=request["reason"])
    desk.tell(TaskSuspended(task_id=task.id, reason=request["reason"], doer=desk.doer, suspended_at=desk.now))
    settle(desk)
    return task


def resume_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Let a resting task go on where it was, due later by the working time that it rested."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.RESUME)
    desk.require_staff(Verb.RESUME)
    task = desk.task
    assert task.suspended_at is not None
    assert task.due_at is not None
    calendar, since = desk.ground.calendar(lead_of(task)), task.suspended_at
    for name in ("due_at", "sign_by", "feedback_due_at"):
        moment = getattr(task, name)
        if moment is not None:
            setattr(task, name, rested(calendar, moment, since=since, until=desk.now))
    set_due(desk, task.due_at)
    session.execute(
        sa.update(TaskRest)
        .where(TaskRest.task_id == task.id, TaskRest.until.is_(None))
        .values(until=desk.now, due_after=task.due_at)
    )
    task.state, task.rests_from, task.suspended_at = task.rests_from or State.WORKING.value, None, None
    step = STEP_OF_STATE[State(task.state)]
    desk.give_next(step, deadline=task.sign_by if step is Step.SIGN_FOR else task.due_at)
    give_parts_anew(desk)
    desk.note(Verb.RESUME, opinion=request.get("opinion", ""), due_at=task.due_at)
    desk.tell(TaskResumed(task_id=task.id, due_at=task.due_at, doer=desk.doer, resumed_at=desk.now))
    settle(desk)
    return task


def cancel_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Call an established task off (撤销), with the reason; its subtasks have to be over."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.CANCEL)
    desk.require_staff(Verb.CANCEL)
    task = desk.task
    if parts := open_parts(session, task.id):
        raise errors.parts_open(task.title, parts)
    lapse_request(desk)
    close_work(session, actor, clock, subject_id=task.id, stopped=True)
    desk.note(Verb.CANCEL, opinion=request["reason"])
    desk.tell(
        TaskCancelled(
            task_id=task.id,
            origin=origin_of(task),
            reason=request["reason"],
            doer=desk.doer,
            cancelled_at=desk.now,
        )
    )
    settle(desk)
    return task


def remind_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Remind whoever has a task to do now (催办), by hand; as often as the supervisors see fit."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.REMIND)
    desk.require_staff(Verb.REMIND)
    step = STEP_OF_STATE[State(desk.task.state)]
    if not remind_holders(desk, occasion=BY_HAND, note=request.get("opinion", ""), steps=(step,)):
        raise nothing_to_remind()
    desk.note(Verb.REMIND, opinion=request.get("opinion", ""))
    settle(desk)
    return desk.task


def remind_holders(desk: Desk, *, occasion: str, note: str, steps: tuple[Step, ...] = HOLDING) -> list[UUID]:
    """Remind the present holders on their open items; the posts that were reminded."""
    posts = []
    for item in list_open_items(desk.session, desk.task.id, steps):
        verbs.remind(desk.session, desk.actor, desk.clock, item_id=item.id, opinion=note)
        desk.tell(
            TaskReminded(
                task_id=desk.task.id,
                post_id=item.post_id,
                occasion=occasion,
                note=note,
                reminded_at=desk.now,
            )
        )
        posts.append(item.post_id)
    return posts


def _extend(desk: Desk, *, until: datetime | None) -> None:
    task = desk.task
    assert until is not None, "who asks for more time says until when"
    if until <= desk.now:
        raise errors.extension_over(task.title, until)
    _require_within_whole(desk, until)
    task.extensions += 1
    set_due(desk, until)
    move_deadline(
        desk.session,
        desk.actor,
        desk.clock,
        subject_id=task.id,
        step_ids=[Step.HANDLE.value, Step.ASSIST.value],
        deadline=until,
    )
    assert task.original_due_at is not None
    desk.tell(
        TaskExtended(
            task_id=task.id,
            unit_id=lead_of(task),
            original_due_at=task.original_due_at,
            due_at=until,
            extensions=task.extensions,
            doer=desk.doer,
            extended_at=desk.now,
        )
    )


def _asked_until(desk: Desk, request: Mapping[str, Any]) -> datetime:
    task, limit = desk.task, limit_of(request)
    assert task.due_at is not None
    calendar = desk.ground.calendar(lead_of(task))
    if limit.days is not None:
        # By so many working days: from the date that holds, or from today when that is over.
        start = max(local_date(task.due_at), desk.ground.today)
        until = due_after(calendar, start, limit.days)
    else:
        until = due_by(calendar, limit, now=desk.now)
    if until <= task.due_at:
        raise errors.not_later(until, task.due_at)
    _require_within_whole(desk, until)
    return until


def _require_within_whole(desk: Desk, until: datetime) -> None:
    """A part is not due after the whole: that is to be extended first."""
    whole = desk.session.get(Task, desk.task.parent_id) if desk.task.parent_id else None
    if whole and whole.due_at and until > whole.due_at:
        raise errors.due_after_parent(until, whole.due_at)
