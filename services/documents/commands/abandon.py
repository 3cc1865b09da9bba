"""Giving up a draft (作废): nothing has been sent, and nothing is filed."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.history import keep_act
from services.documents.commands.soundness import refuse_secret_words
from services.documents.domain.states import DispatchState, label_of
from services.documents.models import Document
from services.documents.queries.visibility import lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.events.documents import DocumentAbandoned
from shared.flow.verbs import stop_flow
from shared.history import doer_of
from shared.messaging import outbox


def abandon_draft(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, reason: str
) -> Document:
    """Give up a document that is still, or again, in its drafter's hands; only the drafter may."""
    refuse_secret_words({"reason": reason})
    document = lock_document(session, actor, document_id, now=clock.now())
    if document.direction != "dispatch" or document.drafter_person_id != actor.person_id:
        raise errors.only_the_drafter(document.title)
    if document.state != DispatchState.DRAFTING:
        raise errors.act_not_possible("作废", label_of("dispatch", document.state))
    document.state = DispatchState.ABANDONED
    document.closed_at = clock.now()
    document.revision += 1
    if document.flow_instance_id:
        stop_flow(session, actor, clock, instance_id=document.flow_instance_id, reason=reason)
    keep_act(session, actor, document, at=clock.now(), verb="abandon", step="作废", opinion=reason)
    outbox.record(
        session,
        actor,
        DocumentAbandoned(
            document_id=document.id, reason=reason, doer=doer_of(actor), abandoned_at=clock.now()
        ),
    )
    return document
