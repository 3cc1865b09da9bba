"""Building a service's read model anew from the event logs of all services, in this process and without the broker.

All of it is one transaction: until it commits, readers see the old read model, and the service's workers wait with
what they are given; afterwards they find it in the inbox. A replay that fails has changed nothing.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.events.suite import import_contracts
from shared.messaging.event_log import EVERY, EventLog, LoggedEvent
from shared.messaging.failures import Undelivered
from shared.messaging.handling import handle, read_envelope
from shared.messaging.subscriptions import Subscription, service_of, subscriptions_of
from shared.runtime_context import Runtime
from shared.service import Service

_TOLD_MEANWHILE = sa.text("SELECT count(*) FROM outbox_event WHERE xmin = pg_current_xact_id()::xid")
_FORGET = (
    sa.text("DELETE FROM inbox_event WHERE handler = ANY(:handlers)"),
    sa.text("DELETE FROM handler_cursor WHERE handler = ANY(:handlers)"),
)
# Handlers insert here first, so they wait until the replay has ended.
_HOLD_HANDLERS = sa.text("LOCK TABLE inbox_event IN SHARE ROW EXCLUSIVE MODE")

PROGRESS_EVERY = 500

Reset = Callable[[Session], None]


class ReplayRefused(Exception):
    """The service cannot be replayed, or its handlers do more than build a read model; the text says which."""


class Replay:
    """Replays the handlers of one worker, after `reset` has emptied what they had built."""

    def __init__(
        self,
        runtime: Runtime,
        worker: type,
        *,
        reset: Reset,
        producers: Sequence[str],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        import_contracts()
        self._runtime, self._worker, self._reset = runtime, worker, reset
        self._producers, self._progress = producers, progress
        self._service = service_of(worker)
        self._subscriptions = subscriptions_of(worker)

    def run(self) -> int:
        """How many events were replayed."""
        logs = [EventLog(self._runtime.database(name)) for name in self._producers]
        with self._runtime.database(self._service.name).transaction() as session:
            session.execute(_HOLD_HANDLERS)
            for statement in _FORGET:
                session.execute(statement, {"handlers": [made.queue for made in self._subscriptions]})
            self._reset(session)
            count = self._handle_all(session, logs)
            told = session.execute(_TOLD_MEANWHILE).scalar_one()
            if told:
                raise ReplayRefused(
                    f"handlers of {self._service.name} recorded {told} events; nothing was changed"
                )
        return count

    def _handle_all(self, session: Session, logs: list[EventLog]) -> int:
        count = 0
        for producer, item in _merged(logs):
            for subscription in self._subscriptions:
                self._handle(session, subscription, producer, item)
            count += 1
            if count % PROGRESS_EVERY == 0:
                session.expunge_all()
                self._progress(count)
        return count

    def _handle(self, session: Session, subscription: Subscription, producer: str, item: LoggedEvent) -> None:
        keys = subscription.keys_by_producer([producer]).get(producer, ())
        if item.key not in keys and EVERY not in keys:
            return
        try:
            envelope = read_envelope(item.body, subscription)
        except Undelivered as error:
            raise ReplayRefused(f"event {item.event_id} of {producer} cannot be read: {error}") from error
        method: Any = getattr(self._worker(), subscription.method)
        handle(session, envelope, subscription=subscription, runtime=self._runtime, method=method)


def _merged(logs: Sequence[EventLog]) -> Iterator[tuple[str, LoggedEvent]]:
    """The events of all logs in the order of their recording; of one log always in its own order."""

    def told(log: EventLog) -> Iterator[tuple[str, LoggedEvent]]:
        for chunk in log.read([EVERY], until=log.last_given()):
            yield from ((log.producer, item) for item in chunk)

    return heapq.merge(*(told(log) for log in logs), key=lambda told_by: told_by[1].recorded_at)


def reset_of(service: Service) -> Reset:
    """What empties the service's read model: its command `reset_read_model`."""
    commands = import_module(f"{service.package}.commands")
    reset: Reset | None = getattr(commands, "reset_read_model", None)
    if reset is None:
        raise ReplayRefused(
            f"{service.name} has no commands.reset_read_model, so it has no read model to build anew"
        )
    return reset
