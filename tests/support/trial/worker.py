"""The trial's handlers: each leaves an effect; the first one also does what the event wishes."""

import time
from collections import Counter
from uuid import UUID

from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import gathers, on_event, on_every_event
from shared.messaging.timer import timer
from tests.support.trial import SERVICE
from tests.support.trial.events import TrialAsked, TrialClosed
from tests.support.trial.models import Effect

_failures: Counter[UUID] = Counter()


class TrialWorker:
    name = "trial-worker"
    service = SERVICE

    @on_event(TrialAsked)
    def obey(self, delivery: Delivery) -> None:
        """Leave an effect, and do as the event wishes."""
        leave_effect(delivery, "obey")
        wish, _, argument = delivery.event.wish.partition(":")
        if wish == "take":
            time.sleep(float(argument))
        if wish == "fail" and (not argument or _failures[delivery.envelope.id] < int(argument)):
            _failures[delivery.envelope.id] += 1
            raise RuntimeError("the trial wished to fail")

    @on_event(TrialAsked, TrialClosed)
    def watch(self, delivery: Delivery) -> None:
        """The neighbour, that always works."""
        leave_effect(delivery, "watch")

    @on_event(TrialAsked, TrialClosed, order="latest")
    def keep_latest(self, delivery: Delivery) -> None:
        leave_effect(delivery, "keep_latest")

    @on_event(TrialAsked, TrialClosed, order="contiguous")
    def keep_order(self, delivery: Delivery) -> None:
        leave_effect(delivery, "keep_order")

    @timer(seconds=0.2)
    def tick(self, tick: Tick) -> None:
        """Leave an effect, on its own chain."""
        tick.session.add(Effect(handler="tick", correlation_id=tick.actor.correlation_id))

    @timer(seconds=0.2)
    def stumble(self, tick: Tick) -> None:
        """Fail, after leaving an effect."""
        tick.session.add(Effect(handler="stumble"))
        tick.session.flush()
        raise RuntimeError("the timer stumbled")

    @on_every_event
    @gathers
    def trace(self, delivery: Delivery) -> None:
        leave_effect(delivery, "trace")
        if getattr(delivery.event, "wish", "") == "leave no trace":
            raise RuntimeError("the trial wished to leave no trace")


def leave_effect(delivery: Delivery, handler: str) -> None:
    delivery.session.add(
        Effect(
            handler=handler,
            event_id=delivery.envelope.id,
            subject=delivery.envelope.subject,
            sequence=delivery.envelope.sequence,
            correlation_id=delivery.actor.correlation_id,
            causation_id=delivery.actor.causation_id,
        )
    )
