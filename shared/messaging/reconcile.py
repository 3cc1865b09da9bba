"""Reconciling: whatever was published and is in no inbox goes to its handler once more.

Nothing should ever be missing; but a queue can be deleted by mistake, a broker's disk can die, and the broker in
memory forgets. The event log does not, and the inbox makes a second delivery harmless.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.messaging.event_log import SETTLE_SECONDS, EventLog, LoggedEvent
from shared.messaging.models import ReconciledUpTo
from shared.messaging.publishing import Fate, Parcel, Publisher
from shared.messaging.subscriptions import Subscription
from shared.runtime_context import Runtime

_LACKING = sa.text(
    "SELECT id::text FROM unnest(CAST(:ids AS uuid[])) AS id"
    " WHERE NOT EXISTS (SELECT FROM inbox_event WHERE handler = :handler AND event_id = id)"
)


@dataclass(kw_only=True)
class Reconciled:
    """What was found of one producer's events for one handler."""

    handler: str
    producer: str
    checked: int = 0
    sent_again: int = 0
    dead: int = 0
    unroutable: int = 0


Progress = Callable[[Reconciled], None]


class Reconciler:
    """Compares logs with inboxes, chunk by chunk; safe to run at any time and to break off at any point.

    `grace` leaves alone what was published so recently that it may still be on its way or on the retry ladder.
    `dead_ids(service, handler)` are the events that wait among the dead letters, which are an operator's to decide.
    """

    def __init__(
        self,
        runtime: Runtime,
        publisher: Publisher,
        *,
        grace: timedelta,
        dead_ids: Callable[[str, str], set[str]],
        progress: Progress = lambda _: None,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._runtime, self._publisher = runtime, publisher
        self._grace, self._dead_ids, self._progress = grace, dead_ids, progress
        self._settle_seconds = settle_seconds

    def run(self, subscriptions: Sequence[Subscription], producers: Sequence[str]) -> list[Reconciled]:
        """Every handler against every producer that it listens to; returns what was done for each pair."""
        self._publisher.open()
        try:
            logs = {name: EventLog(self._runtime.database(name)) for name in producers}
            settled = {name: log.settled_until(within=self._settle_seconds) for name, log in logs.items()}
            return [
                self._pair(subscription, logs[producer], keys, settled[producer])
                for subscription in subscriptions
                for producer, keys in subscription.keys_by_producer(producers).items()
            ]
        finally:
            self._publisher.close()

    def _pair(
        self, subscription: Subscription, log: EventLog, keys: list[str], settled: int | None
    ) -> Reconciled:
        done = Reconciled(handler=subscription.queue, producer=log.producer)
        before = self._runtime.clock.now() - self._grace
        start = self._known_up_to(subscription, log.producer, keys)
        until = log.last_given() if settled is None else settled
        dead = self._dead_ids(subscription.service, subscription.queue)
        first_open = log.first_unpublished(keys, until=until, before=before)
        for chunk in log.read(keys, after=start, until=until, published_before=before):
            lacking = self._lacking(subscription, chunk)
            if lacking and (first_open is None or lacking[0].position < first_open):
                first_open = lacking[0].position
            self._send_again(
                subscription.queue, [item for item in lacking if item.event_id not in dead], done
            )
            done.checked += len(chunk)
            done.dead += sum(item.event_id in dead for item in lacking)
            self._progress(done)
        if settled is not None:
            self._remember(subscription, log.producer, keys, until if first_open is None else first_open - 1)
        return done

    def _lacking(self, subscription: Subscription, chunk: list[LoggedEvent]) -> list[LoggedEvent]:
        ids = [item.event_id for item in chunk]
        with self._runtime.database(subscription.service).session() as session:
            rows = session.execute(_LACKING, {"ids": ids, "handler": subscription.queue})
            missing = set(rows.scalars())
        return [item for item in chunk if item.event_id in missing]

    def _send_again(self, queue: str, events: list[LoggedEvent], done: Reconciled) -> None:
        parcels = [Parcel(item.position, item.event_id, queue, item.body, mandatory=True) for item in events]
        self._publisher.send(parcels)
        self._publisher.settle(parcels)
        confirmed = sum(parcel.fate is Fate.CONFIRMED for parcel in parcels)
        done.sent_again += confirmed
        done.unroutable += len(parcels) - confirmed

    def _known_up_to(self, subscription: Subscription, producer: str, keys: list[str]) -> int:
        with self._runtime.database(subscription.service).session() as session:
            row = session.get(ReconciledUpTo, (subscription.queue, producer))
            return row.position if row is not None and row.keys == _joined(keys) else 0

    def _remember(self, subscription: Subscription, producer: str, keys: list[str], position: int) -> None:
        row = insert(ReconciledUpTo).values(
            handler=subscription.queue, producer=producer, position=position, keys=_joined(keys)
        )
        with self._runtime.database(subscription.service).transaction() as session:
            session.execute(
                row.on_conflict_do_update(
                    index_elements=[ReconciledUpTo.handler, ReconciledUpTo.producer],
                    set_={"position": row.excluded.position, "keys": row.excluded["keys"]},
                )
            )


def _joined(keys: Sequence[str]) -> str:
    return " ".join(sorted(keys))
