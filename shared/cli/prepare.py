"""`yiwang prepare`: everything that must be there before services run, in one repeatable step."""

import time
from collections.abc import Callable
from logging import getLogger

import click
import sqlalchemy as sa

from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.messaging.backoff import Backoff
from shared.messaging.connections import AWAY
from shared.messaging.operating import topology_care
from shared.runtime.local import bring_up_to_date
from shared.runtime_context import Runtime
from shared.service import all_services
from shared.starting import prepare_services

_log = getLogger(__name__)


@click.command()
@click.option(
    "--within", type=float, default=120.0, show_default=True, help="Seconds to wait for the servers."
)
def prepare(within: float) -> None:
    """Migrate every database, let services prepare themselves, and apply the topology."""
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    prepare_suite(settings, within=within)
    click.echo(f"prepared: {', '.join(service.name for service in all_services())}")


def prepare_suite(settings: Settings, *, within: float = 60.0) -> None:
    """Do it, waiting for a database or broker that is still starting; raises what it met when time is up."""
    deadline = time.monotonic() + within
    _patiently(lambda: bring_up_to_date(settings), "the database", sa.exc.OperationalError, deadline=deadline)
    runtime = Runtime(settings=settings)
    try:
        prepare_services(runtime)
        care = topology_care(runtime, all_services())
        _patiently(care.apply, "the broker", *AWAY, deadline=deadline)
    finally:
        runtime.close()


def _patiently(work: Callable[[], None], what: str, *away: type[Exception], deadline: float) -> None:
    backoff = Backoff(first=0.5)
    while True:
        try:
            work()
            return
        except away as error:
            if time.monotonic() > deadline:
                raise
            pause = backoff.pause()
            _log.warning("%s is away, trying again in %.1f s: %s", what, pause, str(error).partition("\n")[0])
            time.sleep(pause)
