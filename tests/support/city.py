"""The whole suite as separate processes on servers that a test may stop, with the people of the story in it."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from deploy.demo.client import People
from shared.runtime.postgres import FORGETFUL, LocalPostgres
from shared.runtime.rabbitmq import LocalRabbit
from tests.support.suite import RunningSuite, running_suite
from tests.support.town import Town


@dataclass(frozen=True, kw_only=True)
class City:
    """A running suite, its servers, and who signs in to it."""

    suite: RunningSuite
    town: Town
    postgres: LocalPostgres
    broker: LocalRabbit
    environment: dict[str, str]
    _stopped: set[str] = field(default_factory=set)

    def stop_database(self) -> None:
        self._stopped.add("database")
        self.postgres.stop()

    def start_database(self) -> None:
        """Start it again; a running one is left alone."""
        if "database" in self._stopped:
            self.postgres.start()
            self._stopped.remove("database")

    @property
    def base_url(self) -> str:
        return self.suite.base_url

    @property
    def home(self) -> Path:
        return self.suite.home

    def unready(self) -> list[str]:
        """Which of its processes do not do their work now."""
        return [
            process.name for process in self.suite.processes().values() if not _is_ready(process.ready_url)
        ]

    def people(self) -> People:
        """Everybody, not yet signed in."""
        return self.town.people(self.base_url)

    @contextmanager
    def without_room(self, *names: str, room: int = 0) -> Iterator[None]:
        """No process of these names can write files of more than `room` bytes, as on a disk that is full."""
        pids = [self.suite.process(name).pid for name in names]
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, hard))
        try:
            yield
        finally:
            for pid in pids:
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


def _is_ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def running_city(home: Path, broker: LocalRabbit, amqp_url: str) -> Iterator[City]:
    """`yiwang up` on a database server of its own and that broker."""
    with LocalPostgres(home / "postgres", FORGETFUL) as postgres:
        url = postgres.create_database("yiwang_template")
        database_url = url.replace("/yiwang_template", "/yiwang_{service}")
        environment = {
            "YIWANG_HOME": str(home),
            "YIWANG_DATABASE_URL": database_url,
            "YIWANG_AMQP_URL": amqp_url,
            # One person's story takes a minute here and hours in an office.
            "YIWANG_REQUESTS_PER_SECOND": "200",
            "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
        }
        with running_suite(
            home, database_url=database_url, amqp_url=amqp_url, environment=environment
        ) as suite:
            yield City(
                suite=suite,
                town=Town.found(home, environment),
                postgres=postgres,
                broker=broker,
                environment={**environment, "YIWANG_URL": suite.base_url},
            )
