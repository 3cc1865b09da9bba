"""Reminding the holder of an open item (催办)."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import WorkItemReminded
from shared.flow.acts import Act, ActVerb
from shared.flow.case import lock_case_of_item
from shared.flow.errors import nothing_to_remind
from shared.flow.models import ItemStatus
from shared.flow.opinions import checked_opinion
from shared.flow.people import Acting


def remind(session: Session, actor: Actor, clock: Clock, *, item_id: UUID, opinion: str = "") -> Act:
    """Remind whoever holds an open item, to do or to read, and count it. Raises `flow.nothing_to_remind`.

    Who may remind is the calling service's rule.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    if item.status != ItemStatus.OPEN:
        raise nothing_to_remind()
    acting = Acting(actor=actor)
    note = checked_opinion(opinion)
    item.reminders += 1
    item.reminded_at = case.now
    case.tell(
        WorkItemReminded(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            reminders=item.reminders,
            note=note,
            reminded_at=case.now,
        )
    )
    return case.act(ActVerb.REMIND, acting, item=item, opinion=note)
