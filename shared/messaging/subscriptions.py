"""Who listens to what: read off the workers' methods, used alike by topology, consumer, reconcile and replay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from inspect import getmembers, isfunction

from shared.events.base import Event, declared_events
from shared.events.suite import import_contracts
from shared.service import Service

ATTRIBUTE = "yiwang_listens"
GATHERS = "yiwang_gathers"


class Order(StrEnum):
    """What a handler needs of the order of one aggregate's events.

    `any`: each event stands for itself. `latest`: an event older than the last one handled is dropped.
    `contiguous`: an event waits until all before it were handled.
    """

    ANY = "any"
    LATEST = "latest"
    CONTIGUOUS = "contiguous"


@dataclass(frozen=True, kw_only=True)
class Listens:
    """What a decorator says of a method; no events means every event of every service."""

    events: tuple[type[Event], ...]
    order: Order
    gathers: bool = False


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One handler: a service's worker method with its queue and the events it takes."""

    service: str
    method: str
    events: tuple[type[Event], ...]
    order: Order
    gathers: bool = False

    @property
    def queue(self) -> str:
        """Its queue, which is also its name in the inbox."""
        return f"{self.service}.{self.method}"

    @property
    def is_every(self) -> bool:
        """Whether it takes every event there is."""
        return not self.events

    def takes(self, event: type[Event]) -> bool:
        return self.is_every or event in self.events

    def keys_by_producer(self, producers: Iterable[str]) -> dict[str, list[str]]:
        """The routing keys that it is bound to on each of the exchanges that exist."""
        if self.is_every:
            return {producer: ["#"] for producer in producers}
        bound = {
            producer: sorted(event.key for event in self.events if producer in event.producers)
            for producer in producers
        }
        return {producer: keys for producer, keys in bound.items() if keys}


class SubscriptionError(Exception):
    """A handler is declared in a way that cannot work; the text says which and why."""


def subscriptions_of(worker: type) -> list[Subscription]:
    """The handlers of a worker class, by method; SubscriptionError when one cannot work."""
    service = service_of(worker)
    found = []
    for method, function in getmembers(worker, isfunction):
        listens: Listens | None = getattr(function, ATTRIBUTE, None)
        if listens is None:
            continue
        made = Subscription(
            service=service.name,
            method=method,
            events=listens.events,
            order=listens.order,
            gathers=listens.gathers,
        )
        _check_contiguous(made)
        found.append(made)
    return found


def subscriptions_of_all(services: Sequence[Service]) -> list[Subscription]:
    """The handlers of all these services."""
    import_contracts()
    return [made for service in services for made in subscriptions_of(service.load_worker())]


def listeners_by_key(subscriptions: Iterable[Subscription]) -> dict[str, list[str]]:
    """The handlers that name each event; those that take every event are not among them."""
    found: dict[str, list[str]] = {}
    for made in subscriptions:
        for event in made.events:
            found.setdefault(event.key, []).append(made.queue)
    return {key: sorted(queues) for key, queues in found.items()}


def service_of(worker: type) -> Service:
    """The service that the worker class belongs to; SubscriptionError unless it says so."""
    service = getattr(worker, "service", None)
    if not isinstance(service, Service):
        raise SubscriptionError(f"{worker.__name__} needs a class attribute `service = SERVICE`")
    return service


def _check_contiguous(made: Subscription) -> None:
    """A gap would never close for a handler that does not get all events of an aggregate."""
    if made.order is not Order.CONTIGUOUS or made.is_every:
        return
    for taken in made.events:
        lacking = [
            other.key
            for other in declared_events()
            if other.aggregate == taken.aggregate
            and set(other.producers) & set(taken.producers)
            and other not in made.events
        ]
        if lacking:
            raise SubscriptionError(
                f"{made.queue} wants the events of {taken.aggregate} without a gap "
                f"but does not subscribe to {', '.join(lacking)}"
            )
