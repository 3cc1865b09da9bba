"""Reading (传阅): copies that hold nothing up, also after the document was closed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.work.keeping import follow, keep, open_case
from services.documents.queries.visibility import WORK_KIND, lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.flow import verbs
from shared.flow.acts import Act
from shared.flow.models import ItemStatus


def circulate_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Act:
    """Send a document round to be read; it holds nothing up, also after closing (传阅)."""
    document = lock_document(session, actor, document_id, now=clock.now())
    if document.flow_instance_id is None:
        raise errors.document_not_found(document_id)
    act = verbs.circulate(
        session,
        actor,
        clock,
        instance_id=document.flow_instance_id,
        post_ids=post_ids,
        work_kind=WORK_KIND,
        opinion=opinion,
    )
    keep(session, actor, document, act)
    follow(session, document)
    return act


def read_copy(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str = ""
) -> Act:
    """Be done with a circulated copy, with or without a word (阅毕); marking it again changes nothing."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    was_open = item.status == ItemStatus.OPEN
    act = verbs.mark_read(session, actor, clock, item_id=item.id, opinion=opinion)
    if was_open:
        keep(session, actor, document, act)
    return act


def answer_copy(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str
) -> Act:
    """Write something about a circulated copy, also after the document was closed (传阅回复)."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    act = verbs.answer_reading(session, actor, clock, item_id=item.id, opinion=opinion)
    keep(session, actor, document, act)
    return act


def open_item(session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID) -> None:
    """Note that the holder has looked at an item; its sender cannot withdraw it any more."""
    document, item = open_case(session, actor, clock, document_id=document_id, item_id=item_id)
    act = verbs.read_item(session, actor, clock, item_id=item.id)
    if act:
        keep(session, actor, document, act)
