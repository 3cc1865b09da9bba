"""Circulating the subject for reading (传阅): beside the flow, never blocking it, answerable even after its end."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import ItemRole, WorkItemAnswered, WorkItemCompleted
from shared.flow.acts import Act, ActVerb, Assignee
from shared.flow.arrivals import Arrival
from shared.flow.case import Case, lock_case, lock_case_of_item
from shared.flow.errors import item_closed, item_is_to_do, nobody_named
from shared.flow.models import ItemStatus, WorkItem
from shared.flow.opinions import checked_opinion, required_reason
from shared.flow.people import Acting, act_on, cards_of, check_reach
from shared.flow.steps import Reach

STEP_ID = "circulation"
STEP_NAME = "传阅"


def circulate(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    instance_id: UUID,
    post_ids: Sequence[UUID],
    work_kind: str,
    opinion: str = "",
) -> Act:
    """Send copies to read; a post that has an unread one keeps it and gets no second.

    Only within the owner organ, since a copy shows the whole inside. Who may circulate is the calling service's
    rule. Raises Problem: nobody named, no such post, or one of another organ.
    """
    case = lock_case(session, actor, clock, instance_id=instance_id)
    if not post_ids:
        raise nobody_named()
    cards = cards_of(session, post_ids).values()
    check_reach(session, cards, reach=Reach.OWNER, step_name=STEP_NAME, unit_id=case.instance.unit_id)
    waiting = {
        item.post_id for item in case.items if item.role == ItemRole.READER and item.status == ItemStatus.OPEN
    }
    wanted = [post_id for post_id in dict.fromkeys(post_ids) if post_id not in waiting]
    if wanted:
        case.give_out(
            [Assignee(post_id, ItemRole.READER) for post_id in wanted],
            Arrival(step_id=STEP_ID, step_name=STEP_NAME, task_id=None, work_kind=work_kind),
        )
    return case.act(ActVerb.CIRCULATE, Acting(actor=actor), opinion=checked_opinion(opinion))


def mark_read(session: Session, actor: Actor, clock: Clock, *, item_id: UUID, opinion: str = "") -> Act:
    """Be done with a circulated copy, with or without a word; marking it again changes nothing.

    Raises Problem: not yours, something to do rather than to read, withdrawn meanwhile.
    """
    case, item, acting = _reading(session, actor, clock, item_id)
    if item.status == ItemStatus.DONE:
        return case.act(ActVerb.MARK_READ, acting, item=item, opinion=item.opinion)
    if item.status != ItemStatus.OPEN:
        raise item_closed(item.status)
    case.close(item, ItemStatus.DONE, acting, opinion=checked_opinion(opinion))
    case.tell(
        WorkItemCompleted(
            work_item_id=item.id,
            subject_id=item.subject_id,
            by=acting.as_doer(),
            outcome="",
            outcome_label="",
            completed_at=case.now,
        )
    )
    return case.act(ActVerb.MARK_READ, acting, item=item, opinion=item.opinion)


def answer_reading(session: Session, actor: Actor, clock: Clock, *, item_id: UUID, opinion: str) -> Act:
    """Write something about a circulated copy, also after it was read and after the flow has ended.

    Later answers are added below earlier ones. Raises Problem: not yours, not a copy to read, nothing written.
    """
    case, item, acting = _reading(session, actor, clock, item_id)
    words = required_reason(opinion, verb="回复")
    item.opinion = checked_opinion(f"{item.opinion}\n{words}")
    case.tell(
        WorkItemAnswered(
            work_item_id=item.id, subject_id=item.subject_id, by=acting.as_doer(), answered_at=case.now
        )
    )
    return case.act(ActVerb.ANSWER, acting, item=item, opinion=words)


def _reading(session: Session, actor: Actor, clock: Clock, item_id: UUID) -> tuple[Case, WorkItem, Acting]:
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    acting = act_on(session, actor, item, now=case.now)
    if item.role != ItemRole.READER:
        raise item_is_to_do(item.step_name)
    return case, item, acting
