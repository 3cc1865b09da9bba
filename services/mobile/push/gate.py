"""Reading the feed without overtaking a writer that has its position but has not committed yet.

Sequence order is not commit order. Every writer holds GATE shared from before its position until its commit (the
trigger on `inbox_change`), and writers do not wait for each other; a reader holds it alone for the moment of one
read. What it sees then is complete: any position that is still missing was rolled back and never comes. The horizon
of running transactions would tell the same, but it covers the whole server, where any service's long transaction
would hold up everybody's inbox.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.queries.feed import FeedRow, list_feed, resume_point

# "INBX"; the same number stands in the trigger.
GATE = 1229867864
# A writer that takes longer must not make the others queue behind this reader; the next read comes soon.
PATIENCE = "200ms"


def read_feed(session: Session, *, after: int, limit: int) -> list[FeedRow]:
    """The changes after that position, none of which an earlier one can still precede.

    Raises sqlalchemy's OperationalError when a writer took too long; nothing is lost by trying again.
    """
    _enter(session)
    return list_feed(session, after=after, limit=limit)


def read_position(session: Session) -> int:
    """How far the feed has come, completely."""
    _enter(session)
    return resume_point(session)


def _enter(session: Session) -> None:
    session.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": GATE})
