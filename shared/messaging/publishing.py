"""What the relay needs of a publisher, and what became of each message."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol

# The columns of an event, as text that is ready to be put into its envelope.
ROW = """
    position, id::text, key, subject::text, sequence,
    to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
    actor_id::text, correlation_id::text, causation_id::text, data
"""


class Fate(Enum):
    """What became of a published event."""

    PENDING = auto()
    CONFIRMED = auto()
    RETURNED = auto()
    REFUSED = auto()


class Parcel:
    """One event of the outbox, packed for the broker; its publisher writes its fate on it."""

    __slots__ = ("body", "event_id", "fate", "key", "mandatory", "position")

    def __init__(self, position: int, event_id: str, key: str, body: bytes, *, mandatory: bool) -> None:
        self.position = position
        self.event_id = event_id
        self.key = key
        self.body = body
        self.mandatory = mandatory
        self.fate = Fate.PENDING


class BrokerAway(Exception):
    """The broker cannot be reached or stopped answering; what has no fate yet must be published again."""


class Publisher(Protocol):
    """Publishes one service's events, in the order given."""

    def open(self) -> None:
        """Connect; BrokerAway when that fails."""

    def send(self, parcels: Sequence[Parcel]) -> None:
        """Publish all of them; returns before the last ones are confirmed."""

    def settle(self, parcels: Sequence[Parcel]) -> None:
        """Return when each of these has its fate."""

    def fileno(self) -> int | None:
        """What becomes readable when the broker says something unasked; None when it never does."""

    def attend(self) -> None:
        """Called now and then while there is nothing to publish; BrokerAway when the line is dead."""

    def close(self) -> None: ...


def envelope_body(row: Sequence[str | int | None], source: str) -> bytes:
    """The structured CloudEvents form of a row of the event log, without parsing its data.

    The row is (position, id, key, subject, sequence, recorded_at, actor_id, correlation_id, causation_id, data)
    of `ROW`. Ids, keys and times need no escaping in JSON; the data is JSON already.
    """
    _, event_id, key, subject, sequence, recorded_at, actor_id, correlation_id, causation_id, data = row
    return (
        f'{{"specversion":"1.0","id":"{event_id}","source":"{source}","type":"{key}","time":"{recorded_at}",'
        f'"subject":"{subject}","datacontenttype":"application/json","dataschema":"urn:yiwang:schema:{key}",'
        f'"actorid":{_quoted(actor_id)},"correlationid":"{correlation_id}",'
        f'"causationid":{_quoted(causation_id)},"sequence":{sequence},"data":{data}}}'
    ).encode()


def _quoted(value: str | int | None) -> str:
    return f'"{value}"' if value else "null"
