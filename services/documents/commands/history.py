"""Writing the history of a document, giving sight of it, and keeping it findable."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.documents.models import Document, DocumentAct, DocumentVersion
from shared.auth import Actor
from shared.history import columns_of_actor
from shared.ids import new_id
from shared.search import bigrams

# One round trip, however many get to see it.
_GRANT = sa.text(
    "INSERT INTO document_access (document_id, holder_id, reason)"
    " SELECT :document_id, * FROM unnest(:holders, :reasons) ON CONFLICT DO NOTHING"
).bindparams(
    sa.bindparam("document_id", type_=sa.Uuid()),
    sa.bindparam("holders", type_=postgresql.ARRAY(sa.Uuid())),
    sa.bindparam("reasons", type_=postgresql.ARRAY(sa.Text())),
)


def keep_act(
    session: Session,
    actor: Actor,
    document: Document,
    *,
    at: datetime,
    verb: str,
    step: str,
    outcome: str = "",
    opinion: str = "",
    on_behalf_post_id: UUID | None = None,
    on_behalf_name: str = "",
    details: dict[str, Any] | None = None,
) -> DocumentAct:
    """Add one act to the document's history; an opinion becomes findable."""
    act = DocumentAct(
        id=new_id(),
        document_id=document.id,
        at=at,
        verb=verb,
        step=step,
        outcome=outcome,
        opinion=opinion,
        **columns_of_actor(actor),
        on_behalf_post_id=on_behalf_post_id,
        on_behalf_name=on_behalf_name,
        details=details or {},
    )
    session.add(act)
    if opinion:
        document.terms = sorted({*document.terms, *bigrams(opinion)})
    return act


def grant_sight(session: Session, document_id: UUID, holders: Iterable[UUID], *, reason: str) -> None:
    """Let posts, or the registries of organs, see a document from now on; repeating it changes nothing."""
    grant_sights(session, document_id, dict.fromkeys(holders, reason))


def grant_sights(session: Session, document_id: UUID, reasons: Mapping[UUID, str]) -> None:
    """The same, for each holder with its own reason; the document must have been flushed."""
    if reasons:
        session.execute(
            _GRANT,
            {"document_id": document_id, "holders": list(reasons), "reasons": list(reasons.values())},
        )


def keep_findable(session: Session, document: Document, version: DocumentVersion) -> None:
    """Search terms of title, numbers, body and every opinion so far."""
    opinions = session.scalars(
        sa.select(DocumentAct.opinion).where(
            DocumentAct.document_id == document.id, DocumentAct.opinion != ""
        )
    )
    document.terms = terms_of(document, version, *opinions)


def terms_of(document: Document, version: DocumentVersion, *opinions: str) -> list[str]:
    """Under which terms a document with that text and those opinions is found."""
    texts = [version.title, document.number, document.source_number, document.incoming_number]
    return bigrams(*texts, *version.body, *opinions)
