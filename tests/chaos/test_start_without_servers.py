"""Processes that are started while database and broker are away: they wait, say so, and begin when both are there."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from shared.runtime.ports import LOOPBACK, choose_free_ports
from shared.runtime.postgres import FORGETFUL, LocalPostgres
from shared.runtime.rabbitmq import LocalRabbit
from shared.service import all_services
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(180)

SERVICE = all_services()[0].name


@dataclass(frozen=True, kw_only=True)
class Servers:
    """A database and a broker that know all they need, and are stopped."""

    postgres: LocalPostgres
    rabbit: LocalRabbit
    environment: dict[str, str]


@pytest.fixture(scope="module")
def servers(session_dir: Path) -> Iterator[Servers]:
    home = session_dir / "away"
    with (
        LocalPostgres(home / "postgres", FORGETFUL) as postgres,
        LocalRabbit(home / "rabbitmq") as rabbit,
    ):
        url = postgres.create_database("template").replace("/template?", "/yiwang_{service}?")
        environment = {
            "YIWANG_HOME": str(home),
            "YIWANG_DATABASE_URL": url,
            "YIWANG_AMQP_URL": rabbit.start(),
            "YIWANG_SECRET_KEY": "for this test only, and long enough for it",
        }
        with RunningProgram(["yiwang", "prepare"], home / "prepare.log", environment=environment) as prepare:
            assert prepare.wait(60) == 0, prepare.output
        rabbit.stop()
        postgres.stop()
        yield Servers(postgres=postgres, rabbit=rabbit, environment=environment)


def test_they_stop_at_once_when_the_servers_never_came(servers: Servers, tmp_path: Path) -> None:
    [port] = choose_free_ports(1)
    environment = {**servers.environment, "YIWANG_METRICS_PORT": str(port)}
    for role, command in {"worker": ["run", "worker", SERVICE], "relay": ["relay", SERVICE]}.items():
        with RunningProgram(
            ["yiwang", *command], tmp_path / f"{role}.log", environment=environment
        ) as program:
            program.wait_for_answer(f"http://{LOOPBACK}:{port}/healthz")
            assert program.stop(within=15) == 0


def test_they_wait_for_their_servers_and_then_work(servers: Servers, tmp_path: Path) -> None:
    commands = {
        "api": ["run", "api", SERVICE],
        "worker": ["run", "worker", SERVICE],
        "relay": ["relay", SERVICE],
    }
    ports = dict(zip(commands, choose_free_ports(len(commands)), strict=True))
    with ExitStack() as running:
        started = {
            role: running.enter_context(
                RunningProgram(
                    ["yiwang", *command],
                    tmp_path / f"{role}.log",
                    environment={
                        **servers.environment,
                        "YIWANG_HTTP_PORT": str(ports[role]),
                        "YIWANG_METRICS_PORT": str(ports[role]),
                    },
                )
            )
            for role, command in commands.items()
        }
        for role, program in started.items():
            program.wait_for_answer(f"http://{LOOPBACK}:{ports[role]}/healthz")
            assert requests.get(f"http://{LOOPBACK}:{ports[role]}/readyz", timeout=30).status_code == 503, (
                role
            )
        started["worker"].wait_for_line("no line to the broker, trying again")
        started["relay"].wait_for_line("pauses")

        servers.postgres.start()
        servers.rabbit.start()

        for role, program in started.items():
            program.wait_for_answer(f"http://{LOOPBACK}:{ports[role]}/readyz")
        started["worker"].wait_for_line("listening to")
        started["relay"].wait_for_line("is active")
        eventually(lambda: all(program.running for program in started.values()))
        for role, program in started.items():
            assert program.stop() == 0, role
