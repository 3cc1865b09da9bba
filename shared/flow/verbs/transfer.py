"""Passing an item on to another post (转办)."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import ItemRole, WorkItemTransferred
from shared.flow.acts import Act, ActVerb, Assignee
from shared.flow.arrivals import Arrival
from shared.flow.case import Case, lock_case_of_item, require_open
from shared.flow.errors import assignee_twice, verb_not_allowed
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.opinions import checked_opinion
from shared.flow.people import Acting, act_on, cards_of, check_permitted, check_reach
from shared.flow.steps import VERB_NAMES, Verb


def transfer(
    session: Session, actor: Actor, clock: Clock, *, item_id: UUID, to_post_id: UUID, opinion: str = ""
) -> Act:
    """Give an open item to another post, which takes its role and deadline.

    Raises Problem: not yours, no longer open, not allowed on this step, no such post, or one of
    another organ, without the step's permission, or that already works on it.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    require_open(item)
    acting = act_on(session, actor, item, now=case.now)
    _ = case.running
    step = case.step_of(item)
    if Verb.TRANSFER not in step.verbs:
        raise verb_not_allowed(VERB_NAMES[Verb.TRANSFER], item.step_name)
    card = cards_of(session, [to_post_id])[to_post_id]
    check_reach(session, [card], reach=step.reach, step_name=step.name, unit_id=case.instance.unit_id)
    check_permitted(step, card)
    busy = (ItemStatus.OPEN, ItemStatus.DONE)
    if any(other.post_id == to_post_id and other.status in busy for other in case.siblings_of(item)):
        raise assignee_twice(item.step_name)
    pass_on(case, item, acting, to_post_id, opinion=checked_opinion(opinion))
    return case.act(ActVerb.TRANSFER, acting, item=item, opinion=item.opinion)


def pass_on(case: Case, item: WorkItem, acting: Acting, to_post_id: UUID, *, opinion: str = "") -> None:
    """End an item of a locked case, give the other post one like it, and tell both as one act."""
    case.close(item, ItemStatus.TRANSFERRED, acting, opinion=opinion)
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
