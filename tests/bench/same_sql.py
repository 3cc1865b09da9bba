"""The same SQL without our program: what an api sends for its answers, recorded live, and run by psycopg2 alone."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg2

from tests.bench import load, raw
from tests.bench.ground import Office
from tests.support.api import RunningApi, serving

RECORDED_API = "tests.bench.programs.recorded_api:RecordedApi"
WARM = 4
Asked = Callable[[RunningApi], Sequence[load.Request]]
"""The requests of one answer, for an api that runs."""


def recorded(service: str, office: Office, url: str, asked: Asked) -> list[list[str]]:
    """What a warm api sends for the same requests, in two takes; each with its values, from first to commit."""
    folder = office.home / "recording"
    folder.mkdir()
    log = folder / "statements"
    environment = {**office.unlimited, "BENCH_STATEMENTS": str(log), "BENCH_SERVICE": service}
    takes = []
    with serving(service, url, folder, api=RECORDED_API, environment=environment) as api:
        requests = asked(api)
        load.seconds(api.base, requests, WARM)
        for _ in range(2):
            before = len(log.read_text().splitlines())
            load.seconds(api.base, requests, 1)
            takes.append([json.loads(line) for line in log.read_text().splitlines()[before:]])
    return takes


class Replay:
    """Recorded statements on one connection, every row fetched."""

    def __init__(self, url: str, statements: Sequence[str]) -> None:
        self._line: Any = psycopg2.connect(raw.dsn(url))
        self._line.autocommit = True
        self._statements = statements

    def seconds(self, count: int) -> list[float]:
        """How long each of so many times took."""
        taken = []
        with self._line.cursor() as cursor:
            for _ in range(count):
                started = time.perf_counter()
                for statement in self._statements:
                    cursor.execute(statement)
                    if cursor.description:
                        cursor.fetchall()
                taken.append(time.perf_counter() - started)
        return taken

    def __enter__(self) -> "Replay":
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
