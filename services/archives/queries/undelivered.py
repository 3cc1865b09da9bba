"""Closed items whose event has not arrived: found only by an operator, who can reach all databases."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.domain.closing import CLOSINGS, Closing, closing_of
from services.archives.queries.closings import known_documents
from shared.events.base import load_fields
from shared.messaging.models import OutboxEvent

AT_ONCE = 1000


def list_undelivered(session: Session, *, system: str, producer: Session) -> Iterator[Closing]:
    """What a service's event log tells as closed and archives does not know of, oldest first."""
    closes = CLOSINGS[system]
    told = producer.scalars(
        sa.select(OutboxEvent.data)
        .where(OutboxEvent.key == closes.key)
        .order_by(OutboxEvent.position)
        .execution_options(yield_per=AT_ONCE)
    )
    for texts in told.partitions(AT_ONCE):
        closings = [closing_of(load_fields(closes, json.loads(text))) for text in texts]
        known = known_documents(session, [closing.item_id for closing in closings])
        yield from (closing for closing in closings if closing.item_id not in known)
