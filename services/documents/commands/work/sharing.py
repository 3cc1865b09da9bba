"""Bringing others in: handing an item over (转办), asking further posts (加签), reminding whoever has it (催办)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.commands.work.choosing import check_posts
from services.documents.commands.work.keeping import follow, keep, open_case
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import verbs
from shared.flow.acts import Act


def transfer_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    to_post_id: UUID,
    opinion: str = "",
) -> Act:
    """Give an item to another post (转办)."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    check_posts(session, document, step_id=item.step_id, post_ids=[to_post_id])
    act = verbs.transfer(session, actor, clock, item_id=item.id, to_post_id=to_post_id, opinion=opinion)
    keep(session, actor, document, act)
    follow(session, document)
    return act


def add_signers(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Act:
    """Ask further posts at this step (加签)."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    check_posts(session, document, step_id=item.step_id, post_ids=post_ids)
    act = verbs.add_signer(session, actor, clock, item_id=item.id, post_ids=post_ids, opinion=opinion)
    keep(session, actor, document, act)
    follow(session, document)
    return act


def remind_holder(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str = ""
) -> Act:
    """Remind whoever holds an open item, and count it (催办); everybody who takes part may."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    act = verbs.remind(session, actor, clock, item_id=item.id, opinion=opinion)
    keep(session, actor, document, act)
    return act
