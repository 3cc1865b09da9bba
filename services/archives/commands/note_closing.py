"""Noting that an item was closed: only a row, so that it always works and filing may be tried again."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.archives.domain.closing import Closing
from services.archives.models import ClosedDocument, FilingState
from shared.auth import Actor
from shared.clock import Clock
from shared.events.base import dump_fields


def note_closing(session: Session, actor: Actor, clock: Clock, *, closed: Closing) -> None:
    """Keep that the item is due for a decision; one that is known already stays as it is."""
    now = clock.now()
    row = insert(ClosedDocument).values(
        document_id=closed.item_id,
        # The event that led here; what filing tells later names it as its cause.
        event_id=actor.causation_id,
        correlation_id=actor.correlation_id,
        direction=closed.direction.value,
        kind=closed.kind,
        title="".join(closed.title.splitlines()),
        number=closed.number,
        owner_unit_id=closed.owner_unit_id,
        closed_at=closed.closed_at,
        dossier=dump_fields(closed.dossier),
        noted_at=now,
        state=FilingState.WAITING,
        attempts=0,
        next_attempt_at=now,
        reasons=[],
    )
    session.execute(row.on_conflict_do_nothing(index_elements=[ClosedDocument.document_id]))
