"""How fast the relay sends what was committed."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg2

from shared.events.base import Envelope, dump_fields, example_of
from shared.events.work import WorkItemOpened
from shared.ids import new_id
from shared.messaging.names import events_exchange
from shared.messaging.topology import Binding, Exchange, Queue, Topology, declare
from tests.bench import raw
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.support.amqp_urls import connect
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

SERVICE = "documents"
KEY = WorkItemOpened.key
QUEUE = "bench.relay"
EXCHANGE = events_exchange(SERVICE)
TOPOLOGY = Topology(
    exchanges=(Exchange(name=EXCHANGE, kind="topic"),),
    queues=(Queue(name=QUEUE, arguments={"x-queue-type": "quorum"}),),
    bindings=(Binding(queue=QUEUE, exchange=EXCHANGE, routing_key="#"),),
)

COMMIT_MANY = """
WITH told AS (
    INSERT INTO outbox_event (id, key, subject, sequence, recorded_at, correlation_id, data)
    SELECT gen_random_uuid(), %(key)s, gen_random_uuid(), 1, clock_timestamp(), gen_random_uuid(), %(data)s
    FROM generate_series(1, %(count)s)
    RETURNING position
)
SELECT max(position), pg_notify('outbox', '') FROM told
"""


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("relay")
    database: Any = psycopg2.connect(raw.dsn(office.database(SERVICE)))
    database.autocommit = False
    broker = connect(office.amqp_url)
    declare(broker.channel(), TOPOLOGY)
    broker.close()
    event = example_of(WorkItemOpened)
    data = _json(dump_fields(event))
    bodies = [_body(event) for _ in range(FIGURE.amount)]

    def ours(count: int) -> Readings:
        with database.cursor() as cursor:
            cursor.execute(COMMIT_MANY, {"key": KEY, "data": data, "count": count})
            last = cursor.fetchone()[0]
            started = time.perf_counter()
            database.commit()
            eventually(lambda: _is_sent(cursor, last), 120, every=0.002)
            elapsed = time.perf_counter() - started
        database.commit()
        raw.purge(office.amqp_url, QUEUE)
        return {"events": count / elapsed}

    def limit(count: int) -> Readings:
        elapsed = raw.publish(office.amqp_url, EXCHANGE, KEY, bodies[:count])
        raw.purge(office.amqp_url, QUEUE)
        return {"events": count / elapsed}

    log = office.home / "relay.log"
    command = ["yiwang", "relay", SERVICE]
    with RunningProgram(command, log, environment=office.environment) as program:
        program.wait_for_line("is active")
        ours(1)
        yield Sides(ours=ours, limit=limit)
        program.stop()
    database.close()


def _is_sent(cursor: Any, position: int) -> bool:
    """Events are marked in the order of their positions, so the last one stands for all."""
    cursor.execute("SELECT published_at IS NOT NULL FROM outbox_event WHERE position = %s", (position,))
    cursor.connection.rollback()
    return bool(cursor.fetchone()[0])


def _body(event: WorkItemOpened) -> bytes:
    """The message that the relay makes of the event."""
    envelope = Envelope(
        id=new_id(),
        service=SERVICE,
        time=datetime.now(UTC),
        sequence=1,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=event,
    )
    return _json(envelope.to_json()).encode()


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


FIGURE = Figure(
    name="relay",
    order=1,
    ours="the relay in its own process: from the commit of all events in one transaction to the last one marked",
    limit="one raw amqp channel, the same bodies ready in memory, at most 100 unconfirmed",
    note=f"{KEY}, about 1 kB; one quorum queue bound; each round purges it.",
    quantities=(Quantity(name="events", unit="1/s", better=Better.HIGHER, floor=0.4, aim=0.7),),
    amount=20_000,
    warm_up=2_000,
    prepare=prepare,
)
