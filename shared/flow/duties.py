"""Work items of simple life cycles (a task, a meeting), which need no BPMN: the service's own table of states decides
what comes next, and says here who has to do it.

Items look the same as those of a flow, to people and in events. A service that routes by flows uses `verbs` instead.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import (
    CancelCause,
    ItemRole,
    WorkItemCompleted,
    WorkItemDeadlineMoved,
    WorkStarted,
)
from shared.flow.acts import Act, ActVerb, Assignee, Subject
from shared.flow.arrivals import Arrival
from shared.flow.case import Case
from shared.flow.claims import lock_own_item, lock_work
from shared.flow.errors import assignee_twice
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.opinions import checked_opinion
from shared.flow.people import Acting
from shared.flow.progress import end_flow
from shared.flow.verbs.start import add_running, subject_columns
from shared.flow.verbs.transfer import pass_on
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Something that posts have to do about a subject: stable id and Chinese name of the step, kind of work as
    delegations name it, and until when.
    """

    step_id: str
    step_name: str
    work_kind: str
    deadline: datetime | None = None


def open_work(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject: Subject,
    unit_id: UUID,
    name: str,
    correlation_id: UUID | None = None,
) -> UUID:
    """Begin the work on a subject that `unit_id` owns, under the Chinese name of its life cycle (督查事项).

    Returns the id of the work. Raises `flow.already_running`.
    """
    instance = FlowInstance(
        id=new_id(),
        definition_id=None,
        subject_id=subject.id,
        unit_id=unit_id,
        correlation_id=correlation_id or actor.correlation_id,
        status=FlowStatus.RUNNING.value,
        state={},
        started_at=clock.now(),
        started_by_person_id=actor.person_id,
        started_by_post_id=actor.post_id,
        started_by_unit_id=actor.unit_id,
        **subject_columns(subject),
    )
    add_running(session, instance)
    case = Case(session, actor, clock, instance=instance)
    case.tell(
        WorkStarted(
            work_id=instance.id,
            subject_of_work=case.subject(),
            flow=name,
            unit_id=unit_id,
            started_by=Acting(actor=actor).as_doer(),
            started_at=case.now,
        )
    )
    return instance.id


def give_duty(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    duty: Duty,
    assignees: Iterable[Assignee],
) -> list[WorkItem]:
    """Give posts something to do, or a copy to read (role reader); a post that has it open gets no second.

    Whoever has a copy may get something to do beside it, but not the other way round. Raises Problem: no running
    work on the subject, or a post that is not in force.
    """
    case = lock_work(session, actor, clock, subject_id=subject_id)
    wanted = list(assignees)
    made: list[WorkItem] = []
    for reading in (False, True):
        busy = {
            item.post_id
            for item in case.items
            if _is_open(item, duty.step_id) and (reading or not _is_copy(item))
        }
        here = (one for one in wanted if (one.role is ItemRole.READER) is reading and one.post_id not in busy)
        group = list({one.post_id: one for one in here}.values())
        if group:
            arrival = Arrival(
                step_id=duty.step_id,
                step_name=duty.step_name,
                task_id=None if reading else new_id(),
                work_kind=duty.work_kind,
                deadline=duty.deadline,
            )
            made += case.give_out(group, arrival)
    return made


def fulfil_duty(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    step_id: str,
    outcome: str = "",
    outcome_label: str = "",
    opinion: str = "",
    alone: bool = False,
    for_post_id: UUID | None = None,
) -> Act:
    """Do the actor's own open item of that step, for oneself or under a delegation.

    `for_post_id` says whose, for a deputy of several; else the actor's own comes first. With `alone` the items of
    the other posts at this step are no longer needed: one of them was enough; copies to read stay. Raises
    `flow.item_not_yours`, `flow.item_is_reading`, and `flow.item_closed` when it was done or cancelled before.
    """
    case, item, acting = lock_own_item(
        session, actor, clock, subject_id=subject_id, step_id=step_id, for_post_id=for_post_id
    )
    case.close(item, ItemStatus.DONE, acting, opinion=checked_opinion(opinion))
    item.outcome = outcome
    case.tell(
        WorkItemCompleted(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            outcome=outcome,
            outcome_label=outcome_label,
            completed_at=case.now,
        )
    )
    if alone:
        rest = [other for other in case.open_items() if other.step_id == step_id]
        case.cancel(rest, cause=CancelCause.STEP_DONE, by=item.id)
    return case.act(
        ActVerb.COMPLETE,
        acting,
        item=item,
        outcome=outcome,
        outcome_label=outcome_label,
        opinion=item.opinion,
    )


def cancel_duties(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    step_ids: Collection[str] | None = None,
    post_ids: Collection[UUID] | None = None,
    cause: CancelCause = CancelCause.STEP_DONE,
) -> int:
    """Take back open items, copies to read too, of those steps and posts, or all. Says how many."""
    case = lock_work(session, actor, clock, subject_id=subject_id)
    needless = [
        item
        for item in case.items
        if item.status == ItemStatus.OPEN
        and (step_ids is None or item.step_id in step_ids)
        and (post_ids is None or item.post_id in post_ids)
    ]
    case.cancel(needless, cause=cause, by=None)
    return len(needless)


def hand_over_duty(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    step_id: str,
    to_post_id: UUID,
    for_post_id: UUID | None = None,
) -> Act:
    """Pass the actor's own open item of that step on to another post (转办), with its role and deadline.

    Who may get it is the calling service's rule. Raises as `fulfil_duty`, `flow.assignee_twice` for a post that has
    it open already, or for a post that is not in force.
    """
    case, item, acting = lock_own_item(
        session, actor, clock, subject_id=subject_id, step_id=step_id, for_post_id=for_post_id
    )
    if any(other.post_id == to_post_id and other.step_id == step_id for other in case.open_items()):
        raise assignee_twice(item.step_name)
    pass_on(case, item, acting, to_post_id)
    return case.act(ActVerb.TRANSFER, acting, item=item)


def move_deadline(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    step_ids: Collection[str],
    deadline: datetime,
) -> int:
    """Let the open items of those steps be due at another time. Says how many were not due then already."""
    case = lock_work(session, actor, clock, subject_id=subject_id)
    moved = [
        item
        for item in case.items
        if item.status == ItemStatus.OPEN and item.step_id in step_ids and item.deadline != deadline
    ]
    for item in moved:
        item.deadline = deadline
        case.tell(
            WorkItemDeadlineMoved(
                work_item_id=item.id, subject_id=item.subject_id, deadline=deadline, moved_at=case.now
            )
        )
    return len(moved)


def close_work(
    session: Session, actor: Actor, clock: Clock, *, subject_id: UUID, stopped: bool = False
) -> None:
    """End the work on a subject; what is still to do is cancelled, copies to read stay.

    Raises `flow.instance_not_found` when no work is under way.
    """
    case = lock_work(session, actor, clock, subject_id=subject_id)
    cause = CancelCause.STOPPED if stopped else CancelCause.STEP_DONE
    case.cancel(case.open_items(), cause=cause, by=None)
    end_flow(case, FlowStatus.STOPPED if stopped else FlowStatus.ENDED)


def has_work(session: Session, *, subject_id: UUID) -> bool:
    """Whether work on a subject is under way, in a flow or not."""
    running = sa.select(FlowInstance.id).where(
        FlowInstance.subject_id == subject_id, FlowInstance.status == FlowStatus.RUNNING
    )
    return session.scalars(running.limit(1)).first() is not None


def list_duties(session: Session, *, subject_id: UUID) -> list[WorkItem]:
    """All open items of a subject, oldest first."""
    items = sa.select(WorkItem).where(WorkItem.subject_id == subject_id, WorkItem.status == ItemStatus.OPEN)
    return list(session.scalars(items.order_by(WorkItem.received_at, WorkItem.id)))


def _is_open(item: WorkItem, step_id: str) -> bool:
    return item.step_id == step_id and item.status == ItemStatus.OPEN


def _is_copy(item: WorkItem) -> bool:
    return item.role == ItemRole.READER
