"""Which work, and which of its items, an act without a flow is about: found by subject and step, under lock."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import ItemRole
from shared.flow.case import Case, lock_case
from shared.flow.errors import instance_not_found, item_closed, item_is_reading, item_not_yours
from shared.flow.models import FlowInstance, FlowStatus, ItemStatus, WorkItem
from shared.flow.people import Acting, find_acting


def lock_work(session: Session, actor: Actor, clock: Clock, *, subject_id: UUID) -> Case:
    """The work under way on a subject, locked. Raises `flow.instance_not_found`."""
    case = _lock_newest(session, actor, clock, subject_id)
    # Asked only behind the lock: whoever held it before may have ended the work.
    if case.instance.status != FlowStatus.RUNNING:
        raise instance_not_found()
    return case


def lock_own_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    subject_id: UUID,
    step_id: str,
    for_post_id: UUID | None = None,
) -> tuple[Case, WorkItem, Acting]:
    """The newest work on a subject, locked, and the open item that the actor is to do at that step.

    That is the own post's, else the newest of somebody absent; `for_post_id` says whose. A second click finds what
    the first one closed, also in work that it ended, and never an open item that another post got along with it.
    Raises `flow.item_not_yours`, `flow.item_is_reading`, `flow.item_closed`, `flow.instance_not_found`.
    """
    case = _lock_newest(session, actor, clock, subject_id)
    here = [item for item in case.items if item.step_id == step_id and for_post_id in (None, item.post_id)]
    to_do = [item for item in here if item.role != ItemRole.READER]
    closed: WorkItem | None = None
    for item in sorted(to_do, key=lambda item: _claim(item, actor), reverse=True):
        acting = find_acting(session, actor, item, now=case.now)
        if acting is None:
            continue
        if item.status == ItemStatus.OPEN:
            return case, item, acting
        closed = closed or item
        if _is_settled(item, actor):
            break
    if closed is not None:
        raise item_closed(closed.status)
    if any(item.role == ItemRole.READER and item.post_id == actor.post_id for item in here):
        raise item_is_reading(here[0].step_name)
    raise item_not_yours()


def _claim(item: WorkItem, actor: Actor) -> tuple[bool, datetime, bool, bool, UUID]:
    """How much the item is what the actor means: the own open one, then the newest round's."""
    is_open = item.status == ItemStatus.OPEN
    own = is_open and item.post_id == actor.post_id
    return own, item.received_at, _is_settled(item, actor), is_open, item.id


def _is_settled(item: WorkItem, actor: Actor) -> bool:
    """Whether somebody acted on it in the own post's name, or the actor in another's: nothing is left to do there."""
    if item.status in (ItemStatus.OPEN, ItemStatus.CANCELLED):
        return False
    return item.post_id == actor.post_id or item.acted_person_id == actor.person_id


def _lock_newest(session: Session, actor: Actor, clock: Clock, subject_id: UUID) -> Case:
    works = sa.select(FlowInstance.id).where(FlowInstance.subject_id == subject_id)
    newest = works.order_by((FlowInstance.status == FlowStatus.RUNNING).desc(), FlowInstance.id.desc())
    instance_id = session.scalars(newest.limit(1)).first()
    if instance_id is None:
        raise instance_not_found()
    return lock_case(session, actor, clock, instance_id=instance_id)
