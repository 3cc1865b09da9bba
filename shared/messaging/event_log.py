"""Reading a service's event log: for sending again what was lost, and for building read models anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.db import Database
from shared.events.base import SOURCE_PREFIX
from shared.messaging.publishing import ROW, envelope_body

CHUNK = 1000
EVERY = "#"
# How long to wait for transactions that are under way, before leaving the newest events for the next time.
SETTLE_SECONDS = 5.0

_READ = sa.text(
    f"SELECT {ROW} FROM outbox_event"  # noqa: S608 (no input in it)
    " WHERE position > :after AND position <= :until AND (:every OR key = ANY(:keys))"
    " AND (CAST(:before AS timestamptz) IS NULL OR published_at < CAST(:before AS timestamptz))"
    " ORDER BY position LIMIT :limit"
)
_FIRST_UNPUBLISHED = sa.text(
    "SELECT min(position) FROM outbox_event WHERE position <= :until AND (:every OR key = ANY(:keys))"
    " AND (published_at IS NULL OR published_at >= :before)"
)
_LAST_GIVEN = sa.text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM outbox_event_position_seq")
_NEWEST_TRANSACTION = sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
_OLDEST_OPEN = sa.text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


class EventLog:
    """The log of one producer."""

    def __init__(self, database: Database) -> None:
        self.producer = database.service
        self._database = database
        self._source = SOURCE_PREFIX + database.service

    def settled_until(self, *, within: float = SETTLE_SECONDS) -> int | None:
        """A position up to which nothing can appear any more; None when a transaction is open for too long.

        Positions are given before commit, so one may appear late. Whoever was given one up to the last that we see
        has a transaction number below the newest that we see after it; once all those have ended, all is settled.
        """
        with self._database.session() as session:
            last = int(session.execute(_LAST_GIVEN).scalar_one())
            newest = int(session.execute(_NEWEST_TRANSACTION).scalar_one())
        deadline = monotonic() + within
        while monotonic() < deadline:
            with self._database.session() as session:
                if int(session.execute(_OLDEST_OPEN).scalar_one()) >= newest:
                    return last
            sleep(0.02)
        return None

    def last_given(self) -> int:
        """The highest position that was given to an event, committed or not."""
        with self._database.session() as session:
            return int(session.execute(_LAST_GIVEN).scalar_one())

    def first_unpublished(self, keys: Sequence[str], *, until: int, before: datetime) -> int | None:
        """The first event of these keys that was not published by then."""
        with self._database.session() as session:
            found: int | None = session.execute(
                _FIRST_UNPUBLISHED, {"until": until, "before": before, **_of(keys)}
            ).scalar()
            return found

    def read(
        self, keys: Sequence[str], *, after: int = 0, until: int, published_before: datetime | None = None
    ) -> Iterator[list["LoggedEvent"]]:
        """The events of these keys in order, in chunks; only published ones when asked so.

        All chunks are of one snapshot: otherwise an event could be read without one of its aggregate before it.
        """
        with self._database.session() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            while chunk := self._chunk(session, keys, after, until, published_before):
                yield chunk
                after = chunk[-1].position

    def _chunk(
        self, session: Session, keys: Sequence[str], after: int, until: int, before: datetime | None
    ) -> list["LoggedEvent"]:
        place = {"after": after, "until": until, "before": before, "limit": CHUNK}
        return [LoggedEvent(row, self._source) for row in session.execute(_READ, {**place, **_of(keys)})]


class LoggedEvent:
    """One event of the log, ready to be sent or handled."""

    __slots__ = ("body", "event_id", "key", "position", "recorded_at")

    def __init__(self, row: Any, source: str) -> None:
        self.position: int = row[0]
        self.event_id: str = row[1]
        self.key: str = row[2]
        self.recorded_at: str = row[5]
        self.body = envelope_body(row, source)


def _of(keys: Sequence[str]) -> dict[str, Any]:
    return {"every": EVERY in keys, "keys": list(keys)}
