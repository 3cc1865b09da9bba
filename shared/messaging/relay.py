"""The relay: sends what the outbox holds, in order, and marks what the broker has confirmed.

A plain loop without eventlet or nameko, so that it runs in a process of its own as fast as the machine allows; in
embedded mode the same loop runs in a greenlet with another publisher.
"""

import select
import threading
import time
from contextlib import suppress
from logging import getLogger
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT
from sqlalchemy.engine import URL, make_url

from shared.events.base import SOURCE_PREFIX, event_class
from shared.messaging import metrics
from shared.messaging.backoff import Backoff
from shared.messaging.outbox import NOTIFY_CHANNEL
from shared.messaging.publishing import ROW, BrokerAway, Fate, Parcel, Publisher, envelope_body

_log = getLogger(__name__)

BATCH = 500
# "YIWA" and 1: advisory locks are per database, so one key serves every service.
LOCK = (0x59495741, 1)
IDLE_SECONDS = 0.5
STANDBY_SECONDS = 0.5
COUNT_EVERY_SECONDS = 5.0
LONGEST_PAUSE_OF_RETURNED = 300.0

# Rows are taken by state and never by "after the last position": positions are given before commit, so a lower one
# may appear after a higher one.
TAKE = (
    f"SELECT {ROW} FROM outbox_event WHERE published_at IS NULL AND key <> ALL(%s)"  # noqa: S608 (no input in it)
    " ORDER BY position LIMIT %s FOR UPDATE SKIP LOCKED"
)
MARK = "UPDATE outbox_event SET published_at = clock_timestamp() WHERE position = ANY(%s)"
COUNT = (
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)"
    " FROM outbox_event WHERE published_at IS NULL"
)


class Relay:
    """The relay of one service's database. Of several, the one that holds the advisory lock works."""

    def __init__(self, service: str, database_url: str | URL, publisher: Publisher) -> None:
        self._service = service
        self._source = SOURCE_PREFIX + service
        address = make_url(database_url).set(drivername="postgresql")
        self._dsn = address.render_as_string(hide_password=False)
        self._publisher = publisher
        self._returned = Returned()
        self._counted_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, through every loss of the database or the broker."""
        backoff = Backoff()
        while not stop.is_set():
            lines: list[Any] = []
            try:
                lines.append(self._connect(autocommit=True))
                self._work(lines, stop, backoff)
            except (psycopg2.Error, BrokerAway) as error:
                pause = backoff.pause()
                _log.warning("relay of %s pauses %.1f s: %s", self._service, pause, str(error).strip())
                stop.wait(pause)
            except Exception:  # noqa: BLE001 (nobody else would send this service's events: begin anew)
                _log.exception("relay of %s failed", self._service)
                stop.wait(backoff.longest)
            finally:
                metrics.ACTIVE.labels(self._service).set(0)
                self._publisher.close()
                for line in lines:
                    with suppress(psycopg2.Error):
                        line.close()

    def _work(self, lines: list[Any], stop: threading.Event, backoff: Backoff) -> None:
        control = lines[0]
        if not self._becomes_active(control, stop):
            return
        self._publisher.open()
        lines += [self._connect(autocommit=False), self._connect(autocommit=False)]
        with control.cursor() as cursor:
            cursor.execute(f"LISTEN {NOTIFY_CHANNEL}")
        metrics.ACTIVE.labels(self._service).set(1)
        _log.info("relay of %s is active", self._service)
        backoff.reset()
        while not stop.is_set():
            refused = self._pump(lines[1], lines[2], stop)
            if refused:
                raise BrokerAway(f"the broker refused {refused} events")
            self._count(control)
            self._idle(control)

    def _becomes_active(self, control: Any, stop: threading.Event) -> bool:
        while not stop.is_set():
            with control.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
                if cursor.fetchone()[0]:
                    return True
            stop.wait(STANDBY_SECONDS)
        return False

    def _pump(self, first: Any, second: Any, stop: threading.Event) -> int:
        """Publish until nothing is left; how many the broker refused.

        Two transactions take turns: while the broker confirms one batch, the next is read, and while that is on its
        way the first is marked. Rows stay locked until they are marked.
        """
        current, refused = self._take(first), 0
        self._publisher.send(current)
        while current:
            following = [] if stop.is_set() or refused else self._take(second)
            self._publisher.send(following)
            self._publisher.settle(current)
            refused += self._mark(first, current)
            current, first, second = following, second, first
        first.rollback()
        second.rollback()
        return refused

    def _take(self, line: Any) -> list[Parcel]:
        with line.cursor() as cursor:
            cursor.execute(TAKE, (self._returned.resting(time.monotonic()), BATCH))
            rows = cursor.fetchall()
        return [
            Parcel(row[0], row[1], row[2], envelope_body(row, self._source), mandatory=_is_mandatory(row[2]))
            for row in rows
        ]

    def _mark(self, line: Any, parcels: list[Parcel]) -> int:
        confirmed = [parcel.position for parcel in parcels if parcel.fate is Fate.CONFIRMED]
        if confirmed:
            with line.cursor() as cursor:
                cursor.execute(MARK, (confirmed,))
        line.commit()
        metrics.PUBLISHED.labels(self._service).inc(len(confirmed))
        if len(confirmed) < len(parcels):
            return self._note_failed(parcels)
        self._returned.clear({parcel.key for parcel in parcels})
        return 0

    def _note_failed(self, parcels: list[Parcel]) -> int:
        keys = {parcel.key for parcel in parcels if parcel.fate is Fate.RETURNED}
        for key in keys:
            pause = self._returned.rest(key, time.monotonic())
            metrics.RETURNED.labels(self._service, key).inc()
            _log.warning("no queue is bound for %s; its events wait %.0f s; apply the topology", key, pause)
        refused = sum(parcel.fate is Fate.REFUSED for parcel in parcels)
        metrics.REFUSED.labels(self._service).inc(refused)
        return refused

    def _idle(self, control: Any) -> None:
        """Wait until an event was recorded, the broker says something, or a while has passed."""
        control.poll()
        if control.notifies:
            control.notifies.clear()
            return
        fileno = self._publisher.fileno()
        watched = [control] if fileno is None else [control, fileno]
        select.select(watched, [], [], IDLE_SECONDS)
        control.poll()
        control.notifies.clear()
        self._publisher.attend()

    def _count(self, control: Any) -> None:
        if time.monotonic() - self._counted_at < COUNT_EVERY_SECONDS:
            return
        self._counted_at = time.monotonic()
        with control.cursor() as cursor:
            cursor.execute(COUNT)
            backlog, lag = cursor.fetchone()
        metrics.BACKLOG.labels(self._service).set(backlog)
        metrics.LAG.labels(self._service).set(float(lag))

    def _connect(self, *, autocommit: bool) -> Any:
        line = psycopg2.connect(
            self._dsn, application_name=f"yiwang-{self._service}-relay", connect_timeout=10
        )
        if autocommit:
            line.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        return line


class Returned:
    """Keys whose events came back because no queue is bound for them; each time they rest longer."""

    def __init__(self) -> None:
        self._backoffs: dict[str, Backoff] = {}
        self._until: dict[str, float] = {}

    def rest(self, key: str, now: float) -> float:
        """Leave the key alone for a while; how long."""
        backoff = self._backoffs.setdefault(key, Backoff(first=0.5, longest=LONGEST_PAUSE_OF_RETURNED))
        pause = backoff.pause()
        self._until[key] = now + pause
        return pause

    def resting(self, now: float) -> list[str]:
        """The keys to leave alone now."""
        return [key for key, until in self._until.items() if until > now]

    def clear(self, keys: set[str]) -> None:
        """Events of these keys have found a queue."""
        for key in keys & self._until.keys():
            del self._until[key], self._backoffs[key]


def _is_mandatory(key: str) -> bool:
    """Whether somebody has to be listening for it; also what this release does not know is not thrown away."""
    try:
        return event_class(key).consumed
    except KeyError:
        return True
