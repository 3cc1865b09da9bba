"""Runs the trial's relay in a process that a test may kill; `doomed` dies when the first confirm has arrived unread."""

import os
import select
import signal
import sys
import threading

from shared.config import read_settings
from shared.logs import configure_logs
from shared.messaging.rabbit_publisher import RabbitPublisher
from shared.messaging.relay import Relay
from shared.messaging.relays import relay_of
from tests.support.trial import SERVICE
from tests.support.trial import events as _events  # noqa: F401  (declares what is sent)


class DoomedPublisher(RabbitPublisher):
    """Publishes, waits until the broker has answered, and is killed before it reads the answer."""

    def _listen(self) -> None:
        select.select([self._connection.sock], [], [], 10)
        os.kill(os.getpid(), signal.SIGKILL)


def main(mode: str) -> None:
    settings = read_settings()
    configure_logs(level="INFO", as_json=True)
    relay = relay_of(settings, SERVICE.name)
    if mode == "doomed":
        publisher = DoomedPublisher(
            settings.amqp_url, exchange="trial.events", name="doomed", heartbeat=5, confirm_seconds=5
        )
        relay = Relay(SERVICE.name, settings.database_url_of(SERVICE.name), publisher)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    relay.run(stop)


if __name__ == "__main__":
    main(sys.argv[1])
