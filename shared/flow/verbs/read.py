"""Looking at an item for the first time."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.flow.acts import Act, ActVerb
from shared.flow.case import lock_case_of_item
from shared.flow.models import ItemStatus
from shared.flow.people import act_on


def read_item(session: Session, actor: Actor, clock: Clock, *, item_id: UUID) -> Act | None:
    """Note that the holder has opened the item; None when that was noted before or the item is closed.

    From then on its sender can no longer withdraw it. Raises Problem: not found, not yours.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    acting = act_on(session, actor, item, now=case.now)
    if item.status != ItemStatus.OPEN or not case.note_reading(item, acting):
        return None
    return case.act(ActVerb.READ, acting, item=item)
