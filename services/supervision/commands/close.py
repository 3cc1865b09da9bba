"""The end of a task: asked for (办结申请), reviewed (审核), shown to the leader (报审), closed (销号), rated; or called
off (撤销).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.asking import lapse_request
from services.supervision.commands.assign import ask_feedback_after
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.follow_up import follow_up
from services.supervision.commands.matter import origin_of
from services.supervision.commands.record import keep_record
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import due_after, end_of
from services.supervision.domain.states import VERB_LABELS, Verb
from services.supervision.domain.steps import Step
from services.supervision.local_rules import RATING
from services.supervision.models import Task
from services.supervision.queries.course import open_parts
from services.supervision.queries.people import posts_for
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem
from shared.events.supervision import (
    TaskCancelled,
    TaskClosed,
    TaskClosureAsked,
    TaskConcluded,
    TaskRated,
    TaskReviewed,
    TaskSentBack,
)
from shared.files import BlobStore
from shared.flow.duties import close_work
from shared.flow.opinions import required_reason


@dataclass(frozen=True, kw_only=True)
class Press:
    """Where a record is kept, and the fonts that set it."""

    blobs: BlobStore
    font_dir: str = ""


def ask_closure(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """The lead reports for all that the task is done; whether in time is decided by this moment."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ASK_CLOSURE)
    task = desk.task
    if parts := open_parts(session, task.id):
        raise errors.parts_open(task.title, parts)
    desk.fulfil(Step.HANDLE, request={**request, "opinion": request["conclusion"]})
    lapse_request(desk)
    desk.cancel(Step.ASSIST, Step.DECIDE_EXTENSION)
    assert task.due_at is not None
    task.closure_asked_at, task.conclusion = desk.now, request["conclusion"]
    task.reported_in_time = desk.now <= task.due_at
    desk.note(Verb.ASK_CLOSURE, step="承办", opinion=task.conclusion, in_time=task.reported_in_time)
    desk.tell(
        TaskClosureAsked(
            task_id=task.id,
            unit_id=lead_of(task),
            in_time=task.reported_in_time,
            conclusion=task.conclusion,
            doer=desk.doer,
            asked_at=desk.now,
        )
    )
    desk.give_next(Step.REVIEW)
    settle(desk)
    return task


def review_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any], press: Press
) -> Task:
    """Examine the report (审核): send the task back for rework, or show it to the leader; a subtask is closed by it."""
    if not request["passed"]:
        return _send_back(session, actor, clock, task_id=task_id, request=request, step=Step.REVIEW)
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.PASS_REVIEW)
    desk.refuse_own(Verb.PASS_REVIEW, asked=Verb.ASK_CLOSURE)
    task = desk.task
    act = desk.fulfil(Step.REVIEW, request=request, outcome="pass", label="审核通过")
    desk.note(Verb.PASS_REVIEW, step="办结审核", outcome="审核通过", opinion=act.opinion)
    desk.tell(TaskReviewed(task_id=task.id, unit_id=lead_of(task), doer=desk.doer, reviewed_at=desk.now))
    if task.parent_id:
        # The leader is shown the whole, and rates it; a part is over with its review.
        desk.move(Verb.CLOSE)
        _strike_off(desk)
        conclude(desk, press=press)
    else:
        desk.give_next(Step.SHOW)
    settle(desk)
    return task


def close_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> tuple[Task, Task | None]:
    """The leader reads the report and approves it (销号), or sends it back; a new instruction becomes a new task.

    Returns the task and the new one. Of two people one wins; the other is told who was faster (409).
    """
    if not request["agreed"]:
        task = _send_back(session, actor, clock, task_id=task_id, request=request, step=Step.SHOW)
        return task, None
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.CLOSE)
    desk.refuse_own(Verb.CLOSE, asked=Verb.ASK_CLOSURE)
    task = desk.task
    act = desk.fulfil(Step.SHOW, request=request, outcome="agree", label="同意销号")
    desk.note(Verb.CLOSE, step="领导审阅", outcome="同意销号", opinion=act.opinion)
    _strike_off(desk)
    task.rate_by = _rate_by(desk)
    desk.give(Step.RATE, posts_for(session, task, Step.RATE), deadline=task.rate_by)
    new = follow_up(desk, request["instruction"]) if request.get("instruction") else None
    settle(desk)
    return task, new


def rate_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any], press: Press
) -> Task:
    """Rate a closed task from 1 to 5; it is over with that and goes to the archives."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.RATE)
    desk.refuse_own(Verb.RATE, asked=Verb.ASK_CLOSURE)
    task = desk.task
    act = desk.fulfil(
        Step.RATE, request=request, outcome=str(request["score"]), label=f"{request['score']}分"
    )
    task.score, task.rating = request["score"], act.opinion
    desk.note(Verb.RATE, step="评价", outcome=f"{task.score}分", opinion=act.opinion, score=task.score)
    desk.tell(
        TaskRated(
            task_id=task.id,
            lead_unit_id=lead_of(task),
            score=task.score,
            comment=task.rating,
            doer=desk.doer,
            rated_at=desk.now,
        )
    )
    _conclude(desk, press=press)
    settle(desk)
    return task


def cancel_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any], press: Press
) -> Task:
    """Call an established task off (撤销), with the reason; its subtasks have to be over.

    It has a number, so that what was done about it goes to the archives as of any other.
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.CANCEL)
    desk.require_staff(Verb.CANCEL)
    task = desk.task
    if parts := open_parts(session, task.id):
        raise errors.parts_open(task.title, parts)
    lapse_request(desk)
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
    _end(desk, press=press, stopped=True)
    settle(desk)
    return task


def conclude(desk: Desk, *, press: Press) -> None:
    """A closed task that nobody rated in time, or that is a part, is over; all about it goes to the archives."""
    desk.move(Verb.CONCLUDE)
    _conclude(desk, press=press)


def _conclude(desk: Desk, *, press: Press) -> None:
    desk.note(Verb.CONCLUDE)
    _end(desk, press=press)


def _end(desk: Desk, *, press: Press, stopped: bool = False) -> None:
    """Nobody has anything to do about the task any more, and the archives get all of it."""
    task = desk.task
    task.concluded_at = desk.now
    close_work(desk.session, desk.actor, desk.clock, subject_id=task.id, stopped=stopped)
    desk.session.flush()
    dossier = keep_record(desk, blobs=press.blobs, font_dir=press.font_dir)
    desk.tell(
        TaskConcluded(
            task_id=task.id,
            unit_id=task.unit_id,
            title=task.title,
            number=task.number or "",
            lead_unit_id=lead_of(task),
            score=task.score,
            dossier=dossier,
            concluded_at=desk.now,
        )
    )


def _strike_off(desk: Desk) -> None:
    task = desk.task
    task.closed_at = desk.now
    desk.tell(
        TaskClosed(
            task_id=task.id,
            unit_id=task.unit_id,
            lead_unit_id=lead_of(task),
            number=task.number or "",
            origin=origin_of(task),
            conclusion=task.conclusion,
            in_time=bool(task.reported_in_time),
            closed_at=desk.now,
        )
    )


def _send_back(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any], step: Step
) -> Task:
    required_reason(request.get("opinion", ""), verb=VERB_LABELS[Verb.SEND_BACK])
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.SEND_BACK)
    task = desk.task
    act = desk.fulfil(step, request=request, outcome="return", label="退回重办")
    task.closure_asked_at, task.reported_in_time = None, None
    desk.note(Verb.SEND_BACK, step="办结审核" if step is Step.REVIEW else "领导审阅", opinion=act.opinion)
    desk.tell(
        TaskSentBack(
            task_id=task.id,
            unit_id=lead_of(task),
            reason=act.opinion,
            doer=desk.doer,
            sent_back_at=desk.now,
        )
    )
    # While it was examined nobody had to report on it.
    ask_feedback_after(desk, desk.now)
    desk.give_next(Step.HANDLE, deadline=task.due_at)
    settle(desk)
    return task


def _rate_by(desk: Desk) -> Any:
    half_days: int = desk.ground.rule(RATING, desk.task.unit_id)["half_days"]
    try:
        calendar = desk.ground.calendar(desk.task.unit_id)
        return due_after(calendar, desk.ground.today, Decimal(half_days) / 2)
    except Problem as problem:
        if problem.code != "workdays.year_not_loaded":
            raise
        # A task must not stay open because next year's holidays are unknown: the window is then counted in plain days.
        return end_of(desk.ground.today + timedelta(days=half_days))
