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
