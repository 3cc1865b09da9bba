"""The consumer of a worker: keeps a line to the broker, gives deliveries to handlers, and stops in good order."""

from collections import defaultdict, deque
from collections.abc import Callable
from logging import getLogger
from typing import Any

import eventlet
from eventlet.event import Event as Promise
from eventlet.queue import LightQueue
from nameko import config
from nameko.extensions import SharedExtension

from shared.messaging.backoff import Backoff
from shared.messaging.desk import Desk
from shared.messaging.link import Incoming, Link, LinkLost, OpenLink
from shared.messaging.memory import URL as MEMORY_URL
from shared.messaging.memory import MemoryLink
from shared.messaging.metrics import LINES_LOST
from shared.messaging.rabbit import RabbitLink
from shared.messaging.subscriptions import Subscription, service_of, subscriptions_of
from shared.runtime_context import Runtime, runtime_of

_log = getLogger(__name__)

# The most events in one transaction: half of what is prefetched, so that a commit and the next events overlap.
MOST_AT_ONCE = 10


class EventConsumer(SharedExtension):
    """One per worker container: a reader that takes messages in, and `max_workers` runners that work on them."""

    def __init__(self) -> None:
        super().__init__()
        self._methods: set[str] = set()
        # What was delivered and nobody has begun, by queue, and the queue's name once for each.
        self._waiting: dict[str, deque[Incoming]] = defaultdict(deque)
        self._came: LightQueue = LightQueue()
        self._busy = 0
        self._stopping = False
        self._started = False
        self._stopped: Promise = Promise()

    def add(self, method: str) -> None:
        """Listen for this method too; called by every entrypoint before the container starts."""
        self._methods.add(method)

    def start(self) -> None:
        if self._started or not self._methods:
            return
        self._started = True
        runtime = runtime_of(config)
        worker = self.container.service_cls
        service = service_of(worker).name
        self._subscriptions = {
            made.queue: made for made in subscriptions_of(worker) if made.method in self._methods
        }
        self._settings = runtime.settings.messaging
        self._open_link = link_opener(runtime, service)
        self._desk = Desk(runtime, service, is_stopping=lambda: self._stopping)
        self._lines_lost = LINES_LOST.labels(service)
        for _ in range(runtime.settings.max_workers):
            self.container.spawn_managed_thread(self._run, identifier="runner")
        self.container.spawn_managed_thread(self._read, identifier="reader")

    def stop(self) -> None:
        """Take nothing new, let running handlers end, acknowledge them, and close the line."""
        if not self._started:
            return
        self._stopping = True
        self._stopped.wait()

    def kill(self) -> None:
        self._stopping = True

    def _read(self) -> None:
        """The reader: for ever, through every loss of the line."""
        backoff = Backoff()
        while not self._stopping:
            try:
                link = self._open_link()
            except LinkLost as error:
                self._pause_after(error, backoff)
                continue
            try:
                self._serve(link, backoff)
            except LinkLost as error:
                self._pause_after(error, backoff)
            finally:
                link.close()
        self._let_runners_end(eventlet.sleep, 0.05)
        self._stopped.send(None)

    def _serve(self, link: Link, backoff: Backoff) -> None:
        link.consume(list(self._subscriptions), prefetch=self._settings.prefetch, receive=self._receive)
        backoff.reset()
        _log.info("listening to %d queues", len(self._subscriptions))
        while not self._stopping:
            link.wait()
        link.cancel()
        self._let_runners_end(link.wait)

    def _let_runners_end(self, wait: Callable[..., None], *arguments: float) -> None:
        try:
            with eventlet.Timeout(self._settings.drain_seconds):
                while self._busy:
                    wait(*arguments)
        except eventlet.Timeout:
            _log.warning("%d handlers did not end in time; their events will come again", self._busy)

    def _pause_after(self, error: LinkLost, backoff: Backoff) -> None:
        if self._stopping:
            return
        pause = backoff.pause()
        self._lines_lost.inc()
        _log.warning("no line to the broker, trying again in %.1f s: %s", pause, error)
        eventlet.sleep(pause)

    def _receive(self, incoming: Incoming) -> None:
        self._waiting[incoming.queue].append(incoming)
        self._came.put(incoming.queue)

    def _run(self) -> None:
        """A runner: one delivery, or a batch, after the other; what still waits when we stop goes back to its queue."""
        while True:
            subscription = self._subscriptions[self._came.get()]
            batch = self._take(subscription)
            if self._stopping or not batch:
                continue
            self._busy += 1
            try:
                self._work_on(batch, subscription)
            finally:
                self._busy -= 1

    def _take(self, subscription: Subscription) -> list[Incoming]:
        """The next of what waits for the handler; nothing when an earlier batch has taken it along."""
        waiting = self._waiting[subscription.queue]
        most = MOST_AT_ONCE if subscription.gathers else 1
        taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        return [incoming for incoming in taken if incoming.link.is_open]

    def _work_on(self, batch: list[Incoming], subscription: Subscription) -> None:
        worker: Any = self.container.service_cls()
        try:
            for incoming in self._desk.settle(batch, subscription, getattr(worker, subscription.method)):
                incoming.link.ack(incoming)
        except LinkLost as error:
            # The effect is committed, so the message that comes again is known as a duplicate.
            _log.info("could not acknowledge: %s", error)


def link_opener(runtime: Runtime, service: str) -> OpenLink:
    """Opens lines to the broker that the settings name."""
    settings = runtime.settings
    if settings.amqp_url.startswith(MEMORY_URL):
        return MemoryLink
    return lambda: RabbitLink(
        settings.amqp_url,
        name=f"yiwang-{service}-worker",
        heartbeat=settings.messaging.heartbeat_seconds,
        confirm_seconds=settings.messaging.confirm_seconds,
    )
