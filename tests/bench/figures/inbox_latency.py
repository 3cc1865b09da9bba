"""How soon a work item that was committed in documents is in its holder's inbox."""

import select
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import quantiles
from typing import Any

import psycopg2

from shared.auth import Actor
from shared.db import Database
from shared.events.base import example_of
from shared.events.work import WorkItemOpened
from shared.ids import new_id
from shared.messaging import outbox
from tests.bench import raw
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground, Office
from tests.support.processes import RunningProgram

PRODUCER, READER = "documents", "mobile"
SECRET = "a secret of the benchmark, long enough to seal keys"
QUEUE_OF_LIMIT = "bench.latency"
LONGEST_SECONDS = 20.0


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("latency")
    office.all_databases()
    environment = {**office.environment, "YIWANG_SECRET_KEY": SECRET}
    with ExitStack() as held:

        def run(*command: str) -> RunningProgram:
            log = office.home / f"{'-'.join(command)}.log"
            return held.enter_context(RunningProgram(["yiwang", *command], log, environment=environment))

        assert run("prepare").wait(120) == 0
        relay, worker = run("relay", PRODUCER), run("run", "worker", READER)
        relay.wait_for_line("is active")
        worker.wait_for_line("listening to")
        inbox = held.enter_context(_Inbox(office.database(READER)))
        documents = Database(PRODUCER, office.database(PRODUCER), pool_size=1)
        held.callback(documents.close)
        path = held.enter_context(_RawPath(office))
        yield Sides(ours=_timed(lambda: _through_the_suite(documents, inbox)), limit=_timed(path.go))
        relay.stop()
        worker.stop()


def _timed(once: Callable[[], float]) -> Callable[[int], Readings]:
    """Median and 99th percentile, in milliseconds, of doing it that many times, one after the other."""

    def measure(count: int) -> Readings:
        taken = [once() * 1000 for _ in range(max(count, 2))]
        cuts = quantiles(taken, n=100, method="inclusive")
        return {"p50": cuts[49], "p99": cuts[98]}

    return measure


def _through_the_suite(documents: Database, inbox: "_Inbox") -> float:
    opened = replace(example_of(WorkItemOpened), work_item_id=new_id(), work_id=new_id())
    with documents.session() as session:
        outbox.record(session, Actor.system(new_id()), opened)
        started = time.perf_counter()
        session.commit()
    inbox.await_item(str(opened.work_item_id), started + LONGEST_SECONDS)
    return time.perf_counter() - started


class _Inbox:
    """Sees the inbox as a person's stream does: woken by its database, then looking."""

    def __init__(self, url: str) -> None:
        self._line: Any = psycopg2.connect(raw.dsn(url))
        self._line.autocommit = True
        self._cursor = self._line.cursor()
        self._cursor.execute("LISTEN inbox")

    def await_item(self, item_id: str, deadline: float) -> None:
        while not self._has(item_id):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"no work item in the inbox within {LONGEST_SECONDS} s")
            select.select([self._line], [], [], 1.0)
            self._line.poll()

    def _has(self, item_id: str) -> bool:
        self._cursor.execute("SELECT 1 FROM inbox_item WHERE id = %s AND received_at IS NOT NULL", (item_id,))
        return self._cursor.fetchone() is not None

    def __enter__(self) -> "_Inbox":
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()


class _RawPath:
    """The same way without the suite: a row committed, a message confirmed and delivered, a row committed."""

    def __init__(self, office: Office) -> None:
        self._here = _table(office.database(PRODUCER))
        self._there = _table(office.database(READER))
        self._broker = raw.Messenger(office.amqp_url, QUEUE_OF_LIMIT)

    def go(self) -> float:
        body = b"x" * 1000
        started = time.perf_counter()
        _insert(self._here, body.decode())
        _insert(self._there, self._broker.pass_on(body).decode())
        return time.perf_counter() - started

    def __enter__(self) -> "_RawPath":
        return self

    def __exit__(self, *_: object) -> None:
        self._broker.close()
        self._here.close()
        self._there.close()


def _table(url: str) -> Any:
    line: Any = psycopg2.connect(raw.dsn(url))
    with line.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), data text NOT NULL)"
        )
    line.commit()
    return line


def _insert(line: Any, data: str) -> None:
    with line.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (data) VALUES (%s)", (data,))
    line.commit()


FIGURE = Figure(
    name="inbox_latency",
    order=4,
    ours="from the commit of one work item in documents until mobile's inbox shows it; relay and worker are processes",
    limit="a row committed, a message of 1 kB confirmed and delivered (quorum queue), a row committed; one process",
    note="one after the other, nothing else under way; mobile's other handlers work on the same events meanwhile.",
    quantities=(
        Quantity(name="p50", unit="ms", better=Better.LOWER, floor=6, aim=2.5),
        Quantity(name="p99", unit="ms", better=Better.LOWER, floor=20, aim=8),
    ),
    amount=300,
    warm_up=30,
    prepare=prepare,
)
