"""Who may see which task; for everybody else it does not exist, and what one may open is what one's list shows.

Supervising staff see what is supervised by the units that their organ looks after (`scope.list_scope`). Beside them
see a task the posts of lead and assistant units that take tasks or lead them, those of the lead of the whole of which
it is a part, whoever has or had a work item on it, and whoever gave the instruction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.steps import WORK_KIND
from services.supervision.models import Task, TaskAccess
from services.supervision.queries.scope import list_scope, own_units
from shared.auth import Actor
from shared.directory import list_acting_posts
from shared.permissions import Permission

# With one of these, a post sees what is supervised by the units that its organ looks after …
STAFF = (
    Permission.SUPERVISION_REGISTER,
    Permission.SUPERVISION_APPROVE,
    Permission.SUPERVISION_BOARD,
    Permission.SUPERVISION_ASSESS,
)
# … and with one of these, what its unit leads, assists, or leads the whole of.
TAKERS = (Permission.SUPERVISION_HANDLE, Permission.SUPERVISION_APPROVE)
_OF_POSTS = ("work_item", "instructor")
_OF_TAKERS = ("lead", "assistant", "whole")


@dataclass(frozen=True, kw_only=True)
class Sight:
    """All that somebody may see: what `units` supervise, and what is kept for `names`, each a holder with a reason."""

    units: Sequence[UUID]
    names: Sequence[tuple[UUID, str]]

    def covers(self) -> sa.ColumnElement[bool]:
        """The condition on `Task`."""
        supervised = Task.unit_id == sa.any_(sa.cast(list(self.units), postgresql.ARRAY(sa.Uuid())))
        if not self.names:
            return supervised
        kept = sa.select(TaskAccess.task_id).where(
            TaskAccess.task_id == Task.id, sa.tuple_(TaskAccess.holder_id, TaskAccess.reason).in_(self.names)
        )
        return sa.or_(kept.exists(), supervised)


def acting_posts(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """The acting post, and the posts it stands in for in this service's work."""
    return list_acting_posts(session, actor, work_kind=WORK_KIND, now=now)


def sight_of(session: Session, actor: Actor, *, now: datetime) -> Sight:
    """What the actor may see, for lists and for opening alike."""
    names = [(post, reason) for post in acting_posts(session, actor, now=now) for reason in _OF_POSTS]
    if any(map(actor.may, TAKERS)):
        names += [(unit, reason) for unit in own_units(session, actor) for reason in _OF_TAKERS]
    return Sight(units=list_scope(session, actor) if any(map(actor.may, STAFF)) else [], names=names)


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
    wanted = wanted.where(Task.id == task_id)
    if not actor.is_system:
        wanted = wanted.where(sight_of(session, actor, now=now).covers())
    task = session.scalars(wanted).one_or_none()
    if task is None:
        raise errors.task_not_found(task_id)
    return task
