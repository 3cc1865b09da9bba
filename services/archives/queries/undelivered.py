"""Closed documents whose event has not arrived: found only by an operator, who can reach both databases."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.queries.closings import known_documents
from shared.events.base import load_fields
from shared.events.documents import DocumentClosed
from shared.messaging.models import OutboxEvent

AT_ONCE = 1000


def list_undelivered(session: Session, *, producer: Session) -> Iterator[DocumentClosed]:
    """What the producer's event log tells as closed and archives does not know of, oldest first."""
    told = producer.scalars(
        sa.select(OutboxEvent.data)
        .where(OutboxEvent.key == DocumentClosed.key)
        .order_by(OutboxEvent.position)
        .execution_options(yield_per=AT_ONCE)
    )
    for texts in told.partitions(AT_ONCE):
        events = [load_fields(DocumentClosed, json.loads(text)) for text in texts]
        known = known_documents(session, [event.document_id for event in events])
        yield from (event for event in events if event.document_id not in known)
