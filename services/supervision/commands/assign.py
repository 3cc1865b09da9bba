"""Giving a task out (交办), and what its lead unit does first: sign for it (签收) or ask to return it (申请退回)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.desk import Desk, lead_of, open_desk
from services.supervision.commands.establish import change_plan
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import Limit, due_after, due_by
from services.supervision.domain.limits import half_days_for
from services.supervision.domain.states import Verb
from services.supervision.domain.steps import Step
from services.supervision.local_rules import FEEDBACK, SIGN_FOR
from services.supervision.models import Task
from services.supervision.queries.course import list_open_items, list_parties, waiting_assistants
from services.supervision.queries.people import receiving_posts
from shared.auth import Actor
from shared.clock import Clock, local_date
from shared.directory import PostCard, get_post
from shared.errors import Problem
from shared.events.meetings import Party
from shared.events.supervision import (
    TaskAssigned,
    TaskHandedOver,
    TaskSignedFor,
)
from shared.events.work import ItemRole
from shared.flow.duties import hand_over_duty
from shared.workdays import WorkCalendar


def assign_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Give a task to one lead and any assistants; from now on its time counts.

    Raises `supervision.lead_missing`, `supervision.nobody_receives`, `directory.unit_unknown` and
    `directory.post_unknown` for what was abolished, `supervision.due_in_the_past`, `workdays.year_not_loaded`.
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ASSIGN)
    desk.fulfil(Step.ASSIGN, request=request)
    change_plan(desk, request)
    hand_out(desk, opinion=request.get("opinion", ""), at=request.get("due_at"))
    return desk.task


def hand_out(desk: Desk, *, opinion: str = "", at: datetime | None = None) -> None:
    """Compute the date, tell, and let the lead sign and the assistants begin; the state was moved before.

    `at` names the hour by which the task is due (限时件) instead of its date or days.
    """
    task = desk.task
    if task.lead_unit_id is None:
        raise errors.lead_missing(task.title)
    receivers = _check_receivers(desk)
    limit = Limit(at=at) if at else Limit(on=task.due_on, half_days=task.half_days)
    set_due(desk, due_by(_calendar(desk), limit, now=desk.now))
    task.original_due_at, task.assigned_at, task.signed_for_at = task.due_at, desk.now, None
    task.holder_post_id, task.holder_name, task.progress = None, "", 0
    task.sign_by = sign_by(desk)
    parties = list_parties(desk.session, task.id)
    _tell_assigned(desk, parties, opinion=opinion)
    desk.give(Step.SIGN_FOR, [card.post_id for card in receivers], deadline=task.sign_by)
    desk.grant([task.lead_unit_id], reason="lead")
    for party in parties:
        if party.role == "assistant":
            posts = _receivers_of(desk.session, party.unit_id, party.unit_name, post_id=party.post_id)
            desk.give(
                Step.ASSIST, [card.post_id for card in posts], deadline=task.due_at, role=ItemRole.ASSISTANT
            )
            desk.grant([party.unit_id], reason="assistant")
    settle(desk)


def give_parts_anew(desk: Desk) -> set[UUID]:
    """Give assistants that have not reported their part where none of their posts has it; those that have nobody."""
    busy = {item.post_id for item in list_open_items(desk.session, desk.task.id, [Step.ASSIST])}
    vacant: set[UUID] = set()
    for party in waiting_assistants(desk.session, desk.task):
        cards = receiving_posts(desk.session, party.unit_id)
        posts = [card.post_id for card in cards if card.post_id == party.post_id]
        posts = posts or [card.post_id for card in cards]
        if not posts:
            vacant.add(party.unit_id)
        if not busy.intersection(posts):
            desk.give(Step.ASSIST, posts, deadline=desk.task.due_at, role=ItemRole.ASSISTANT)
    return vacant


def sign_for_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """The lead unit signs for a task; whoever signs has it in hand from now on."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.SIGN_FOR)
    task = desk.task
    act = desk.fulfil(Step.SIGN_FOR, request=request)
    task.signed_for_at = desk.now
    in_time = task.sign_by is None or desk.now <= task.sign_by
    take_in_hand(desk, act.for_post_id or _post_of(actor))
    begin_feedback(desk)
    desk.note(Verb.SIGN_FOR, step="签收", opinion=act.opinion, in_time=in_time)
    desk.tell(
        TaskSignedFor(
            task_id=task.id,
            unit_id=lead_of(task),
            in_time=in_time,
            doer=desk.doer,
            signed_for_at=desk.now,
        )
    )
    desk.give(Step.HANDLE, [_holder(task)], deadline=task.due_at)
    settle(desk)
    return task


def hand_over(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Pass a task on to another post of the lead unit (转办); reminders go there from now on."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.HAND_OVER)
    task, to_post_id = desk.task, request["to_post_id"]
    get_post(session, to_post_id)
    _receivers_of(session, lead_of(task), task.lead_unit_name, post_id=to_post_id)
    act = hand_over_duty(
        session,
        actor,
        clock,
        subject_id=task.id,
        step_id=Step.HANDLE.value,
        to_post_id=to_post_id,
        for_post_id=request.get("for_post_id"),
    )
    desk.for_post_id = act.for_post_id
    take_in_hand(desk, to_post_id)
    desk.grant([to_post_id], reason="work_item")
    desk.note(Verb.HAND_OVER, step="承办", opinion=request.get("opinion", ""), to=task.holder_name)
    desk.tell(
        TaskHandedOver(
            task_id=task.id,
            unit_id=lead_of(task),
            to_post_id=to_post_id,
            doer=desk.doer,
            handed_over_at=desk.now,
        )
    )
    settle(desk)
    return task


def set_due(desk: Desk, due_at: datetime) -> None:
    """The date that holds from now on; its ladder of reminders and slips begins anew."""
    desk.task.due_at, desk.task.dated_at = due_at, desk.now


def take_in_hand(desk: Desk, post_id: UUID) -> None:
    """The post that has the task in hand."""
    desk.task.holder_post_id = post_id
    desk.task.holder_name = get_post(desk.session, post_id).label


def begin_feedback(desk: Desk) -> None:
    """When the first feedback is asked for."""
    task = desk.task
    rows = desk.ground.rule(FEEDBACK, task.unit_id)["rows"]
    task.feedback_half_days = half_days_for(rows, source=task.source, urgency=task.urgency)
    ask_feedback_after(desk, desk.now)


def ask_feedback_after(desk: Desk, since: datetime) -> None:
    """The next feedback is due one period later; none when the task's own date comes before."""
    task = desk.task
    due = _after(desk, task.feedback_half_days, since=since)
    task.feedback_due_at = due if due and task.due_at and due < task.due_at else None


def sign_by(desk: Desk) -> datetime | None:
    """Until when the lead should sign: by the rule, but not after the task's own date."""
    limit = _after(desk, desk.ground.rule(SIGN_FOR, desk.task.unit_id)["half_days"], since=desk.now)
    return min((moment for moment in (limit, desk.task.due_at) if moment), default=None)


def _check_receivers(desk: Desk) -> list[PostCard]:
    task = desk.task
    return _receivers_of(desk.session, lead_of(task), task.lead_unit_name, post_id=task.lead_post_id)


def _receivers_of(session: Session, unit_id: UUID, name: str, *, post_id: UUID | None) -> list[PostCard]:
    """The posts of the unit that receive, or the one that was named; Problem 422 when there is none."""
    found = receiving_posts(session, unit_id)
    if post_id is not None:
        card = get_post(session, post_id)
        if post_id not in {one.post_id for one in found}:
            raise errors.post_elsewhere(card.label, name)
        return [card]
    if not found:
        raise errors.nobody_receives(name)
    return found


def _tell_assigned(desk: Desk, parties: Sequence[Any], *, opinion: str) -> None:
    task = desk.task
    assert task.due_at is not None
    told = [Party(unit_id=party.unit_id, unit_name=party.unit_name) for party in parties]
    desk.note(
        Verb.ASSIGN,
        step="交办",
        opinion=opinion,
        lead=task.lead_unit_name,
        assistants=[party.unit_name for party in told[1:]],
        due_at=task.due_at,
    )
    desk.tell(
        TaskAssigned(
            task_id=task.id,
            lead=told[0],
            assistants=tuple(told[1:]),
            due_at=task.due_at,
            doer=desk.doer,
            assigned_at=desk.now,
        )
    )


def _after(desk: Desk, half_days: int | None, *, since: datetime) -> datetime | None:
    """So many half working days later; None where the calendar does not reach, since nobody's date hangs on it."""
    if half_days is None:
        return None
    try:
        return due_after(_calendar(desk), local_date(since), Decimal(half_days) / 2)
    except Problem as problem:
        if problem.code != "workdays.year_not_loaded":
            raise
        return None


def _calendar(desk: Desk) -> WorkCalendar:
    return desk.ground.calendar(lead_of(desk.task))


def _holder(task: Task) -> UUID:
    assert task.holder_post_id is not None
    return task.holder_post_id


def _post_of(actor: Actor) -> UUID:
    assert actor.post_id is not None, "whoever holds an item acts in a post"
    return actor.post_id
