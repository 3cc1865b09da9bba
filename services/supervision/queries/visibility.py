"""Who may see which task; for everybody else it does not exist.

The staff of the supervising organ, the posts of lead and assistant units that take tasks or lead them, whoever has or
had a work item on it, and whoever gave the instruction.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.steps import WORK_KIND
from services.supervision.models import Task, TaskAccess
from shared.auth import Actor
from shared.directory import list_delegations_to, list_line
from shared.permissions import Permission

# With one of these, a post sees what its organ supervises …
STAFF = (
    Permission.SUPERVISION_REGISTER,
    Permission.SUPERVISION_APPROVE,
    Permission.SUPERVISION_BOARD,
    Permission.SUPERVISION_ASSESS,
)
# … and with one of these, what its unit leads or assists.
TAKERS = (Permission.SUPERVISION_HANDLE, Permission.SUPERVISION_APPROVE)
_OF_POSTS = ("work_item", "instructor")
_OF_TAKERS = ("lead", "assistant")


def acting_posts(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """The acting post, and the posts it stands in for in this service's work."""
    if actor.post_id is None or actor.person_id is None:
        return []
    delegations = list_delegations_to(session, [actor.post_id], person_id=actor.person_id, now=now)
    absent = [
        delegation.from_post_id
        for delegation in delegations
        if not delegation.work_kinds or WORK_KIND in delegation.work_kinds
    ]
    return [actor.post_id, *absent]


def own_units(session: Session, actor: Actor) -> list[UUID]:
    """The actor's unit and those above it up to its organ."""
    units: list[UUID] = []
    for unit in list_line(session, actor.unit_id) if actor.unit_id else []:
        units.append(unit.id)
        if unit.issues_documents:
            break
    return units


def names_of(session: Session, actor: Actor, *, now: datetime) -> list[tuple[UUID, str]]:
    """Under which names, each for which reason, the actor may see tasks."""
    names = [(post, reason) for post in acting_posts(session, actor, now=now) for reason in _OF_POSTS]
    is_staff, is_taker = any(map(actor.may, STAFF)), any(map(actor.may, TAKERS))
    if is_staff or is_taker:
        units = own_units(session, actor)
        # What an organ supervises is for all of its staff, in whatever inner office; it is the last of the line.
        names += [(unit, "supervisor") for unit in units[-1:] if is_staff]
        names += [(unit, reason) for unit in units if is_taker for reason in _OF_TAKERS]
    return names


def is_staff_of(session: Session, actor: Actor, task: Task) -> bool:
    """Whether the actor registers, assigns or approves for the organ that supervises the task."""
    if not (actor.may(Permission.SUPERVISION_REGISTER) or actor.may(Permission.SUPERVISION_APPROVE)):
        return False
    return task.unit_id in own_units(session, actor)


def get_task(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> Task:
    """The task, if the actor may see it; Problem 404 otherwise."""
    return _find(session, actor, sa.select(Task), task_id, now=now)


def lock_task(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> Task:
    """The same, held until the end of the transaction, so that two people act on it one after the other."""
    locked = sa.select(Task).with_for_update(of=Task).execution_options(populate_existing=True)
    return _find(session, actor, locked, task_id, now=now)


def _find(session: Session, actor: Actor, wanted: sa.Select[Task], task_id: UUID, *, now: datetime) -> Task:
    if not actor.is_system and not _is_seen(session, actor, task_id, now=now):
        raise errors.task_not_found(task_id)
    task = session.scalars(wanted.where(Task.id == task_id)).one_or_none()
    if task is None:
        raise errors.task_not_found(task_id)
    return task


def _is_seen(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> bool:
    names = names_of(session, actor, now=now)
    if not names:
        return False
    granted = sa.select(TaskAccess.task_id).where(
        TaskAccess.task_id == task_id, sa.tuple_(TaskAccess.holder_id, TaskAccess.reason).in_(names)
    )
    return session.scalars(granted.limit(1)).first() is not None
