"""What the limits are made of: the libraries under ours, used by the plainest program that does the same."""

import time
from collections.abc import Sequence
from typing import Any

import amqp
import psycopg2
from sqlalchemy.engine import make_url

from tests.support.amqp_urls import connect

WINDOW = 100
PERSISTENT = 2


def dsn(url: str) -> str:
    """The same database for psycopg2 alone."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def publish(url: str, exchange: str, key: str, bodies: Sequence[bytes]) -> float:
    """Seconds to publish all of them with at most WINDOW unconfirmed at any time, the last confirm included."""
    connection = connect(url)
    channel = connection.channel()
    channel.confirm_select()
    open_tags: set[int] = set()
    channel.events["basic_ack"].add(lambda tag, multiple: _confirmed(open_tags, tag, multiple))
    started = time.perf_counter()
    for tag, body in enumerate(bodies, start=1):
        open_tags.add(tag)
        channel.basic_publish(_message(body), exchange=exchange, routing_key=key)
        while len(open_tags) >= WINDOW:
            connection.drain_events(timeout=30)
    while open_tags:
        connection.drain_events(timeout=30)
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


def consume(url: str, queue: str, count: int, *, prefetch: int) -> float:
    """Seconds to take that many waiting messages off a queue, each acknowledged by itself."""
    connection = connect(url)
    channel = connection.channel()
    channel.basic_qos(0, prefetch, False)
    taken = 0

    def take(message: Any) -> None:
        nonlocal taken
        channel.basic_ack(message.delivery_tag)
        taken += 1

    started = time.perf_counter()
    channel.basic_consume(queue, callback=take)
    while taken < count:
        connection.drain_events(timeout=30)
    elapsed = time.perf_counter() - started
    channel.close()
    connection.close()
    return elapsed


def commit_each(database: str, statement: str, rows: Sequence[Sequence[Any]]) -> float:
    """Seconds to insert the rows one by one, each in a transaction of its own, on one connection."""
    line = psycopg2.connect(database)
    started = time.perf_counter()
    for row in rows:
        with line.cursor() as cursor:
            cursor.execute(statement, row)
        line.commit()
    elapsed = time.perf_counter() - started
    line.close()
    return elapsed


def purge(url: str, queue: str) -> None:
    """Empty a queue."""
    connection = connect(url)
    connection.channel().queue_purge(queue)
    connection.close()


def _message(body: bytes) -> amqp.Message:
    return amqp.Message(body, content_type="application/cloudevents+json", delivery_mode=PERSISTENT)


def _confirmed(open_tags: set[int], tag: int, multiple: bool) -> None:
    if multiple:
        open_tags.difference_update(range(min(open_tags), tag + 1))
    else:
        open_tags.discard(tag)


class Messenger:
    """Publishes to a queue and takes the message off it again, over two connections in this process."""

    def __init__(self, url: str, queue: str) -> None:
        self._out, self._in = connect(url), connect(url)
        self._sender, self._receiver = self._out.channel(), self._in.channel()
        self._sender.queue_declare(
            queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
        )
        self._sender.confirm_select()
        self._sender.events["basic_ack"].add(self._note_confirm)
        self._receiver.basic_consume(queue, callback=self._note_message)
        self._queue = queue
        self._confirmed = False
        self._came: Any = None

    def pass_on(self, body: bytes) -> bytes:
        """The body as it was delivered, after its confirm; acknowledged."""
        self._confirmed, self._came = False, None
        self._sender.basic_publish(_message(body), exchange="", routing_key=self._queue)
        while not self._confirmed:
            self._out.drain_events(timeout=30)
        while self._came is None:
            self._in.drain_events(timeout=30)
        self._receiver.basic_ack(self._came.delivery_tag)
        return str(self._came.body).encode()

    def close(self) -> None:
        self._in.close()
        self._out.close()

    def _note_confirm(self, _tag: int, _multiple: bool) -> None:
        self._confirmed = True

    def _note_message(self, message: Any) -> None:
        self._came = message
