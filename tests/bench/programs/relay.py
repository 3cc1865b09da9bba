"""The relays of the services that are named, until SIGTERM."""

import signal
import sys
import threading

from shared.config import read_settings
from shared.logs import configure_logs
from shared.messaging.relays import Relays
from shared.events import import_contracts


def main() -> None:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=True)
    import_contracts()
    relays = Relays(settings, sys.argv[1:])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    relays.start()
    stop.wait()
    relays.stop()


if __name__ == "__main__":
    main()
