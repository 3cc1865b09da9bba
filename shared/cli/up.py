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
from pathlib import Path

import click

from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.runtime.local import SUITE_LOCK, make_home, with_database, with_secret
from shared.runtime.ownership import OwnerLock
from shared.runtime.postgres import LocalPostgres, PostgresFailed
from shared.runtime.programs import YIWANG, environment_of, programs_of
from shared.runtime.rabbitmq import LocalRabbit, RabbitFailed
from shared.runtime.rabbitmq_package import ensure_rabbitmq_server
from shared.runtime.supervisor import Program, Supervisor
from shared.runtime.teller import Teller

PROCESSES_FILE = "processes.json"
READY_WITHIN = 240.0
SERVERS_SEEN_TO_EVERY = 2.0
# Several processes may start at once, and the newest state has to be the one that stays.
_WRITING = threading.Lock()


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
                time.sleep(SERVERS_SEEN_TO_EVERY)
                suite.see_to_servers()
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
    servers: dict[str, LocalPostgres | LocalRabbit]
    teller: Teller

    def see_to_servers(self) -> None:
        """Start the private database or broker again if it died; the processes wait for it meanwhile."""
        for name, server in self.servers.items():
            if server.running:
                continue
            self.teller.say(f"{name}意外停止, 正在重新启动…")
            try:
                server.stop()
                server.start()
            except (PostgresFailed, RabbitFailed) as error:
                self.teller.say(f"{name}未能启动, 稍后再试: {error}")

    def await_ready(self, within: float) -> bool:
        """Whether every process got ready in time."""
        deadline = time.monotonic() + within
        while self.supervisor.unready():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


@contextmanager
def suite_of_processes(settings: Settings, teller: Teller, *, demo: bool) -> Iterator[RunningSuite]:
    """Database, broker, migrations, topology, then the processes; at the end all of it stops in the opposite order."""
    make_home(settings)
    with ExitStack() as held:
        lock = OwnerLock(settings.home / SUITE_LOCK)
        if not lock.acquire():
            raise click.ClickException(f"{settings.home} 中已有一套系统在运行, 请先停止它")
        held.callback(lock.release)
        settings = with_secret(settings)
        teller.say("正在启动数据库…")
        settings, server = with_database(settings)
        servers: dict[str, LocalPostgres | LocalRabbit] = {}
        if server:
            servers["数据库"] = server
            held.callback(server.stop)
        if _needs_broker(settings):
            teller.say("正在启动消息服务…")
            ensure_rabbitmq_server()
            node = LocalRabbit(settings.home / "rabbitmq")
            held.callback(node.stop)
            settings = replace(settings, amqp_url=node.start())
            servers["消息服务"] = node
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
        address = f"http://{settings.http_host}:{settings.http_port}"
        yield RunningSuite(address=address, supervisor=supervisor, servers=servers, teller=teller)


def _prepare(settings: Settings) -> None:
    """In a process of its own, which loads every service and then gives its memory back."""
    command = [*YIWANG, "prepare"]
    environment = {**os.environ, **environment_of(settings), "YIWANG_SECRET_KEY": settings.secret_key}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise click.ClickException(f"数据库和消息队列没有准备好:\n{outcome.stdout}{outcome.stderr}")


def _settle_demo(settings: Settings, teller: Teller) -> None:
    from deploy.demo.municipality import PASSWORD_FILE, settle

    teller.say("正在建立演示机构、人员和岗位…")
    if settle(settings):
        teller.say(f"演示账号的口令只生成这一次, 写在 {settings.home / PASSWORD_FILE} (仅本人可读)")


def _needs_broker(settings: Settings) -> bool:
    return settings.amqp_url.startswith("memory:")


def _write_processes(home: Path, programs: list[Program], supervisor: Supervisor) -> None:
    """Who runs where, for operators and tests: name, process id and address of each."""
    with _WRITING:
        pids = supervisor.pids()
        facts = {item.name: {"pid": pids.get(item.name), "ready_url": item.ready_url} for item in programs}
        unfinished = home / f"{PROCESSES_FILE}.unfinished"
        unfinished.write_text(json.dumps(facts, indent=1))
        unfinished.replace(home / PROCESSES_FILE)
