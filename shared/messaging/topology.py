"""What must exist at the broker: derived from the handlers, in this one place, and applied before any service starts.

For each service a topic exchange for its events, a queue per handler, a retry ladder of queues whose messages expire
back into just that handler's queue, and a queue of dead letters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.messaging.failures import Ladder
from shared.messaging.names import dead_exchange, dead_queue, events_exchange, retry_name
from shared.messaging.subscriptions import Subscription, subscriptions_of_all
from shared.service import Service

# A message that was given out so often without an answer makes its handler's process die.
DELIVERY_LIMIT = 20
# The dead letters are looked at again and again and must never be dropped for it.
UNLIMITED = 1_000_000_000

_QUORUM = {"x-queue-type": "quorum"}
# The broker itself moves a message on only when the next queue has confirmed it.
_SAFELY = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An exchange; all are durable."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue; all are durable. The arguments are RabbitMQ's and mean nothing to the broker in memory."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, order=True)
class Binding:
    """What an exchange puts on a queue."""

    queue: str
    exchange: str
    routing_key: str


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All that the handlers of some services need."""

    exchanges: tuple[Exchange, ...]
    queues: tuple[Queue, ...]
    bindings: tuple[Binding, ...]

    def of(self, service: str) -> "Topology":
        """The part that stands under one service's name."""
        mine = f"{service}."
        return Topology(
            exchanges=tuple(item for item in self.exchanges if item.name.startswith(mine)),
            queues=tuple(item for item in self.queues if item.name.startswith(mine)),
            bindings=tuple(item for item in self.bindings if item.queue.startswith(mine)),
        )


def topology_of(services: Sequence[Service], *, ladder: Ladder) -> Topology:
    """What these services' workers need; events of services that are not among them are not bound."""
    return derive([service.name for service in services], subscriptions_of_all(services), ladder=ladder)


def derive(producers: Iterable[str], subscriptions: Iterable[Subscription], *, ladder: Ladder) -> Topology:
    """What these handlers need of these services."""
    names = sorted(producers)
    exchanges: list[Exchange] = []
    queues: list[Queue] = []
    bindings: list[Binding] = []
    for name in names:
        own = _of_service(name, ladder)
        exchanges += own.exchanges
        queues += own.queues
        bindings += own.bindings
    for subscription in subscriptions:
        queues.append(_handler_queue(subscription))
        for producer, keys in subscription.keys_by_producer(names).items():
            bindings += [_bound(subscription.queue, events_exchange(producer), key) for key in keys]
    return Topology(exchanges=tuple(exchanges), queues=tuple(queues), bindings=tuple(sorted(bindings)))


def _of_service(service: str, ladder: Ladder) -> Topology:
    exchanges = [
        Exchange(name=events_exchange(service), kind="topic"),
        Exchange(name=dead_exchange(service), kind="fanout"),
    ]
    queues = [Queue(name=dead_queue(service), arguments={**_QUORUM, "x-delivery-limit": UNLIMITED})]
    bindings = [_bound(dead_queue(service), dead_exchange(service), "")]
    for step in ladder.steps:
        name = retry_name(service, step)
        exchanges.append(Exchange(name=name, kind="fanout"))
        # Expired messages go to the default exchange under the routing key that they came with, which is the
        # name of their handler's queue.
        expiry = {"x-message-ttl": round(step.seconds * 1000), "x-dead-letter-exchange": ""}
        queues.append(Queue(name=name, arguments={**_QUORUM, **_SAFELY, **expiry}))
        bindings.append(_bound(name, name, ""))
    return Topology(exchanges=tuple(exchanges), queues=tuple(queues), bindings=tuple(bindings))


def _handler_queue(subscription: Subscription) -> Queue:
    return Queue(
        name=subscription.queue,
        arguments={
            **_QUORUM,
            **_SAFELY,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": dead_exchange(subscription.service),
        },
    )


def _bound(queue: str, exchange: str, routing_key: str) -> Binding:
    return Binding(queue=queue, exchange=exchange, routing_key=routing_key)


def declare(channel: Any, topology: Topology) -> None:
    """Make it exist at a broker of either kind; what exists already stays as it is.

    Raises amqp's PreconditionFailed when a queue or exchange is there with other arguments.
    """
    for exchange in topology.exchanges:
        channel.exchange_declare(exchange=exchange.name, type=exchange.kind, durable=True, auto_delete=False)
    for queue in topology.queues:
        channel.queue_declare(queue=queue.name, durable=True, auto_delete=False, arguments=queue.arguments)
    for binding in topology.bindings:
        channel.queue_bind(binding.queue, binding.exchange, binding.routing_key)
