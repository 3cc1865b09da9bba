"""`yiwang relay`: the process that sends recorded events to RabbitMQ."""

import signal
import threading
from typing import Any

import click

from shared.config import read_settings
from shared.events.suite import import_contracts
from shared.logs import configure_logs
from shared.messaging.relays import MEMORY, Relays
from shared.operations import answering_operations
from shared.runtime_context import Runtime
from shared.service import all_services, get_service


@click.command()
@click.argument("services", nargs=-1)
@click.option(
    "--ops-port", type=int, help="Port of /healthz, /readyz, /metrics; YIWANG_METRICS_PORT otherwise."
)
def relay(services: tuple[str, ...], ops_port: int | None) -> None:
    """Send the events of SERVICES (all, when none is named) until SIGTERM.

    More than one process may run: one is active for each database, the others take over when it ends.
    """
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    if settings.amqp_url.startswith(MEMORY):
        raise click.ClickException(
            "嵌入模式由服务进程自行投递事件; 请设置 YIWANG_AMQP_URL 后再单独运行 relay"
        )
    try:
        names = [get_service(name).name for name in services] or [service.name for service in all_services()]
    except KeyError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="SERVICES") from error
    import_contracts()
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runtime = Runtime(settings=settings)
    for name in names:
        runtime.database(name)
    relays = Relays(settings, names)
    port = settings.messaging.metrics_port if ops_port is None else ops_port
    with answering_operations(runtime, port):
        relays.start()
        stopped.wait()
        relays.stop()
    runtime.close()
