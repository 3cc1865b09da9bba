"""What every incoming document (收文) starts with, wherever it came from."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.documents.commands.history import keep_act, terms_of
from services.documents.commands.work import start_work
from services.documents.models import Document, DocumentVersion
from shared.auth import Actor
from shared.clock import Clock
from shared.events.documents import DocumentArrived
from shared.messaging import outbox


def begin_incoming(
    session: Session, actor: Actor, clock: Clock, *, document: Document, body: Sequence[str]
) -> None:
    """Its text, its flow at the registry, and word of its arrival; Problem 409 when nobody keeps the registry."""
    version = DocumentVersion(
        document_id=document.id,
        number=1,
        title=document.title,
        body=list(body),
        elements=document.elements,
        saved_at=clock.now(),
        saved_by_name=document.sender_name or "",
    )
    document.terms = terms_of(document, version)
    # What the document begins with is written with its flow.
    with session.no_autoflush:
        session.add_all([document, version])
        outbox.record(
            session,
            actor,
            DocumentArrived(
                document_id=document.id,
                source_id=document.source_id or document.id,
                owner_unit_id=document.owner_unit_id,
                direction="incoming",
                kind=document.kind,
                title=document.title,
                number=document.source_number or "",
                urgency=document.urgency,
                sender_name=document.sender_name or "",
                arrived_at=clock.now(),
            ),
            correlation_id=document.correlation_id,
        )
        keep_act(session, actor, document, at=clock.now(), verb="arrive", step="送达")
    sight = {document.owner_unit_id: "owner"}
    start_work(session, actor, clock, document=document, variables={}, sight=sight)
