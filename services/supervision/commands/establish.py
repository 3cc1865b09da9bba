"""From a registered matter to a supervised task: proposal (拟办), approval with a number (立项), or rejection."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.desk import Desk, open_desk, terms_of
from services.supervision.commands.matter import limit_of, named_parties
from services.supervision.commands.register import check_parties, set_limit, set_parties
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import require_known_future
from services.supervision.domain.numbers import code_of, format_number, series_of
from services.supervision.domain.states import Verb
from services.supervision.domain.steps import Step
from services.supervision.local_rules import NUMBER
from services.supervision.models import Task
from services.supervision.queries.people import posts_for
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import find_unit, get_post
from shared.events.supervision import TaskEstablished, TaskProposed, TaskRejected
from shared.flow.duties import close_work
from shared.numbering import take_number


def propose_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Propose a matter for approval: lead, assistants and limit, as registered or as the request now says.

    Raises `supervision.lead_missing`, and as `register_task` for dates and units.
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.PROPOSE)
    task = desk.task
    desk.fulfil(Step.PROPOSE, request=request)
    change_plan(desk, request)
    if task.lead_unit_id is None:
        raise errors.lead_missing(task.title)
    if request.get("leader_post_id"):
        card = get_post(session, request["leader_post_id"])
        task.leader_post_id, task.leader_name = card.post_id, card.label
    task.officer_post_id = desk.for_post_id or actor.post_id
    _put_forward(desk, approvers=request.get("approver_post_ids", ()), opinion=request.get("opinion", ""))
    return task


def put_forward(desk: Desk, *, opinion: str) -> None:
    """Propose by the suite itself what came complete from another service: lead, assistants and date are known."""
    desk.move(Verb.PROPOSE)
    _put_forward(desk, approvers=(), opinion=opinion)


def approve_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Approve a proposal (立项): the task gets its number, without gaps within organ and year; of two only one wins."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.APPROVE)
    task = desk.task
    act = desk.fulfil(Step.APPROVE, request=request, outcome="agree", label="同意立项")
    task.established_at = desk.now
    if task.leader_post_id is None:
        card = get_post(session, act.for_post_id or _post_of(actor))
        task.leader_post_id, task.leader_name = card.post_id, card.label
    # The series stays locked until this transaction ends, so the number is taken last of what may wait.
    task.number = _next_number(desk)
    task.terms = sorted({*task.terms, *terms_of(task)})
    desk.note(Verb.APPROVE, step="立项审批", outcome="同意立项", opinion=act.opinion, number=task.number)
    desk.show_anew()
    desk.tell(TaskEstablished(task_id=task.id, number=task.number, doer=desk.doer, established_at=desk.now))
    desk.give_next(Step.ASSIGN)
    settle(desk)
    return task


def reject_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Decide that a matter is not supervised (不予立项), with the reason."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.REJECT)
    task = desk.task
    act = desk.fulfil(Step.APPROVE, request=request, outcome="disagree", label="不予立项")
    desk.note(Verb.REJECT, step="立项审批", outcome="不予立项", opinion=act.opinion)
    desk.tell(TaskRejected(task_id=task.id, reason=request["reason"], doer=desk.doer, rejected_at=desk.now))
    close_work(session, actor, clock, subject_id=task.id)
    settle(desk)
    return task


def change_plan(desk: Desk, request: Mapping[str, Any]) -> None:
    """Let the request's lead, assistants and limit take the place of those before, where it names any."""
    lead, assistants = named_parties(desk.session, desk.task, request)
    check_parties(desk.session, desk.task.unit_id, lead=lead, assistants=assistants)
    set_parties(desk, lead=lead, assistants=assistants)
    limit = limit_of(request)
    set_limit(desk, limit)
    if limit.on is not None:
        calendar = desk.ground.calendar(lead.unit_id if lead else desk.task.unit_id)
        require_known_future(calendar, limit.on, today=desk.ground.today)


def _put_forward(desk: Desk, *, approvers: Sequence[UUID], opinion: str) -> None:
    task = desk.task
    desk.note(Verb.PROPOSE, step="拟办", opinion=opinion, lead=task.lead_unit_name)
    desk.tell(TaskProposed(task_id=task.id, opinion=opinion, doer=desk.doer, proposed_at=desk.now))
    if approvers:
        fit = posts_for(desk.session, task, Step.APPROVE)
        for post_id in approvers:
            if post_id not in fit:
                raise errors.approver_unfit(get_post(desk.session, post_id).label)
        desk.give(Step.APPROVE, approvers)
    else:
        desk.give_next(Step.APPROVE)
    settle(desk)


def _next_number(desk: Desk) -> str:
    task, year = desk.task, desk.ground.today.year
    rule = desk.ground.rule(NUMBER, task.unit_id)
    unit = find_unit(desk.session, task.unit_id)
    code = rule["code"] or code_of(unit.issuing_codes if unit else [], unit.name if unit else "")
    sequence = take_number(desk.session, series=series_of(task.unit_id, year), subject=task.id)
    return format_number(rule["form"], code=code, year=year, sequence=sequence)


def _post_of(actor: Actor) -> UUID:
    assert actor.post_id is not None, "whoever holds an item acts in a post"
    return actor.post_id
