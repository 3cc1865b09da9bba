"""Telling the others, and knowing it at once oneself."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared import directory
from shared.auth import Actor
from shared.events.base import Event
from shared.messaging import outbox

DIRECTORY_LOCK = 0x49444952  # "IDIR"


def tell(session: Session, actor: Actor, event: Event) -> None:
    """Record an event, and keep it in identity's own local directory in the same transaction.

    Identity checks tokens like every other service; for its own facts it need not wait for the broker.
    """
    outbox.record(session, actor, event)
    directory.keep(session, event)


def lock_directory(session: Session) -> None:
    """One change of the directory at a time: its rules look at all of it."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(DIRECTORY_LOCK)))
