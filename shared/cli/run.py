"""`yiwang run`: one service in one role, in a process of its own."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from logging import getLogger

import click
import eventlet
import nameko
from eventlet import patcher
from nameko.containers import ServiceContainer

from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.runtime.garbage import look_rarely
from shared.runtime.signals import StopSignal
from shared.runtime_context import CONFIG_KEY, Runtime
from shared.service import Service, get_service
from shared.web.server import Site

_log = getLogger(__name__)

# Beyond the time that running handlers get: for closing lines and giving back connections.
CLOSING_SECONDS = 10


@click.group()
def run() -> None:
    """Run one service in one role, in this process. What it needs is read from YIWANG_… variables."""


@run.command()
@click.argument("service")
@click.option("--port", type=int, help="Port to listen on; YIWANG_HTTP_PORT otherwise.")
def api(service: str, port: int | None) -> None:
    """Answer the HTTP requests of SERVICE until SIGTERM."""
    found, settings = _known(service), _settings()
    if port is not None:
        settings = replace(settings, http_port=port)
    serve_alone(found, found.load_api, Runtime(settings=settings))


@run.command()
@click.argument("service")
@click.option(
    "--ops-port", type=int, help="Port of /healthz, /readyz, /metrics; YIWANG_METRICS_PORT otherwise."
)
def worker(service: str, ops_port: int | None) -> None:
    """Handle the events and timers of SERVICE until SIGTERM."""
    require_patched()
    found, settings = _known(service), _settings()
    runtime = Runtime(settings=settings)
    port = settings.messaging.metrics_port if ops_port is None else ops_port
    # The site is open before the handlers start, so that whoever watches sees the process from its beginning.
    site = Site((settings.http_host, port), runtime)
    serve_alone(found, found.load_worker, runtime)
    site.close()


def serve_alone(service: Service, load: Callable[[], type], runtime: Runtime) -> None:
    """Run one container until told to stop; what is under way gets `drain_seconds` to end.

    Broker and database may be away meanwhile, at the start too: the container waits for them by itself.
    """
    require_patched()
    stop = StopSignal()
    runtime.database(service.name)
    nameko.config.setup({CONFIG_KEY: runtime, "max_workers": runtime.settings.max_workers})
    container = ServiceContainer(load())
    look_rarely()
    container.start()
    _log.info("%s started", container.service_name)
    ended = eventlet.spawn(container.wait)
    ended.link(lambda _: stop.say())
    stop.wait()
    _stop_in_time(container, runtime.settings.messaging.drain_seconds + CLOSING_SECONDS)
    # Raises what a reader or timer died of, so that whoever watches the process starts it again.
    ended.wait()
    runtime.close()
    _log.info("%s stopped", container.service_name)


def require_patched() -> None:
    """RuntimeError unless waiting for sockets yields: one slow query would stop everything else."""
    if not all(map(patcher.is_monkey_patched, ("os", "select", "socket", "thread", "time"))):
        raise RuntimeError("eventlet has not patched this process; start it through the command yiwang")


def _stop_in_time(container: ServiceContainer, seconds: float) -> None:
    try:
        with eventlet.Timeout(seconds):
            container.stop()
    except eventlet.Timeout:
        _log.error("%s did not stop within %.0f s; what it had under way comes again", container, seconds)
        sys.stderr.flush()
        # Native threads that hang would keep an orderly exit waiting for ever.
        os._exit(1)


def _known(service: str) -> Service:
    try:
        return get_service(service)
    except KeyError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="SERVICE") from error


def _settings() -> Settings:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    return settings
