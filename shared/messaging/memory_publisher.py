"""Publishing to the broker in memory, by the same relay."""

from collections.abc import Sequence

from shared.messaging.memory import open_channel, publish
from shared.messaging.publishing import Fate, Parcel


class MemoryPublisher:
    """Puts events on the queues of this process; nothing of it can be away."""

    def __init__(self, exchange: str) -> None:
        self._exchange = exchange

    def open(self) -> None:
        self._channel = open_channel()
        if self._exchange:
            self._channel.exchange_declare(self._exchange, "topic", durable=True, auto_delete=False)

    def send(self, parcels: Sequence[Parcel]) -> None:
        for parcel in parcels:
            if parcel.mandatory and not self._has_queue(parcel.key):
                parcel.fate = Fate.RETURNED
                continue
            publish(self._channel, self._exchange, parcel.key, body=parcel.body, headers={})
            parcel.fate = Fate.CONFIRMED

    def settle(self, parcels: Sequence[Parcel]) -> None:
        """Every parcel got its fate on sending."""

    def fileno(self) -> int | None:
        return None

    def attend(self) -> None:
        """There is no line to look after."""

    def close(self) -> None:
        """There is no line to close."""

    def _has_queue(self, key: str) -> bool:
        if not self._exchange:
            return True
        kind = self._channel.typeof(self._exchange)
        return bool(kind.lookup(self._channel.get_table(self._exchange), self._exchange, key, None))
