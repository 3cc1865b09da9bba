"""Overruling what the schedule says of a document that is not yet filed (人工鉴定)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.models import ClosedDocument, FilingState, RetentionRuling
from services.archives.queries.closings import find_ruling, get_number, lock_closed
from shared.auth import Actor
from shared.clock import Clock
from shared.ids import new_id


def overrule_retention(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, retention: str | None, reason: str
) -> ClosedDocument:
    """Rule how long a closed document is kept, or with None that it is not filed; the filer then acts on it.

    Problem 404 when the actor does not keep its archives, 409 when it is filed already or the ruling changes nothing.
    The route keeps it in the audit log, the ruling itself is never changed.
    """
    closed = lock_closed(session, actor, document_id)
    if closed.state == FilingState.FILED:
        raise errors.already_filed(closed.title, get_number(session, document_id))
    _require_change(session, closed, retention)
    session.add(
        RetentionRuling(
            id=new_id(),
            document_id=document_id,
            retention=retention,
            reason=reason,
            at=clock.now(),
            person_id=actor.person_id,
            person_name=actor.person_name,
            post_title=actor.post_title,
            unit_name=actor.unit_name,
        )
    )
    closed.state = FilingState.WAITING
    closed.next_attempt_at = clock.now()
    closed.reasons = []
    session.flush()
    return closed


def _require_change(session: Session, closed: ClosedDocument, retention: str | None) -> None:
    ruling = find_ruling(session, closed.document_id)
    ruled_so = ruling is not None and ruling.retention == retention
    if ruled_so or (closed.state == FilingState.NOT_FILED and retention is None):
        raise errors.nothing_to_overrule(closed.title)
