"""Giving a task back (申请退回) instead of signing for it, and the answer to that."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.commands.asking import add_request, close_request
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.settling import settle
from services.supervision.domain.states import VERB_LABELS, Verb
from services.supervision.domain.steps import Step
from services.supervision.models import Task, TaskRequest
from shared.auth import Actor
from shared.clock import Clock
from shared.events.supervision import TaskReturnAsked, TaskReturned, TaskReturnRefused
from shared.flow.opinions import required_reason


def ask_return(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """The lead unit asks to give a task back, with the reason, instead of signing for it."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ASK_RETURN)
    task = desk.task
    act = desk.fulfil(Step.SIGN_FOR, request=request, outcome="return", label="申请退回")
    add_request(desk, kind="return", reason=act.opinion)
    desk.note(Verb.ASK_RETURN, step="签收", opinion=act.opinion)
    desk.tell(
        TaskReturnAsked(
            task_id=task.id, unit_id=lead_of(task), reason=act.opinion, doer=desk.doer, asked_at=desk.now
        )
    )
    desk.give_next(Step.DECIDE_RETURN)
    settle(desk)
    return task


def decide_return(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Grant the return, so that the task is assigned anew, or refuse it, so that the unit has to sign for it."""
    granted: bool = request["granted"]
    verb = Verb.GRANT_RETURN if granted else Verb.REFUSE_RETURN
    if not granted:
        required_reason(request.get("opinion", ""), verb=VERB_LABELS[verb])
    desk = open_desk(session, actor, clock, task_id=task_id, verb=verb)
    if granted:
        desk.refuse_own(verb, asked=Verb.ASK_RETURN)
    desk.fulfil(Step.DECIDE_RETURN, request=request, outcome="agree" if granted else "disagree")
    asked = close_request(desk, kind="return", granted=granted, answer=request.get("opinion", ""))
    desk.note(verb, step="退回审核", opinion=request.get("opinion", ""), reason=asked.reason)
    (_take_back if granted else _insist)(desk, asked)
    settle(desk)
    return desk.task


def _take_back(desk: Desk, asked: TaskRequest) -> None:
    task = desk.task
    desk.cancel(Step.ASSIST, Step.SLIP)
    desk.tell(
        TaskReturned(
            task_id=task.id, unit_id=lead_of(task), reason=asked.reason, doer=desk.doer, returned_at=desk.now
        )
    )
    task.due_at = task.original_due_at = task.dated_at = task.sign_by = None
    task.lead_post_id = None
    desk.give_next(Step.ASSIGN)


def _insist(desk: Desk, asked: TaskRequest) -> None:
    task = desk.task
    desk.tell(
        TaskReturnRefused(
            task_id=task.id, unit_id=lead_of(task), reason=asked.answer, doer=desk.doer, refused_at=desk.now
        )
    )
    desk.give_next(Step.SIGN_FOR, deadline=task.sign_by)
