"""Working on a task: its plan (办理计划), periodic feedback (阶段反馈), an assistant's part, its subtasks."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.commands.assign import ask_feedback_after, hand_out
from services.supervision.commands.desk import Desk, lead_of, open_desk, terms_of
from services.supervision.commands.matter import Matter, limit_of, named_of, origin_of
from services.supervision.commands.register import add_task, check_parties
from services.supervision.commands.settling import settle
from services.supervision.domain.deadlines import due_by
from services.supervision.domain.numbers import parts_of
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.domain.states import State, Verb
from services.supervision.domain.steps import Step
from services.supervision.models import Task, TaskFeedback, TaskGoal
from services.supervision.queries.course import list_parties, missed_feedback
from services.supervision.queries.people import receiving_posts
from services.supervision.queries.visibility import is_staff_of
from shared.auth import Actor
from shared.clock import Clock, local_date
from shared.events.supervision import (
    TaskAssisted,
    TaskEstablished,
    TaskFedBack,
    TaskPlanned,
    TaskSource,
)
from shared.flow.duties import fulfil_duty
from shared.ids import new_id
from shared.numbering import take_number


def plan_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """Hand in the plan with its goals; the light holds the progress against it. Without goals it counts as such."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.PLAN)
    task, goals = desk.task, sorted(request["goals"], key=lambda goal: goal["on"])
    desk.hold(Step.HANDLE, request=request)
    refuse_secret(*(goal.get("text", "") for goal in goals))
    rising = all(a["on"] < b["on"] and a["progress"] < b["progress"] for a, b in pairwise(goals))
    if not rising:
        raise errors.goals_not_rising()
    if goals and task.due_at and goals[-1]["on"] > local_date(task.due_at):
        raise errors.goal_after_due(goals[-1]["on"], task.due_at)
    session.execute(sa.delete(TaskGoal).where(TaskGoal.task_id == task.id))
    session.add_all(TaskGoal(task_id=task.id, **goal) for goal in goals)
    desk.note(Verb.PLAN, step="承办", opinion=request.get("opinion", ""), goals=len(goals))
    desk.tell(
        TaskPlanned(
            task_id=task.id, unit_id=lead_of(task), goals=len(goals), doer=desk.doer, planned_at=desk.now
        )
    )
    settle(desk)
    return task


def feed_back(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> TaskFeedback:
    """The lead reports how far it is; the next feedback is due one period later."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.FEED_BACK)
    desk.hold(Step.HANDLE, request=request)
    refuse_secret(request.get("problems", ""))
    if request["progress"] < desk.task.progress:
        raise errors.progress_falls(request["progress"], desk.task.progress)
    kept = keep_feedback(
        desk,
        kind="lead",
        progress=request["progress"],
        report=request["report"],
        problems=request.get("problems", ""),
    )
    settle(desk)
    return kept


def keep_feedback(desk: Desk, *, kind: str, progress: int, report: str, problems: str = "") -> TaskFeedback:
    """One report of the lead's work, by itself or by a reply document; tells it, and begins the next period."""
    task = desk.task
    # The next one is asked for as soon as one was missed; what comes then is that one, late.
    due_at = missed_feedback(desk.session, task.id) or task.feedback_due_at
    in_time = due_at is None or desk.now <= due_at
    kept = _report(desk, kind=kind, unit_id=lead_of(task), progress=progress, report=report)
    kept.problems, kept.in_time, kept.due_at = problems, in_time, due_at
    task.progress = progress
    ask_feedback_after(desk, desk.now)
    desk.note(Verb.FEED_BACK, step="承办", opinion=report, progress=progress, in_time=in_time)
    desk.tell(
        TaskFedBack(
            task_id=task.id,
            unit_id=lead_of(task),
            progress=progress,
            report=report,
            in_time=in_time,
            due_at=due_at,
            doer=desk.doer,
            fed_back_at=desk.now,
        )
    )
    return kept


def assist_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, request: Mapping[str, Any]
) -> Task:
    """An assistant unit reports its part done (协办反馈); its other posts have nothing left to do about it."""
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.ASSIST)
    task = desk.task
    post_id = desk.hold(Step.ASSIST, request=request)
    unit_id = _assistant_of(desk, post_id)
    fulfil_duty(
        session,
        actor,
        clock,
        subject_id=task.id,
        step_id=Step.ASSIST.value,
        opinion=request["report"],
        for_post_id=request.get("for_post_id"),
    )
    desk.cancel(Step.ASSIST, posts=[card.post_id for card in receiving_posts(session, unit_id)])
    _report(desk, kind="assistant", unit_id=unit_id, progress=task.progress, report=request["report"])
    desk.note(Verb.ASSIST, step="协办", opinion=request["report"])
    desk.tell(
        TaskAssisted(
            task_id=task.id,
            unit_id=unit_id,
            report=request["report"],
            doer=desk.doer,
            assisted_at=desk.now,
        )
    )
    settle(desk)
    return task


def split_task(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, parts: Sequence[Mapping[str, Any]]
) -> list[Task]:
    """Split a task into subtasks with leads and dates of their own, none after the whole's.

    The lead's holder or the supervising organ's staff may; whoever splits looks after the parts. Raises
    `supervision.due_after_parent`, `supervision.too_deep`.
    """
    desk = open_desk(session, actor, clock, task_id=task_id, verb=Verb.SPLIT)
    if desk.task.parent_id is not None:
        raise errors.too_deep(desk.task.title)
    if not is_staff_of(session, actor, desk.task):
        desk.hold(Step.HANDLE, request={})
    made = [_split_off(desk, part) for part in parts]
    desk.note(Verb.SPLIT, step="承办", parts=[part.number for part in made])
    settle(desk)
    return made


def _split_off(desk: Desk, part: Mapping[str, Any]) -> Task:
    """A part needs no approval of its own: the whole has it. Its number is the whole's with a running number."""
    session, whole = desk.session, desk.task
    refuse_secret(part["title"], part["content"])
    lead, assistants = named_of(part["lead"]), [named_of(party) for party in part["assistants"]]
    check_parties(session, whole.unit_id, lead=lead, assistants=assistants)
    limit = limit_of(part)
    if limit.on is None and limit.half_days is None:
        raise errors.due_missing()
    due_at = due_by(desk.ground.calendar(lead.unit_id), limit, now=desk.now)
    if whole.due_at and due_at > whole.due_at:
        raise errors.due_after_parent(due_at, whole.due_at)
    matter = Matter(
        title=part["title"],
        content=part["content"],
        source=TaskSource(whole.source),
        urgency=whole.urgency,
        limit=limit,
        lead=lead,
        assistants=assistants,
        origin=origin_of(whole),
        parent_id=whole.id,
        leader_post_id=None,
    )
    own = add_task(
        session, desk.actor.within(whole.correlation_id), desk.clock, matter=matter, unit_id=whole.unit_id
    )
    child = own.task
    child.officer_post_id, child.leader_post_id = desk.actor.post_id, whole.leader_post_id
    child.leader_name, child.state, child.established_at = whole.leader_name, State.ASSIGNED.value, desk.now
    sequence = take_number(session, series=parts_of(whole.id), subject=child.id)
    child.number = f"{whole.number}-{sequence}"
    child.terms = terms_of(child)
    own.show_anew()
    own.note(Verb.APPROVE, step="分解", number=child.number)
    own.tell(TaskEstablished(task_id=child.id, number=child.number, doer=own.doer, established_at=own.now))
    if desk.actor.post_id:
        own.grant([desk.actor.post_id], reason="work_item")
    own.grant([lead_of(whole)], reason="whole")
    hand_out(own)
    return child


def _assistant_of(desk: Desk, post_id: UUID) -> UUID:
    """The assistant unit for which that post has its part."""
    for party in list_parties(desk.session, desk.task.id):
        if party.role == "assistant" and post_id in {
            card.post_id for card in receiving_posts(desk.session, party.unit_id)
        }:
            return party.unit_id
    return desk.actor.unit_id or desk.task.unit_id


def _report(desk: Desk, *, kind: str, unit_id: UUID, progress: int, report: str) -> TaskFeedback:
    kept = TaskFeedback(
        id=new_id(),
        task_id=desk.task.id,
        kind=kind,
        unit_id=unit_id,
        progress=progress,
        report=report,
        problems="",
        in_time=True,
        at=desk.now,
        person_id=desk.actor.person_id,
        person_name=desk.actor.person_name,
        post_id=desk.actor.post_id,
    )
    desk.session.add(kept)
    return kept
