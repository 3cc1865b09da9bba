"""The broker of embedded mode: kombu's memory transport, within one process.

It forgets everything when the process ends, and what a timer was to bring back; the event log does not, so that
reconciling at the next start sends again whatever was not handled.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

from kombu.connection import Connection

from shared.messaging.link import WAIT_SECONDS, Incoming, LinkLost, Outgoing

URL = "memory://"


class _Bell:
    """Wakes every link of the process when a message was put somewhere, so that none has to poll."""

    def __init__(self) -> None:
        self._ears: WeakSet[threading.Event] = WeakSet()

    def ear(self) -> threading.Event:
        ear = threading.Event()
        self._ears.add(ear)
        return ear

    def ring(self) -> None:
        for ear in list(self._ears):
            ear.set()


bell = _Bell()


def open_channel() -> Any:
    """A channel to this process's broker; it can declare, bind, publish and get like one of RabbitMQ."""
    return Connection(URL).channel()


def publish(channel: Any, exchange: str, routing_key: str, *, body: bytes, headers: dict[str, Any]) -> None:
    """Put a message on every queue that is bound for it."""
    message = channel.prepare_message(body, content_type="application/json", headers=headers)
    channel.basic_publish(message, exchange=exchange, routing_key=routing_key)
    bell.ring()


class MemoryLink:
    """A worker's line to the broker in memory."""

    def __init__(self) -> None:
        self._channel = open_channel()
        self._ear = bell.ear()
        self._unacked: dict[int, Incoming] = {}
        self._queues: Sequence[str] = ()
        self._tags = 0
        self.is_open = True

    def consume(self, queues: Sequence[str], *, prefetch: int, receive: Callable[[Incoming], None]) -> None:
        self._queues, self._prefetch, self._receive = list(queues), prefetch, receive

    def wait(self) -> None:
        self._ear.clear()
        if not self._take_in():
            self._ear.wait(WAIT_SECONDS)

    def cancel(self) -> None:
        self._queues = ()

    def ack(self, incoming: Incoming) -> None:
        if not self.is_open:
            raise LinkLost("the link was closed")
        del self._unacked[incoming.tag]
        self._ear.set()

    def send(self, message: Outgoing) -> None:
        if message.step is None:
            self._put(message)
            return
        timer = threading.Timer(message.step.seconds, self._put, [message])
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        self.is_open = False
        for incoming in self._unacked.values():
            publish(self._channel, "", incoming.queue, body=incoming.body, headers=incoming.headers)
        self._unacked.clear()

    def _put(self, message: Outgoing) -> None:
        publish(self._channel, "", message.queue, body=message.body, headers=message.headers)

    def _take_in(self) -> bool:
        """Receive one message of each queue that has one and whose handler is not full."""
        came = False
        for queue in self._queues:
            held = sum(1 for incoming in self._unacked.values() if incoming.queue == queue)
            message = self._channel.basic_get(queue, no_ack=True) if held < self._prefetch else None
            if message is None:
                continue
            came = True
            self._tags += 1
            incoming = Incoming(
                queue=queue,
                body=_bytes(message.body),
                headers=message.headers or {},
                tag=self._tags,
                link=self,
            )
            self._unacked[self._tags] = incoming
            self._receive(incoming)
        return came


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
