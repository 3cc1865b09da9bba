"""The dead letters: what no handler could deal with, to be looked at and tried again."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import amqp

from shared.config import Settings
from shared.messaging.connections import close, connect
from shared.messaging.failures import ATTEMPTS, ERROR, FIRST_FAILED_AT, HANDLER, REASON, Reason, attempts_of
from shared.messaging.names import dead_queue


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One dead letter; `id` names the same event for the same handler, however often it is there."""

    id: str
    handler: str
    reason: str
    error: str
    attempts: int
    first_failed_at: str
    event_id: str
    event_type: str
    subject: str
    correlation_id: str
    body: str

    @staticmethod
    def of(body: bytes, headers: dict[str, Any]) -> "DeadLetter":
        """Read what can be read of it; what cannot is empty."""
        content: Any = None
        with suppress(ValueError, RecursionError):
            content = json.loads(body)
        said = content if isinstance(content, dict) else {}
        # What the broker itself gave up carries its own marks: where it lay, and that it was given out too often.
        handler = str(headers.get(HANDLER) or headers.get("x-first-death-queue") or "")
        return DeadLetter(
            id=hashlib.sha256(handler.encode() + b"\n" + body).hexdigest()[:12],
            handler=handler,
            reason=str(headers.get(REASON) or (Reason.DELIVERY_LIMIT if handler else "")),
            error=str(headers.get(ERROR) or ""),
            attempts=attempts_of({ATTEMPTS: headers.get(ATTEMPTS)}),
            first_failed_at=str(headers.get(FIRST_FAILED_AT) or ""),
            event_id=str(said.get("id") or ""),
            event_type=str(said.get("type") or ""),
            subject=str(said.get("subject") or ""),
            correlation_id=str(said.get("correlationid") or ""),
            body=body.decode(errors="replace"),
        )


class Box(Protocol):
    """A queue of dead letters that was opened: what is taken out and not sent on goes back when it is closed."""

    def take(self) -> tuple[bytes, dict[str, Any], Any] | None:
        """The next message: body, headers and a tag; None when that was all."""

    def send_on(self, queue: str, body: bytes, tag: Any) -> None:
        """Put it on the queue, without the marks of its failures, and out of the box."""


OpenBox = Callable[[str], Any]
Choice = Callable[[DeadLetter], bool]


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, service: str, open_box: OpenBox) -> None:
        self._service = service
        self._open_box = open_box

    def letters(self) -> list[DeadLetter]:
        """All of them, the oldest first; they stay where they are."""
        with self._open_box(dead_queue(self._service)) as box:
            return [letter for letter, _, _ in _letters(box)]

    def replay(self, choose: Choice) -> list[DeadLetter]:
        """Give those chosen to their handlers again; returns them.

        A letter leaves the box when the broker has it in the handler's queue, so that none is lost in between.
        """
        replayed = []
        with self._open_box(dead_queue(self._service)) as box:
            for letter, body, tag in _letters(box):
                if letter.handler and choose(letter):
                    box.send_on(letter.handler, body, tag)
                    replayed.append(letter)
        return replayed


def _letters(box: Box) -> Iterator[tuple[DeadLetter, bytes, Any]]:
    while (taken := box.take()) is not None:
        body, headers, tag = taken
        yield DeadLetter.of(body, headers), body, tag


def box_opener(settings: Settings) -> OpenBox:
    """Opens boxes at the RabbitMQ that the settings name."""

    @contextmanager
    def open_box(queue: str) -> Iterator[Box]:
        connection = connect(settings.amqp_url, name="yiwang-deadletters", confirm=True)
        try:
            yield _RabbitBox(connection.channel(), queue, settings.messaging.confirm_seconds)
        finally:
            # Closing gives back whatever was taken out and not acknowledged.
            close(connection)

    return open_box


class _RabbitBox:
    def __init__(self, channel: Any, queue: str, confirm_seconds: float) -> None:
        channel.auto_decode = False
        self._channel, self._queue, self._confirm_seconds = channel, queue, confirm_seconds
        self._left = channel.queue_declare(queue, passive=True).message_count

    def take(self) -> tuple[bytes, dict[str, Any], Any] | None:
        # What becomes dead while we look would be taken for ever; the count at the opening is the end.
        message = self._channel.basic_get(self._queue) if self._left > 0 else None
        self._left -= 1
        if message is None:
            return None
        headers = message.properties.get("application_headers") or {}
        return bytes(message.body), headers, message.delivery_tag

    def send_on(self, queue: str, body: bytes, tag: Any) -> None:
        message = amqp.Message(body, content_type="application/cloudevents+json", delivery_mode=2)
        self._channel.basic_publish(
            message,
            exchange="",
            routing_key=queue,
            mandatory=True,
            timeout=self._confirm_seconds,
            confirm_timeout=self._confirm_seconds,
        )
        self._channel.basic_ack(tag)


def memory_box_opener() -> OpenBox:
    """Opens boxes at the broker of this process (embedded mode)."""
    from shared.messaging import memory

    @contextmanager
    def open_box(queue: str) -> Iterator[Box]:
        box = _MemoryBox(memory.open_channel(), queue)
        try:
            yield box
        finally:
            for body, headers in box.held.values():
                memory.publish(box.channel, "", queue, body=body, headers=headers)

    return open_box


class _MemoryBox:
    def __init__(self, channel: Any, queue: str) -> None:
        self.channel, self._queue = channel, queue
        self.held: dict[int, tuple[bytes, dict[str, Any]]] = {}
        self._left = channel.queue_declare(queue=queue, passive=True).message_count

    def take(self) -> tuple[bytes, dict[str, Any], Any] | None:
        message = self.channel.basic_get(self._queue, no_ack=True) if self._left > 0 else None
        self._left -= 1
        if message is None:
            return None
        body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        self.held[self._left] = (body, message.headers or {})
        return body, message.headers or {}, self._left

    def send_on(self, queue: str, body: bytes, tag: Any) -> None:
        from shared.messaging import memory

        memory.publish(self.channel, "", queue, body=body, headers={})
        del self.held[tag]
