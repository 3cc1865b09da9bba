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
    WorkItemTransferred,
    WorkStarted,
)
from shared.flow.acts import Act, ActVerb, Assignee, Subject
from shared.flow.arrivals import Arrival
from shared.flow.case import Case, lock_case
from shared.flow.errors import instance_not_found, item_closed, item_not_yours
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.opinions import checked_opinion
from shared.flow.people import Acting, find_acting
from shared.flow.progress import end_flow
from shared.flow.verbs.start import refuse_second, subject_columns
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
    refuse_second(session, subject.id)
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
    session.add(instance)
    session.flush()
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

    Raises Problem: no running work on the subject, or a post that is not in force.
    """
    case = _lock(session, actor, clock, subject_id)
    busy = {item.post_id for item in case.items if _is_open(item, duty.step_id)}
    wanted = {assignee.post_id: assignee for assignee in assignees if assignee.post_id not in busy}
    made: list[WorkItem] = []
    for reading in (False, True):
        group = [one for one in wanted.values() if (one.role is ItemRole.READER) is reading]
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
) -> Act:
    """Do the actor's own open item of that step, for oneself or under a delegation.

    With `alone` the items of the other posts at this step are no longer needed: one of them was enough.
    Raises `flow.item_not_yours`, and `flow.item_closed` when it was done or cancelled before.
    """
    case = _lock(session, actor, clock, subject_id)
    item, acting = _own_item(case, step_id)
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
        rest = [other for other in case.items if _is_open(other, step_id)]
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
    """Take back open items that nobody has to do any more: of those steps and posts, or of all. Says how many."""
    case = _lock(session, actor, clock, subject_id)
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
    session: Session, actor: Actor, clock: Clock, *, subject_id: UUID, step_id: str, to_post_id: UUID
) -> Act:
    """Pass the actor's own open item of that step on to another post (转办), with its role and deadline.

    Who may get it is the calling service's rule. Raises as `fulfil_duty`, or for a post that is not in force.
    """
    case = _lock(session, actor, clock, subject_id)
    item, acting = _own_item(case, step_id)
    case.close(item, ItemStatus.TRANSFERRED, acting)
    (new_item,) = case.give_out(
        [Assignee(to_post_id, ItemRole(item.role))], Arrival.joining(item, opened_by=item.id)
    )
    case.tell(
        WorkItemTransferred(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            to_work_item_id=new_item.id,
            to_post_id=to_post_id,
            transferred_at=case.now,
        )
    )
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
    """Let the open items of those steps be due at another time. Says how many."""
    case = _lock(session, actor, clock, subject_id)
    moved = [item for item in case.items if item.status == ItemStatus.OPEN and item.step_id in step_ids]
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
    case = _lock(session, actor, clock, subject_id)
    cause = CancelCause.STOPPED if stopped else CancelCause.STEP_DONE
    case.cancel(case.open_items(), cause=cause, by=None)
    end_flow(case, FlowStatus.STOPPED if stopped else FlowStatus.ENDED)


def list_duties(session: Session, *, subject_id: UUID) -> list[WorkItem]:
    """All open items of a subject, oldest first."""
    items = sa.select(WorkItem).where(WorkItem.subject_id == subject_id, WorkItem.status == ItemStatus.OPEN)
    return list(session.scalars(items.order_by(WorkItem.received_at, WorkItem.id)))


def _lock(session: Session, actor: Actor, clock: Clock, subject_id: UUID) -> Case:
    running = sa.select(FlowInstance.id).where(
        FlowInstance.subject_id == subject_id, FlowInstance.status == FlowStatus.RUNNING
    )
    instance_id = session.scalars(running).one_or_none()
    if instance_id is None:
        raise instance_not_found()
    return lock_case(session, actor, clock, instance_id=instance_id)


def _is_open(item: WorkItem, step_id: str) -> bool:
    return item.step_id == step_id and item.status == ItemStatus.OPEN


def _own_item(case: Case, step_id: str) -> tuple[WorkItem, Acting]:
    """The newest item of that step that is the actor's own, or that of somebody absent, if it is still open."""
    held = [item for item in case.items if item.step_id == step_id]
    held.sort(key=lambda item: (item.status == ItemStatus.OPEN, item.received_at, item.id), reverse=True)
    closed: WorkItem | None = None
    for item in held:
        acting = find_acting(case.session, case.actor, item, now=case.now)
        if acting is None:
            continue
        if item.status == ItemStatus.OPEN:
            return item, acting
        closed = closed or item
    if closed is not None:
        raise item_closed(closed.status)
    raise item_not_yours()
