"""A worker's line to RabbitMQ: one connection that listens, one that sends failed messages on."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import amqp
import eventlet
from eventlet.semaphore import Semaphore

from shared.messaging.connections import AWAY, GONE, close, connect, cut, wake
from shared.messaging.frames import ack_frames
from shared.messaging.link import WAIT_SECONDS, Incoming, LinkLost, Outgoing
from shared.messaging.names import retry_name

# So many heartbeats without a single frame, and the broker counts as frozen.
HEARTBEATS_MISSED = 2.5
PERSISTENT = 2
# How long an acknowledgement may wait for others; well under the time that a prefetched message waits for its turn.
GATHER_SECONDS = 0.005
# So many wait for no more: the broker holds back new messages for them.
GATHERED_ENOUGH = 10


class RabbitLink:
    """Consumes on one channel; frames go out from many greenlets, and only the reader reads."""

    def __init__(self, url: str, *, name: str, heartbeat: float, confirm_seconds: float) -> None:
        self._outbox = _ConfirmedSender(url, name=f"{name} (retries)", limit=confirm_seconds)
        self._heartbeat = heartbeat
        self._tags: list[str] = []
        self.is_open = True
        try:
            # The watch begins with the open line; until then every single answer has its time limit.
            patience = HEARTBEATS_MISSED * heartbeat
            self._connection = connect(url, name=name, heartbeat=heartbeat, limit=patience)
            self._channel = self._connection.channel()
        except AWAY as error:
            raise LinkLost(f"{type(error).__name__}: {error}") from error
        self._channel.auto_decode = False
        # Frames of two writers must not mix when a full socket makes the first one wait in the middle of its own.
        self._pen = Semaphore(1)
        self._acks = _Acknowledgements(
            self._connection, self._channel.channel_id, pen=self._pen, lost=self._lost
        )
        self._guards = [eventlet.spawn(self._beat), eventlet.spawn(self._watch)]

    def consume(self, queues: Sequence[str], *, prefetch: int, receive: Callable[[Incoming], None]) -> None:
        try:
            self._channel.basic_qos(0, prefetch, False)
            for queue in queues:
                self._tags.append(
                    self._channel.basic_consume(
                        queue, callback=partial(self._received, queue, receive), on_cancel=self._cancelled
                    )
                )
        except AWAY as error:
            raise self._lost(error) from error

    def wait(self) -> None:
        try:
            self._connection.drain_events(timeout=WAIT_SECONDS)
        except TimeoutError:
            if not self.is_open:
                raise LinkLost("the line was cut") from None
        except GONE as error:
            raise self._lost(error) from error

    def cancel(self) -> None:
        try:
            with self._pen:
                for tag in self._tags:
                    self._channel.basic_cancel(tag)
        except AWAY as error:
            raise self._lost(error) from error

    def ack(self, incoming: Incoming) -> None:
        if not self.is_open:
            raise LinkLost("the line was closed before the message could be acknowledged")
        self._acks.add(incoming.tag)

    def send(self, message: Outgoing) -> None:
        self._outbox.send(message)

    def close(self) -> None:
        self.is_open = False
        for guard in self._guards:
            guard.kill()
        self._acks.flush()
        # The channel first: its answer proves that every acknowledgement before it has arrived.
        try:
            self._channel.close()
        except GONE:
            cut(self._connection)
        else:
            close(self._connection)
        self._outbox.close()

    def _received(self, queue: str, receive: Callable[[Incoming], None], message: Any) -> None:
        headers = message.properties.get("application_headers") or {}
        receive(
            Incoming(
                queue=queue, body=bytes(message.body), headers=headers, tag=message.delivery_tag, link=self
            )
        )

    def _cancelled(self, tag: str) -> None:
        raise amqp.exceptions.ConsumerCancelled(
            f"the broker cancelled consumer {tag}; was its queue deleted?"
        )

    def _lost(self, error: Exception) -> LinkLost:
        self.is_open = False
        return LinkLost(f"{type(error).__name__}: {error}")

    def _beat(self) -> None:
        """Tell the broker that we live; this hangs on a full socket, which is why the watch is apart from it."""
        while self.is_open:
            eventlet.sleep(self._heartbeat / 2)
            try:
                with self._pen:
                    self._connection.send_heartbeat()
            except GONE:
                return

    def _watch(self) -> None:
        """Cut the line when nothing came for too long: a frozen broker never closes it by itself."""
        seen, since = -1, time.monotonic()
        while self.is_open:
            eventlet.sleep(self._heartbeat / 4)
            if self._connection.bytes_recv != seen:
                seen, since = self._connection.bytes_recv, time.monotonic()
            elif time.monotonic() - since > HEARTBEATS_MISSED * self._heartbeat:
                self.is_open = False
                wake(self._connection)


class _Acknowledgements:
    """Gathers acknowledgements for a moment: every write wakes the broker, which costs more than the handling's SQL.

    What is gathered when the line is lost comes again, and is then known as a duplicate.
    """

    def __init__(
        self, connection: Any, channel: int, *, pen: Semaphore, lost: Callable[[Exception], LinkLost]
    ) -> None:
        self._connection, self._channel, self._pen, self._lost = connection, channel, pen, lost
        self._tags: list[int] = []
        self._writing = False

    def add(self, tag: int) -> None:
        self._tags.append(tag)
        if len(self._tags) == 1:
            eventlet.spawn_after(GATHER_SECONDS, self.flush)
        elif len(self._tags) == GATHERED_ENOUGH:
            eventlet.spawn_n(self.flush)

    def flush(self) -> None:
        """Write what was gathered, unless a write that hangs on a full socket will come to it."""
        if self._writing:
            return
        self._writing = True
        try:
            while self._tags:
                tags, self._tags = self._tags, []
                with self._pen:
                    self._connection.transport.write(ack_frames(tags, channel=self._channel))
        except GONE as error:
            self._lost(error)
        finally:
            self._writing = False


class _ConfirmedSender:
    """Publishes one message at a time and returns when the broker has it.

    On a connection of its own: a broker that is short of memory stops reading from connections that publish, and
    acknowledgements must still get through.
    """

    def __init__(self, url: str, *, name: str, limit: float) -> None:
        self._url, self._name, self._limit = url, name, limit
        self._turn = Semaphore(1)
        self._connection: Any = None
        self._channel: Any = None

    def send(self, message: Outgoing) -> None:
        with self._turn:
            try:
                self._publish(message)
            except AWAY:
                # The connection may have been idle for long enough to be gone; a fresh one decides.
                self._drop()
                try:
                    self._publish(message)
                except AWAY as error:
                    self._drop()
                    raise LinkLost(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        if self._connection is not None:
            close(self._connection)

    def _publish(self, message: Outgoing) -> None:
        if self._channel is None:
            self._connection = connect(self._url, name=self._name, confirm=True, limit=self._limit)
            self._channel = self._connection.channel()
        self._channel.basic_publish(
            amqp.Message(
                message.body,
                application_headers=message.headers,
                content_type="application/cloudevents+json",
                delivery_mode=PERSISTENT,
            ),
            exchange=retry_name(message.service, message.step) if message.step else "",
            routing_key=message.queue,
            mandatory=True,
            timeout=self._limit,
            confirm_timeout=self._limit,
        )

    def _drop(self) -> None:
        if self._connection is not None:
            cut(self._connection)
        self._connection = self._channel = None
