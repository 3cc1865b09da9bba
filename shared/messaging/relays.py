"""Running the relays of several services in one process, a thread for each (a greenlet where eventlet has patched)."""

import threading
from collections.abc import Iterable
from logging import getLogger

from shared.config import Settings
from shared.messaging.names import events_exchange
from shared.messaging.publishing import Publisher
from shared.messaging.rabbit_publisher import RabbitPublisher
from shared.messaging.relay import Relay

_log = getLogger(__name__)

MEMORY = "memory:"


class Relays:
    """Starts them, and stops them in good order."""

    def __init__(self, settings: Settings, services: Iterable[str]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=relay_of(settings, name).run,
                args=[self._stop],
                name=f"relay-{name}",
                daemon=True,
            )
            for name in services
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, within: float = 15.0) -> None:
        """Let each finish what is on its way; one that hangs is left, and its events are sent again."""
        self._stop.set()
        for thread in self._threads:
            thread.join(within)
            if thread.is_alive():
                _log.warning("%s did not end in time", thread.name)


def relay_of(settings: Settings, service: str) -> Relay:
    """The relay of a service's own database to its own exchange."""
    publisher = publisher_to(events_exchange(service), settings, name=f"yiwang-{service}-relay")
    return Relay(service, settings.database_url_of(service), publisher)


def publisher_to(exchange: str, settings: Settings, *, name: str) -> Publisher:
    """A publisher at the broker that the settings name; to the exchange "" means straight to queues by name."""
    if settings.amqp_url.startswith(MEMORY):
        # Imported only where it is used: a relay process has no need of kombu.
        from shared.messaging.memory_publisher import MemoryPublisher

        return MemoryPublisher(exchange)
    messaging = settings.messaging
    return RabbitPublisher(
        settings.amqp_url,
        exchange=exchange,
        name=name,
        heartbeat=messaging.heartbeat_seconds,
        confirm_seconds=messaging.confirm_seconds,
    )
