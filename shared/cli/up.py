"""`yiwang up`: every service and role as a process of its own on this machine, with database and broker.

One process that dies is reported and started again, after a pause that grows; the others keep working.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
from honcho.colour import get_colours
from honcho.printer import Message, Printer

from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.runtime.local import with_database, with_secret
from shared.runtime.ownership import OwnerLock
from shared.runtime.ports import LOOPBACK, choose_free_ports
from shared.runtime.rabbitmq import LocalRabbit
from shared.runtime.rabbitmq_package import ensure_rabbitmq_server
from shared.runtime.supervisor import Program, Supervisor
from shared.service import all_services

# Requests stop first, then those who work, then who sends what they left, and last what they stand on.
EDGE, WORK, RELAY = range(3)
PROCESSES_FILE = "processes.json"
READY_WITHIN = 120.0
_OF_IDENTITY = "identity"
# Without -P a folder named shared where somebody stands would be taken for ours.
_YIWANG = (sys.executable, "-P", "-m", "shared.cli")


@click.command()
@click.option("--port", type=int, help="Port to listen on; YIWANG_HTTP_PORT otherwise.")
@click.option(
    "--once-ready", metavar="COMMAND", help="Run it against YIWANG_URL when all is ready, then stop all."
)
@click.option("--demo", is_flag=True, help="Give it the demo's municipality, unless it has it already.")
def up(port: int | None, once_ready: str | None, demo: bool) -> None:
    """Run every service and role as a process of its own until Ctrl-C."""
    settings = read_settings()
    configure_logs(level="WARNING", as_json=False)
    if port is not None:
        settings = replace(settings, http_port=port)
    sys.exit(_run(settings, once_ready, demo=demo))


def _run(settings: Settings, once_ready: str | None, *, demo: bool) -> int:
    teller = Teller()
    try:
        with _stop_heard(), suite_of_processes(settings, teller, demo=demo) as suite:
            teller.say("正在等待各进程就绪…")
            if not suite.await_ready(READY_WITHIN):
                teller.say(f"尚未就绪: {', '.join(suite.supervisor.unready())} (继续尝试; 原因见上方日志)")
                if once_ready:
                    return 1
            else:
                teller.say(f"一网协同已启动: {suite.address}  (Ctrl-C 停止)")
            if once_ready:
                environment = {**os.environ, "YIWANG_URL": suite.address}
                return subprocess.run(["/bin/sh", "-c", once_ready], env=environment, check=False).returncode
            while True:
                signal.pause()
    except Stopped:
        teller.say("已停止")
        return 0


class Stopped(BaseException):
    """Somebody asked us to stop."""


@contextmanager
def _stop_heard() -> Iterator[None]:
    """Ctrl-C, SIGTERM and the end of the terminal raise `Stopped` here, once; while we stop, nothing disturbs us."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in numbers:
        signal.signal(number, stop)
    yield


@dataclass(frozen=True, kw_only=True)
class RunningSuite:
    """The processes of a suite and where they are reached."""

    address: str
    supervisor: Supervisor

    def await_ready(self, within: float) -> bool:
        """Whether every process got ready in time."""
        deadline = time.monotonic() + within
        while self.supervisor.unready():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


@contextmanager
def suite_of_processes(settings: Settings, teller: "Teller", *, demo: bool) -> Iterator[RunningSuite]:
    """Database, broker, migrations, topology, then the processes; at the end all of it stops in the opposite order."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        lock = OwnerLock(settings.home / "up.lock")
        if not lock.acquire():
            raise click.ClickException(f"{settings.home} 中已有另一个 yiwang up 在运行")
        held.callback(lock.release)
        settings = with_secret(settings)
        teller.say("正在启动数据库…")
        settings, server = with_database(settings)
        if server:
            held.callback(server.stop)
        if _needs_broker(settings):
            teller.say("正在启动消息服务…")
            ensure_rabbitmq_server()
            node = LocalRabbit(settings.home / "rabbitmq")
            held.callback(node.stop)
            settings = replace(settings, amqp_url=node.start())
        teller.say("正在准备数据库和消息队列…")
        _prepare(settings)
        if demo:
            _settle_demo(settings, teller)
        programs = programs_of(settings)
        supervisor = Supervisor(
            programs, tell=teller.tell, changed=lambda: _write_processes(settings.home, programs, supervisor)
        )
        held.callback(supervisor.stop, within=settings.messaging.drain_seconds + 15)
        supervisor.start()
        yield RunningSuite(address=f"http://{settings.http_host}:{settings.http_port}", supervisor=supervisor)


def _prepare(settings: Settings) -> None:
    """In a process of its own, which loads every service and then gives its memory back."""
    command = [*_YIWANG, "prepare"]
    environment = {**os.environ, **_environment(settings), "YIWANG_SECRET_KEY": settings.secret_key}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise click.ClickException(f"数据库和消息队列没有准备好:\n{outcome.stdout}{outcome.stderr}")


def _settle_demo(settings: Settings, teller: "Teller") -> None:
    from deploy.demo.municipality import PASSWORD_FILE, settle

    teller.say("正在建立演示机构、人员和岗位…")
    if settle(settings):
        teller.say(f"演示账号的口令只生成这一次, 写在 {settings.home / PASSWORD_FILE} (仅本人可读)")


def programs_of(settings: Settings) -> list[Program]:
    """Every process of the suite: api and worker of each service, one relay for all, and the edge."""
    services = all_services()
    ports = iter(choose_free_ports(2 * len(services) + 1))
    shared = _environment(settings)
    programs, targets = [], []
    for service in services:
        api, worker = next(ports), next(ports)
        secret = {"YIWANG_SECRET_KEY": settings.secret_key} if service.name == _OF_IDENTITY else {}
        programs += [
            _program(
                f"{service.name}.api", ["run", "api", service.name], api, {**shared, **secret}, stage=WORK
            ),
            _program(
                f"{service.name}.worker",
                ["run", "worker", service.name],
                worker,
                {**shared, **secret},
                stage=WORK,
            ),
        ]
        targets += ["--to", f"{service.name}=http://{LOOPBACK}:{api}"]
    programs.append(_program("relay", ["relay"], next(ports), shared, stage=RELAY))
    edge = {**shared, "YIWANG_HTTP_HOST": settings.http_host}
    programs.append(_program("edge", ["edge", *targets], settings.http_port, edge, stage=EDGE))
    return programs


def _program(
    name: str, arguments: list[str], port: int, environment: dict[str, str], *, stage: int
) -> Program:
    own = {"YIWANG_HTTP_PORT": str(port), "YIWANG_METRICS_PORT": str(port)}
    return Program(
        name=name,
        command=[*_YIWANG, *arguments],
        ready_url=f"http://{LOOPBACK}:{port}/readyz",
        stage=stage,
        environment={**environment, **own},
    )


def _environment(settings: Settings) -> dict[str, str]:
    """What every process is told beyond what we were; addresses with passwords go this way, never as arguments."""
    return {
        "PYTHONUNBUFFERED": "1",
        "YIWANG_HOME": str(settings.home),
        "YIWANG_DATABASE_URL": settings.database_url,
        "YIWANG_AMQP_URL": settings.amqp_url,
        "YIWANG_BLOB_URL": settings.blob_url,
        "YIWANG_HTTP_HOST": LOOPBACK,
        "YIWANG_TRUSTED_PROXIES": ",".join({LOOPBACK, *settings.trusted_proxies}),
        "YIWANG_LOG_JSON": os.environ.get("YIWANG_LOG_JSON", "false"),
        "YIWANG_SECRET_KEY": "",
    }


def _needs_broker(settings: Settings) -> bool:
    return settings.amqp_url.startswith("memory:")


def _write_processes(home: Path, programs: list[Program], supervisor: Supervisor) -> None:
    """Who runs where, for operators and tests: name, process id and address of each."""
    pids = supervisor.pids()
    facts = {item.name: {"pid": pids.get(item.name), "ready_url": item.ready_url} for item in programs}
    unfinished = home / f"{PROCESSES_FILE}.{threading.get_ident()}"
    unfinished.write_text(json.dumps(facts, indent=1))
    unfinished.replace(home / PROCESSES_FILE)


class Teller:
    """Prints what the processes say, each line under its process's name."""

    def __init__(self) -> None:
        self._printer = Printer(sys.stdout, time_format="%H:%M:%S", width=16)
        self._colours = get_colours()
        self._colour_of: dict[str, str] = {}
        self._turn = threading.Lock()

    def say(self, line: str) -> None:
        """Something of our own."""
        self.tell("yiwang", line)

    def tell(self, name: str, line: str) -> None:
        with self._turn:
            if name not in self._colour_of:
                self._colour_of[name] = next(self._colours)
            data, now = f"{line}\n", datetime.now().astimezone()
            try:
                self._printer.write(
                    Message(type="line", data=data, time=now, name=name, colour=self._colour_of[name])
                )
            except OSError:
                # Nobody reads any more; the processes must not stop at a full pipe for that.
                return
            sys.stdout.flush()
