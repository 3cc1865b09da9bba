"""The whole suite as separate processes, started as a person starts it: `yiwang up` in a home of its own.

with running_suite(server_dir, amqp_url=amqp_vhost) as suite:
    requests.get(f"{suite.base_url}/api/documents/openapi.json")
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.demo.municipality import PASSWORD_FILE
from shared.runtime.ports import LOOPBACK, choose_free_ports
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

READY_WITHIN = 240.0


@dataclass(frozen=True, kw_only=True)
class SuiteProcess:
    """One process of the suite: its id now, and where it tells of its readiness."""

    name: str
    pid: int
    ready_url: str


@dataclass(frozen=True, kw_only=True)
class RunningSuite:
    """A suite that is ready; `home` holds its data."""

    base_url: str
    home: Path
    program: RunningProgram

    @property
    def passwords_file(self) -> Path:
        """Login names and passwords of the demo's accounts, a pair a line."""
        return self.home / PASSWORD_FILE

    def processes(self) -> dict[str, SuiteProcess]:
        """Its processes by name (`documents.api`, `documents.worker`, `relay`, `edge`), those that run now."""
        facts = json.loads((self.home / "processes.json").read_text())
        return {
            name: SuiteProcess(name=name, pid=fact["pid"], ready_url=fact["ready_url"])
            for name, fact in facts.items()
            if fact["pid"]
        }

    def process(self, name: str) -> SuiteProcess:
        return self.processes()[name]

    def family(self) -> list[psutil.Process]:
        """Every process that was started for it, database and broker included when they are its own."""
        head = psutil.Process(self.program.pid)
        return [head, *head.children(recursive=True)]

    def stop(self, within: float = 20) -> int:
        """End it in good order; its exit code."""
        return self.program.stop(within)


@contextmanager
def running_suite(
    home: Path,
    *,
    database_url: str = "",
    amqp_url: str = "",
    environment: Mapping[str, str] | None = None,
    demo: bool = False,
    within: float = READY_WITHIN,
) -> Iterator[RunningSuite]:
    """`yiwang up` in `home`, ready; servers that are not named are private ones in `home`.

    What the processes print is in `home/up.log`. With `demo` it has the demo's municipality, and the passwords of
    its accounts are in `passwords_file`.
    """
    home.mkdir(parents=True, exist_ok=True)
    [port] = choose_free_ports(1)
    settings = {
        "YIWANG_HOME": str(home),
        "YIWANG_HTTP_PORT": str(port),
        "YIWANG_DATABASE_URL": database_url,
        "YIWANG_AMQP_URL": amqp_url or "memory://",
        **(environment or {}),
    }
    command = ["yiwang", "up", *(["--demo"] if demo else [])]
    with RunningProgram(command, home / "up.log", environment=settings) as program:
        suite = RunningSuite(base_url=f"http://{LOOPBACK}:{port}", home=home, program=program)
        eventually(lambda: _is_up(program), within)
        try:
            yield suite
        finally:
            if program.running:
                suite.stop(within=60)


def _is_up(program: RunningProgram) -> bool:
    """Whether it said so; RuntimeError, which ends the wait at once, when it has ended instead."""
    if not program.running:
        raise RuntimeError(f"yiwang up ended\n{program.output[-6000:]}")
    return "一网协同已启动" in program.output
