"""The line between a worker and its broker: what both kinds, RabbitMQ and the one in memory, can do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.messaging.failures import Step

# How long a link waits for something to come before it lets its reader look around.
WAIT_SECONDS = 0.25


class LinkLost(Exception):
    """The broker is away or has closed the line; whatever was not acknowledged comes again."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Incoming:
    """A message that was delivered and not yet acknowledged."""

    queue: str
    body: bytes
    headers: dict[str, Any]
    tag: Any
    link: "Link"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message on its way to one queue: up the ladder (`step`), or at once when there is no step."""

    queue: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)
    service: str
    step: Step | None = None


class Link(Protocol):
    """One open line; only its reader calls `consume`, `wait`, `cancel` and `close`."""

    @property
    def is_open(self) -> bool: ...

    def consume(self, queues: Sequence[str], *, prefetch: int, receive: Callable[[Incoming], None]) -> None:
        """Have messages of these queues given to `receive`, at most `prefetch` unacknowledged ones of each."""

    def wait(self) -> None:
        """Take in what has come, for at most a moment; LinkLost when the line is dead."""

    def cancel(self) -> None:
        """Be given no new messages."""

    def ack(self, incoming: Incoming) -> None:
        """Take the message off its queue; LinkLost when that could not be said any more."""

    def send(self, message: Outgoing) -> None:
        """Hand a message over for good; LinkLost unless the broker has taken it."""

    def close(self) -> None:
        """Close the line; what is unacknowledged goes back to its queue."""


OpenLink = Callable[[], Link]
