"""`@on_event(DocumentIssued)`: a worker's method that is called for each of these events, exactly once in effect.

The method takes a `Delivery`, does its work in the delivery's session and never commits: the consumer writes the
inbox row first, calls the method, commits both together, and only then takes the message off the queue.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from nameko.extensions import Entrypoint

from shared.events.base import Event
from shared.messaging.consumer import EventConsumer
from shared.messaging.subscriptions import ATTRIBUTE, GATHERS, Listens, Order, SubscriptionError

Method = Callable[..., None]


class OnEvent(Entrypoint):
    """The nameko entrypoint behind `@on_event`; all of a worker's share one consumer."""

    consumer = EventConsumer()

    def setup(self) -> None:
        self.consumer.add(self.method_name)

    def stop(self) -> None:
        self.consumer.stop()


def on_event(
    *events: type[Event], order: Literal["any", "latest", "contiguous"] = "any"
) -> Callable[[Method], Method]:
    """Call the method for each of these events; `order` says what it needs of the order of one aggregate's events.

    Its queue is `<service>.<method name>`, so renaming the method loses what waits in the old queue: a test keeps
    the names. With `contiguous` the handler must take all declared events of the aggregates that it listens to.
    """
    if not events:
        raise SubscriptionError("name the events to listen to, or use on_every_event")
    return _listening(Listens(events=events, order=Order(order)))


def on_every_event(method: Method) -> Method:
    """Call the method for every event of every service, in any order."""
    return _listening(Listens(events=(), order=Order.ANY))(method)


def gathers(method: Method) -> Method:
    """Let events that wait for this method share a transaction; stands under `on_event` or `on_every_event`.

    For short work on rows that nobody else waits for: their locks are kept until the last event of the transaction.
    The method may be called for an event once more after a neighbour's failure, so its effect is in the session alone.
    """
    setattr(method, GATHERS, True)
    return method


def _listening(listens: Listens) -> Callable[[Method], Method]:
    def declare(method: Method) -> Method:
        if hasattr(method, ATTRIBUTE):
            raise SubscriptionError(f"{method.__qualname__} listens twice; name all events in one on_event")
        gathering = hasattr(method, GATHERS)
        if gathering and listens.order is not Order.ANY:
            raise SubscriptionError(
                f"{method.__qualname__} gathers events, which take no turns, but needs an order"
            )
        setattr(method, ATTRIBUTE, replace(listens, gathers=gathering))
        registered: Method = OnEvent.decorator()(method)
        return registered

    return declare
