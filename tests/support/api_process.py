"""The program behind `tests.support.api`: one service's api in a process of its own, on a free port that it prints."""

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402 (everything below must be imported patched)
import sys  # noqa: E402
from importlib import import_module  # noqa: E402

import nameko  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.config import read_settings  # noqa: E402
from shared.logs import configure_logs  # noqa: E402
from shared.runtime.garbage import look_rarely  # noqa: E402
from shared.runtime_context import CONFIG_KEY, Runtime  # noqa: E402
from shared.service import get_service  # noqa: E402
from shared.web.server import site_at  # noqa: E402


def serve(named: str) -> None:
    """Answer requests until SIGTERM; `named` is a service, or `module:Class` of an api class made for a test."""
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=True)
    runtime = Runtime(settings=settings)
    nameko.config.setup({CONFIG_KEY: runtime, "AMQP_URI": "memory://", "max_workers": settings.max_workers})
    module, _, made_for_test = named.partition(":")
    api = getattr(import_module(module), made_for_test) if made_for_test else get_service(named).load_api()
    container = ServiceContainer(api)
    look_rarely()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    site = site_at((settings.http_host, settings.http_port), runtime)
    sys.stdout.write(f"listening on {site.port}\n")
    sys.stdout.flush()
    container.wait()
    runtime.close()


serve(sys.argv[1])
