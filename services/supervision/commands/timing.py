"""The time of a task: more of it (延期), and reminders by hand (催办)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.asking import add_request, close_request
from services.supervision.commands.assign import set_due
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.matter import limit_of
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import due_after, due_by
from services.supervision.domain.states import VERB_LABELS, State, Verb
from services.supervision.domain.steps import HOLDING, STEP_OF_STATE, Step
from services.supervision.models import Task
from services.supervision.queries.course import find_asked, list_open_items
from shared.auth import Actor
from shared.clock import Clock, local_date
from shared.events.supervision import (
    TaskExtended,
    TaskExtensionAsked,
    TaskExtensionRefused,
    TaskReminded,
)
from shared.flow import verbs
from shared.flow.duties import move_deadline
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
