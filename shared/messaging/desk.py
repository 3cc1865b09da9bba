"""What is done with one delivery: the transaction, and on failure the way up the ladder or to the dead letters."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import eventlet
import structlog

from shared.events.base import Envelope
from shared.logs import log_context
from shared.messaging import metrics
from shared.messaging.availability import is_away, is_race
from shared.messaging.backoff import Backoff
from shared.messaging.failures import Failure, Ladder, Undelivered, attempts_of, marked
from shared.messaging.handling import Verdict, facts_of, handle, handle_together, read_envelope
from shared.messaging.link import Incoming, LinkLost, Outgoing
from shared.messaging.names import dead_queue
from shared.messaging.subscriptions import Order, Subscription
from shared.messaging.turns import Turns
from shared.runtime_context import Runtime

_log = structlog.get_logger("yiwang.messaging")
Method = Callable[..., Any]

RACES_IN_A_ROW = 5


class Desk:
    """Deals with the deliveries of one service."""

    def __init__(self, runtime: Runtime, service: str, *, is_stopping: Callable[[], bool]) -> None:
        self._runtime = runtime
        self._service = service
        self._database = runtime.database(service)
        self._ladder = Ladder.of(runtime.settings.messaging.retry_seconds)
        self._is_stopping = is_stopping
        self._turns = Turns()

    def settle(
        self, batch: Sequence[Incoming], subscription: Subscription, method: Method
    ) -> Iterator[Incoming]:
        """Deal with deliveries of one handler; gives those that may be taken off the queue, each when it may."""
        if len(batch) > 1 and self._deal_with_together(batch, subscription, method):
            yield from batch
            return
        for place, incoming in enumerate(batch):
            if place and (self._is_stopping() or not incoming.link.is_open):
                return
            if self.deal_with(incoming, subscription, method):
                yield incoming

    def _deal_with_together(
        self, batch: Sequence[Incoming], subscription: Subscription, method: Method
    ) -> bool:
        """Whether one transaction has handled all of them; otherwise nothing has happened."""
        started = time.perf_counter()
        try:
            envelopes = [read_envelope(incoming.body, subscription) for incoming in batch]
            with self._database.transaction() as session:
                verdicts = handle_together(
                    session, envelopes, subscription=subscription, runtime=self._runtime, method=method
                )
        except Exception as error:  # noqa: BLE001 (each by itself shows what is wrong with which)
            text = str(error).partition("\n")[0]
            _log.info("handling one by one", handler=subscription.queue, events=len(batch), error=text)
            return False
        seconds = (time.perf_counter() - started) / len(batch)
        for envelope, verdict in zip(envelopes, verdicts, strict=True):
            metrics.SECONDS.labels(subscription.queue).observe(seconds)
            self._note(envelope, subscription, verdict, seconds=seconds)
        return True

    def deal_with(self, incoming: Incoming, subscription: Subscription, method: Method) -> bool:
        """Whether the message may be taken off its queue: it was handled, or is safe elsewhere."""
        started = time.perf_counter()
        try:
            envelope = read_envelope(incoming.body, subscription)
        except Undelivered as error:
            return self._pass_on(incoming, subscription, Failure.of(error))
        with log_context(**facts_of(envelope, subscription)):
            try:
                verdict = self._handle(envelope, subscription, method)
            except Exception as error:  # noqa: BLE001 (the edge: whatever happens, the event is kept)
                _log_failure(error, attempts_of(incoming.headers))
                return self._pass_on(incoming, subscription, Failure.of(error))
            finally:
                metrics.SECONDS.labels(subscription.queue).observe(time.perf_counter() - started)
        if verdict is None:
            return False
        self._note(envelope, subscription, verdict, seconds=time.perf_counter() - started)
        return True

    def _note(
        self, envelope: Envelope, subscription: Subscription, verdict: Verdict, *, seconds: float
    ) -> None:
        metrics.HANDLED.labels(subscription.queue, verdict.value).inc()
        age = (self._runtime.clock.now() - envelope.time).total_seconds()
        metrics.AGE.labels(subscription.queue).observe(max(age, 0))
        facts = {name: str(fact) for name, fact in facts_of(envelope, subscription).items()}
        _log.info("handled", verdict=verdict.value, milliseconds=round(seconds * 1000, 1), **facts)

    def _handle(self, envelope: Envelope, subscription: Subscription, method: Method) -> Verdict | None:
        """What became of it; None when the process is told to stop while the database is away."""
        in_turn = subscription.order is not Order.ANY
        backoff, races = Backoff(longest=10), 0
        while True:
            try:
                with self._turns.at((subscription.queue, envelope.subject)) if in_turn else nullcontext():
                    return self._in_transaction(envelope, subscription, method)
            except Exception as error:
                races += is_race(error)
                if is_race(error) and races < RACES_IN_A_ROW:
                    continue
                if not is_away(error):
                    raise
                _log.warning("database is away, waiting for it", error=str(error).partition("\n")[0])
            if self._is_stopping():
                return None
            eventlet.sleep(backoff.pause())

    def _in_transaction(self, envelope: Envelope, subscription: Subscription, method: Method) -> Verdict:
        with self._database.transaction() as session:
            return handle(session, envelope, subscription=subscription, runtime=self._runtime, method=method)

    def _pass_on(self, incoming: Incoming, subscription: Subscription, failure: Failure) -> bool:
        """Whether the failed message is safe on the ladder or with the dead letters; waits until it is."""
        step = self._ladder.next_step(incoming.headers, failure)
        now = self._runtime.clock.now()
        message = Outgoing(
            queue=subscription.queue if step else dead_queue(self._service),
            body=incoming.body,
            headers=marked(incoming.headers, failure, handler=subscription.queue, now=now),
            service=self._service,
            step=step,
        )
        if not self._send(incoming, message):
            return False
        metrics.FAILED.labels(subscription.queue, failure.reason.value).inc()
        if step:
            metrics.RETRIED.labels(subscription.queue).inc()
        else:
            metrics.DEAD.labels(subscription.queue, failure.reason.value).inc()
        _log.log(
            30 if step else 40,
            "will be tried again" if step else "moved to the dead letters",
            handler=subscription.queue,
            reason=failure.reason.value,
            error=failure.error,
            attempts=message.headers["x-yiwang-attempts"],
            wait_seconds=step.seconds if step else None,
        )
        return True

    def _send(self, incoming: Incoming, message: Outgoing) -> bool:
        backoff = Backoff()
        while incoming.link.is_open:
            try:
                incoming.link.send(message)
                return True
            except LinkLost as error:
                _log.warning("could not pass a failed message on, trying again", error=str(error))
            if self._is_stopping():
                return False
            eventlet.sleep(backoff.pause())
        return False


def _log_failure(error: Exception, attempts: int) -> None:
    """The whole traceback once; waiting for an earlier event is no error of the handler."""
    if isinstance(error, Undelivered) or attempts:
        return
    _log.exception("handler failed")
