"""Asking further posts to sign the same step (加签)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.events.work import ItemRole
from shared.flow.acts import Act, ActVerb, Assignee
from shared.flow.arrivals import Arrival
from shared.flow.case import lock_case_of_item, require_open
from shared.flow.errors import assignee_twice, nobody_named, verb_not_allowed
from shared.flow.models import ItemStatus
from shared.flow.opinions import checked_opinion
from shared.flow.people import act_on, cards_of, check_reach
from shared.flow.steps import VERB_NAMES, Verb


def add_signer(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    item_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Act:
    """Ask further posts on an open item's step; the step is not done before they have answered too.

    Raises Problem: not yours, no longer open, not allowed on this step, nobody named, no such post, or a post
    of another organ or that already works on this step.
    """
    case, item = lock_case_of_item(session, actor, clock, item_id=item_id)
    require_open(item)
    acting = act_on(session, actor, item, now=case.now)
    _ = case.running
    step = case.step_of(item)
    if Verb.ADD_SIGNER not in step.verbs:
        raise verb_not_allowed(VERB_NAMES[Verb.ADD_SIGNER], item.step_name)
    if not post_ids:
        raise nobody_named()
    busy = {
        other.post_id
        for other in case.siblings_of(item)
        if other.status in (ItemStatus.OPEN, ItemStatus.DONE)
    }
    if len(set(post_ids)) < len(post_ids) or busy & set(post_ids):
        raise assignee_twice(item.step_name)
    cards = cards_of(session, post_ids).values()
    check_reach(session, cards, reach=step.reach, step_name=step.name, unit_id=case.instance.unit_id)
    # Whoever asks others has touched the item: its sender can no longer withdraw it.
    case.note_reading(item, acting)
    case.give_out([Assignee(post_id, ItemRole.SIGNER) for post_id in post_ids], Arrival.joining(item))
    return case.act(ActVerb.ADD_SIGNER, acting, item=item, opinion=checked_opinion(opinion))
