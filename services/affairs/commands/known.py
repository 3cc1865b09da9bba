"""Keeping what the suite holds elsewhere: the documents that organs issued."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.affairs.models import KnownDocument
from shared.events.documents import DocumentIssued


def keep_document(session: Session, *, event: DocumentIssued) -> None:
    """A document that its organ may hand in from now on; repeating it changes nothing."""
    rendered = event.rendered
    row = insert(KnownDocument).values(
        document_id=event.document_id,
        unit_id=event.owner_unit_id,
        number=event.number,
        title=event.title,
        kind=event.kind,
        issued_at=event.issued_at,
        digest=rendered.digest if rendered else "",
        size=rendered.size if rendered else 0,
        media_type=rendered.media_type if rendered else "",
        name=rendered.name if rendered else "",
    )
    session.execute(row.on_conflict_do_nothing())
