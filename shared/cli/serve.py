"""`yiwang serve`: the whole suite in one process, on one port, with a broker in memory (embedded mode)."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
import eventlet
import nameko
from nameko.containers import ServiceContainer

from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.messaging.embedded import start_embedded
from shared.messaging.relays import Relays
from shared.runtime.garbage import look_rarely
from shared.runtime.local import SUITE_LOCK, bring_up_to_date, make_home, with_database, with_secret
from shared.runtime.ownership import OwnerLock
from shared.runtime_context import CONFIG_KEY, Runtime
from shared.service import all_services
from shared.starting import prepare_services


@contextmanager
def running_suite(settings: Settings) -> Iterator[Runtime]:
    """Everything started, in this order: database, migrations, broker, what the last run left, services, relays."""
    alone = _alone_in(settings)
    settings, server = with_database(with_secret(replace(settings, amqp_url="memory://")))
    runtime = Runtime(settings=settings)
    containers: list[Any] = []
    relays: Relays | None = None
    try:
        bring_up_to_date(settings)
        prepare_services(runtime)
        nameko.config.setup({CONFIG_KEY: runtime})
        relays = start_embedded(runtime, all_services())
        for service in all_services():
            containers.extend(_start(loaded) for loaded in (service.load_api(), service.load_worker()))
        look_rarely()
        yield runtime
    finally:
        for container in reversed(containers):
            container.stop()
        if relays is not None:
            relays.stop()
        runtime.close()
        if server:
            server.stop()
        alone.release()


def _alone_in(settings: Settings) -> OwnerLock:
    """One suite at a time in a home: two would share the databases but feed different brokers."""
    make_home(settings)
    lock = OwnerLock(settings.home / SUITE_LOCK)
    if not lock.acquire():
        raise click.ClickException(f"{settings.home} 中已有一套系统在运行, 请先停止它")
    return lock


def _start(loaded: type) -> Any:
    container = ServiceContainer(loaded)
    container.start()
    return container


def wait_for_signal() -> None:
    """Until Ctrl-C or SIGTERM."""
    stopped = eventlet.event.Event()

    def stop(*_: Any) -> None:
        if not stopped.ready():
            stopped.send(None)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    stopped.wait()


@click.command()
@click.option("--port", type=int, help="Port to listen on; YIWANG_HTTP_PORT otherwise.")
def serve(port: int | None) -> None:
    """Serve the whole suite from this process until Ctrl-C."""
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    if port:
        settings = replace(settings, http_port=port)
    with running_suite(settings) as runtime:
        address = f"http://{runtime.settings.http_host}:{runtime.settings.http_port}"
        click.echo(f"一网协同已启动: {address}  (Ctrl-C 停止)")
        wait_for_signal()
