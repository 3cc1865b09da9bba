"""Keeping why a document could not be filed, and calling for another attempt."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.domain.gaps import pause_after
from services.archives.models import ClosedDocument, FilingState
from shared.auth import Actor
from shared.clock import Clock


def note_failure(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, reasons: Sequence[str]
) -> None:
    """Keep the reasons and put off the next attempt; a document that was decided on meanwhile stays as it is."""
    closed = session.scalars(
        sa.select(ClosedDocument)
        .where(ClosedDocument.document_id == document_id, ClosedDocument.state == FilingState.WAITING)
        .with_for_update()
    ).one_or_none()
    if closed is None:
        return
    now = clock.now()
    closed.attempts += 1
    closed.last_attempt_at = now
    closed.next_attempt_at = now + pause_after(closed.attempts)
    closed.reasons = list(reasons)


def retry_now(session: Session, actor: Actor, clock: Clock, *, document_id: UUID | None = None) -> int:
    """Let the document, or every waiting one, be tried again at once; returns how many."""
    waiting = sa.update(ClosedDocument).where(ClosedDocument.state == FilingState.WAITING)
    if document_id:
        waiting = waiting.where(ClosedDocument.document_id == document_id)
    tried = session.execute(waiting.values(next_attempt_at=clock.now()))
    return int(tried.rowcount)  # type: ignore[attr-defined]
