"""How fast a worker takes events in: inbox row, effect, commit, acknowledgement."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg2

from shared.config import MessagingSettings
from shared.events.base import Envelope
from shared.ids import new_id
from shared.messaging.failures import Ladder
from shared.messaging.names import events_exchange
from shared.messaging.subscriptions import Order, Subscription
from shared.messaging.topology import declare, derive
from tests.bench import raw
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.support.amqp_urls import connect
from tests.support.processes import RunningProgram
from tests.support.trial import SERVICE
from tests.support.trial.events import TrialAsked
from tests.support.trial.models import Base
from tests.support.waiting import eventually

EXCHANGE = events_exchange(SERVICE.name)
LISTENING = Subscription(service=SERVICE.name, method="obey", events=(TrialAsked,), order=Order.ANY)
PREFETCH = MessagingSettings().prefetch
INSERT = (
    "INSERT INTO effect (handler, event_id, subject, sequence, correlation_id, causation_id)"
    " VALUES ('obey', %s, %s, 1, %s, %s)"
)


QUEUE_OF_LIMIT = "bench.consumer"


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("consumer")
    dsn = raw.dsn(office.database(SERVICE, more_tables=Base.metadata))
    database = psycopg2.connect(dsn)
    database.autocommit = True
    declare_queues(office.amqp_url)

    def ours(count: int) -> Readings:
        last = _last_effect(database)
        # The worker stands still while its queue fills, then has all of it before it, as after an outage.
        program.signal(signal.SIGSTOP)
        raw.publish(office.amqp_url, EXCHANGE, TrialAsked.key, _bodies(count))
        started = time.perf_counter()
        program.signal(signal.SIGCONT)
        eventually(lambda: _effects_after(database, last) == count, 120, every=0.01)
        return {"events": count / (time.perf_counter() - started)}

    def limit(count: int) -> Readings:
        raw.publish(office.amqp_url, "", QUEUE_OF_LIMIT, _bodies(count))
        taking = raw.consume(office.amqp_url, QUEUE_OF_LIMIT, count, prefetch=PREFETCH)
        rows = [[str(new_id()) for _ in range(4)] for _ in range(count)]
        committing = raw.commit_each(dsn, INSERT, rows)
        return {"events": count / (taking + committing)}

    command = ["python", "-m", "tests.bench.programs.one_handler"]
    with RunningProgram(command, office.home / "worker.log", environment=office.environment) as program:
        program.wait_for_line("listening to")
        yield Sides(ours=ours, limit=limit)
        program.stop()
    database.close()


def declare_queues(url: str) -> None:
    """The handler's queue as the suite makes it, and one of the same kind that nobody listens to."""
    broker = connect(url)
    channel = broker.channel()
    declare(channel, derive([SERVICE.name], [LISTENING], ladder=Ladder.of(MessagingSettings().retry_seconds)))
    channel.queue_declare(
        QUEUE_OF_LIMIT, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
    )
    broker.close()


def _bodies(count: int) -> list[bytes]:
    return [_body(TrialAsked(trial_id=new_id())) for _ in range(count)]


def _body(event: TrialAsked) -> bytes:
    envelope = Envelope(
        id=new_id(),
        service=SERVICE.name,
        time=datetime.now(UTC),
        sequence=1,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=event,
    )
    return json.dumps(envelope.to_json()).encode()


def _last_effect(database: Any) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM effect")
        return int(cursor.fetchone()[0])


def _effects_after(database: Any, number: int) -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM effect WHERE number > %s", (number,))
        return int(cursor.fetchone()[0])


FIGURE = Figure(
    name="consumer",
    order=2,
    ours="a worker in its own process that works off a full queue: inbox row, a row of effect, commit, acknowledgement",
    limit="one raw amqp channel that takes and acknowledges each, then one psycopg2 connection that commits each row",
    note=(
        "the handler gathers, so up to ten waiting events share a commit; "
        "combined limit = events / (seconds to take and acknowledge all of them + seconds to commit one row for each); "
        f"same prefetch of {PREFETCH}; quorum queues; every commit reaches the disk."
    ),
    quantities=(Quantity(name="events", unit="1/s", better=Better.HIGHER, floor=0.5, aim=0.8),),
    amount=2_000,
    warm_up=200,
    prepare=prepare,
)
