"""Publishing to RabbitMQ with confirms, many under way at once; no eventlet and no nameko in here."""

import time
from collections.abc import Sequence
from typing import Any

from shared.messaging.connections import AWAY, close, connect, cut
from shared.messaging.frames import publish_frames
from shared.messaging.publishing import BrokerAway, Fate, Parcel

# How many may be unconfirmed, and how many are at least put into one write.
WINDOW = 100
AT_ONCE = 25


class RabbitPublisher:
    """Publishes to one exchange, or straight to queues where that is "", on a connection of its own.

    After `confirm_seconds` without any confirm the broker counts as away.
    """

    def __init__(
        self,
        url: str,
        *,
        exchange: str,
        name: str,
        heartbeat: float,
        confirm_seconds: float,
        window: int = WINDOW,
    ) -> None:
        self._url, self._exchange, self._name = url, exchange, name
        self._heartbeat, self._confirm_seconds, self._window = heartbeat, confirm_seconds, window
        self._connection: Any = None
        self._under_way: dict[int, Parcel] = {}
        self._tag = 0

    def open(self) -> None:
        try:
            self._connection = connect(
                self._url,
                name=self._name,
                heartbeat=self._heartbeat,
                limit=self._confirm_seconds,
            )
            self._channel = self._connection.channel()
            if self._exchange:
                self._channel.exchange_declare(self._exchange, "topic", durable=True, auto_delete=False)
            self._channel.confirm_select()
        except AWAY as error:
            raise _away(error) from error
        self._channel.events["basic_ack"].add(self._confirmed)
        self._channel.events["basic_nack"].add(self._refused)
        self._channel.events["basic_return"].add(self._returned)
        self._under_way, self._tag = {}, 0
        self._heard_at = self._spoke_at = time.monotonic()
        self._received = 0

    def send(self, parcels: Sequence[Parcel]) -> None:
        at = 0
        while at < len(parcels):
            room = self._window - len(self._under_way)
            if room < min(AT_ONCE, len(parcels) - at, self._window):
                self._listen()
                continue
            self._write(parcels[at : at + room])
            at += room

    def settle(self, parcels: Sequence[Parcel]) -> None:
        # Fates are given in order but for refused ones, so the last pending parcel is looked for from the end.
        for parcel in reversed(parcels):
            while parcel.fate is Fate.PENDING:
                self._listen()

    def fileno(self) -> int | None:
        return int(self._connection.sock.fileno())

    def attend(self) -> None:
        """Read what came, tell that we live, and notice a broker that does not."""
        now = time.monotonic()
        try:
            self._read_what_came()
            if now - self._spoke_at > self._heartbeat / 2:
                self._connection.send_heartbeat()
                self._spoke_at = now
        except AWAY as error:
            raise _away(error) from error
        if self._connection.bytes_recv != self._received:
            self._received, self._heard_at = self._connection.bytes_recv, now
        elif now - self._heard_at > 2.5 * self._heartbeat:
            raise BrokerAway("the broker has been silent for too long")

    def close(self) -> None:
        if self._connection is None:
            return
        if self._under_way:
            # Its answers would come in between; nothing is lost by leaving without a word.
            cut(self._connection)
        else:
            close(self._connection)
        self._connection = None

    def _write(self, parcels: Sequence[Parcel]) -> None:
        frames = []
        for parcel in parcels:
            self._tag += 1
            self._under_way[self._tag] = parcel
            frames.append(
                publish_frames(
                    parcel.body,
                    channel=self._channel.channel_id,
                    exchange=self._exchange,
                    routing_key=parcel.key,
                    message_id=parcel.event_id,
                    mandatory=parcel.mandatory,
                    frame_max=self._connection.frame_max,
                )
            )
        try:
            self._connection.transport.write(b"".join(frames))
        except AWAY as error:
            raise _away(error) from error
        self._spoke_at = time.monotonic()

    def _listen(self) -> None:
        """Wait for the broker's next word, and take in all that came with it."""
        try:
            self._connection.drain_events(timeout=self._confirm_seconds)
        except TimeoutError as error:
            raise BrokerAway(f"no confirm within {self._confirm_seconds} s") from error
        except AWAY as error:
            raise _away(error) from error

    def _read_what_came(self) -> None:
        try:
            while True:
                self._connection.drain_events(timeout=0.0001)
        except TimeoutError:
            return

    def _confirmed(self, tag: int, multiple: bool) -> None:
        self._decide(tag, multiple, Fate.CONFIRMED)

    def _refused(self, tag: int, multiple: bool) -> None:
        self._decide(tag, multiple, Fate.REFUSED)

    def _decide(self, tag: int, multiple: bool, fate: Fate) -> None:
        tags = [known for known in self._under_way if known <= tag] if multiple else [tag]
        for known in tags:
            parcel = self._under_way.pop(known, None)
            if parcel is not None and parcel.fate is Fate.PENDING:
                parcel.fate = fate

    def _returned(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        returned_id = message.properties.get("message_id")
        for parcel in self._under_way.values():
            if parcel.event_id == returned_id:
                parcel.fate = Fate.RETURNED
                return


def _away(error: Exception) -> BrokerAway:
    return BrokerAway(f"{type(error).__name__}: {error}")
