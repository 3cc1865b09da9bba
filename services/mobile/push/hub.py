"""One listener per process: wakes on NOTIFY, reads the feed once, and hands each change to the streams it concerns."""

import logging
import threading
from collections.abc import Iterable
from time import monotonic
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from services.mobile import errors
from services.mobile.push.gate import read_feed, read_position
from services.mobile.push.listener import Listener
from services.mobile.push.subscription import Subscription
from services.mobile.queries.viewer import Viewer
from shared.auth import Revocation
from shared.db import Database

_log = logging.getLogger("yiwang.mobile.push")

STREAMS_PER_PERSON = 5
# Each stream holds one of the process's greenlets for requests; ordinary requests need most of them.
STREAMS = 300
READ_AT_ONCE = 500
# A notification may be lost with its connection; then the feed is read at the latest after this. Revocations are looked
# for at the same pace, by one query for all streams: access ends everywhere within 5 seconds of the event.
QUIET_SECONDS = 1.5
# Many changes in a moment are read together, so that writers are rarely held up.
GATHER_SECONDS = 0.03


class Hub:
    """Hands out subscriptions; runs its one thread while there are any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._subscriptions: set[Subscription] = set()
        self._position = 0
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._looked_at = monotonic()

    def subscribe(self, viewer: Viewer, *, revocable: Iterable[UUID] = ()) -> Subscription:
        """A subscription from the feed's position now on. Problem 429 when there are too many.

        When one of the `revocable` ids is revoked, the stream is woken to look whether its access has ended.
        """
        self.check_room(viewer.person_id)
        with self._lock:
            if self._thread is None:
                with self._database.transaction() as session:
                    self._position = read_position(session)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="inbox-hub", daemon=True)
                self._thread.start()
            made = Subscription(viewer, revocable=frozenset(revocable), position=self._position)
            self._subscriptions.add(made)
            return made

    def check_room(self, person_id: UUID) -> None:
        """Problem 429 when the person, or the process, has as many streams as it may."""
        with self._lock:
            if self._stopping.is_set() or len(self._subscriptions) >= STREAMS:
                raise errors.streams_full()
            if sum(made.person_id == person_id for made in self._subscriptions) >= STREAMS_PER_PERSON:
                raise errors.too_many_streams(STREAMS_PER_PERSON)

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a subscription; repeating it changes nothing."""
        with self._lock:
            self._subscriptions.discard(subscription)

    def stop(self) -> None:
        """End every stream and the listener."""
        self._stopping.set()
        with self._lock:
            subscriptions = list(self._subscriptions)
            thread = self._thread
        for subscription in subscriptions:
            subscription.end()
        if thread is not None:
            thread.join(QUIET_SECONDS + 3)

    def _run(self) -> None:
        listener = Listener(self._database.engine.url, stopping=self._stopping)
        try:
            while not self._stopping.is_set():
                listener.wait(QUIET_SECONDS)
                self._stopping.wait(GATHER_SECONDS)
                self._read()
                if monotonic() - self._looked_at >= QUIET_SECONDS:
                    self._look_for_revocations()
        finally:
            listener.close()

    def _read(self) -> None:
        """Take the feed on to its end; what cannot be read now is read the next time."""
        try:
            while self._read_some() == READ_AT_ONCE:
                continue
        except SQLAlchemyError as error:
            _log.warning("the inbox feed could not be read: %s", type(error).__name__)

    def _look_for_revocations(self) -> None:
        """Wake the streams whose session, person or tenure has an entry; they find out whether it is about them."""
        self._looked_at = monotonic()
        with self._lock:
            subscriptions = list(self._subscriptions)
        wanted = sorted({key for made in subscriptions for key in made.revocable})
        if not wanted:
            return
        try:
            with self._database.transaction() as session:
                entries = sa.select(Revocation.subject_id).where(Revocation.subject_id.in_(wanted))
                revoked = set(session.scalars(entries))
        except SQLAlchemyError as error:
            _log.warning("revocations could not be read: %s", type(error).__name__)
            return
        for made in subscriptions:
            if made.revocable & revoked:
                made.doubt()

    def _read_some(self) -> int:
        with self._database.transaction() as session:
            rows = read_feed(session, after=self._position, limit=READ_AT_ONCE)
        if rows:
            with self._lock:
                self._position = rows[-1].position
                for subscription in self._subscriptions:
                    subscription.offer(rows)
        return len(rows)
