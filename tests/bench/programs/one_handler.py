"""A worker with one handler that inserts one row, as the consumer's figure needs it; SIGTERM ends it."""

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402 (everything below must be imported patched)

import nameko  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.config import read_settings  # noqa: E402
from shared.logs import configure_logs  # noqa: E402
from shared.messaging.delivery import Delivery  # noqa: E402
from shared.messaging.on_event import on_event  # noqa: E402
from shared.runtime_context import CONFIG_KEY, Runtime  # noqa: E402
from tests.support.trial import SERVICE  # noqa: E402
from tests.support.trial.events import TrialAsked  # noqa: E402
from tests.support.trial.worker import leave_effect  # noqa: E402


class OneHandlerWorker:
    """The smallest worker that has an effect."""

    name = "one-handler"
    service = SERVICE

    @on_event(TrialAsked)
    def obey(self, delivery: Delivery) -> None:
        leave_effect(delivery, "obey")


def main() -> None:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    runtime = Runtime(settings=settings)
    nameko.config.setup({CONFIG_KEY: runtime, "max_workers": settings.max_workers})
    container = ServiceContainer(OneHandlerWorker)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    container.wait()
    runtime.close()


if __name__ == "__main__":
    main()
