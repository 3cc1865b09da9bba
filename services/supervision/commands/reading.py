"""Looking at work items, and reading copies of slips."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.supervision.commands.desk import Desk
from services.supervision.domain.states import Verb
from services.supervision.queries.tasks import get_item
from services.supervision.queries.visibility import lock_task
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import verbs


def open_item(session: Session, actor: Actor, clock: Clock, *, task_id: UUID, item_id: UUID) -> None:
    """Note that the holder has looked at an item; that is told by the flow and not kept in the history."""
    task = lock_task(session, actor, task_id, now=clock.now())
    verbs.read_item(session, actor, clock, item_id=get_item(session, task, item_id).id)


def read_copy(
    session: Session, actor: Actor, clock: Clock, *, task_id: UUID, item_id: UUID, opinion: str = ""
) -> None:
    """Mark a slip that one was shown as read (阅知), with a word if there is one."""
    desk = Desk(session, actor, clock, task=lock_task(session, actor, task_id, now=clock.now()))
    act = verbs.mark_read(
        session, actor, clock, item_id=get_item(session, desk.task, item_id).id, opinion=opinion
    )
    desk.for_post_id = act.for_post_id
    desk.note(Verb.READ, step="督办单阅知", opinion=opinion)
