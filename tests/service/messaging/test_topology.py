"""Making and checking what the services need at RabbitMQ."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from amqp.exceptions import PreconditionFailed

from shared.messaging.connections import close, connect
from shared.messaging.failures import Ladder
from shared.messaging.on_event import on_event
from shared.messaging.subscriptions import Order, Subscription, SubscriptionError, subscriptions_of
from shared.messaging.topology import derive
from shared.messaging.topology_care import TopologyCare, Trouble
from tests.support.trial import SERVICE
from tests.support.trial.events import TrialAsked, TrialClosed
from tests.support.trial.stage import LADDER, RabbitStage
from tests.support.trial.worker import TrialWorker


def care(stage: RabbitStage, subscriptions: Sequence[Subscription] | None = None) -> TopologyCare:
    chosen = subscriptions_of(TrialWorker) if subscriptions is None else subscriptions
    return TopologyCare(
        stage.runtime, derive([SERVICE.name], chosen, ladder=Ladder.of(LADDER)), [SERVICE.name]
    )


def without(method: str) -> list[Subscription]:
    return [made for made in subscriptions_of(TrialWorker) if made.method != method]


def test_before_applying_everything_is_missing_and_checking_makes_nothing(stage: RabbitStage) -> None:
    found = care(stage).check()
    assert {finding.trouble for finding in found} == {Trouble.MISSING}
    assert {"trial.obey", "trial.events", "trial.dead", "trial.retry.100ms"} <= {item.name for item in found}
    assert len(care(stage).check()) == len(found)


def test_applying_twice_changes_nothing_and_leaves_nothing_to_report(stage: RabbitStage) -> None:
    care(stage).apply()
    care(stage).apply()
    assert care(stage).check() == []


def test_a_deleted_queue_is_reported_and_made_again(stage: RabbitStage) -> None:
    care(stage).apply()
    _channel_do(stage, lambda channel: channel.queue_delete("trial.watch"))
    assert [(item.trouble, item.name) for item in care(stage).check()] == [(Trouble.MISSING, "trial.watch")]
    care(stage).apply()
    assert care(stage).check() == []


def test_a_queue_with_other_arguments_is_reported_and_stops_applying(stage: RabbitStage) -> None:
    _channel_do(stage, lambda channel: channel.queue_declare("trial.watch", durable=True, auto_delete=False))
    with pytest.raises(PreconditionFailed):
        care(stage).apply()
    found = [item for item in care(stage).check() if item.trouble is Trouble.OTHER_ARGUMENTS]
    assert [item.name for item in found] == ["trial.watch"]


def test_a_queue_that_nobody_declares_any_more_is_reported_and_pruned_once_it_is_empty(
    stage: RabbitStage,
) -> None:
    care(stage).apply()
    stage.inject("trial.watch", "{}")
    now = care(stage, without("watch"))
    now.apply()
    [finding] = now.check()
    assert (finding.trouble, finding.name, finding.messages) == (Trouble.UNDECLARED_QUEUE, "trial.watch", 1)
    assert [item.name for item in now.prune()] == ["trial.watch"]
    _channel_do(stage, lambda channel: channel.queue_purge("trial.watch"))
    assert now.prune() == []
    assert now.check() == []


def test_an_event_that_a_handler_no_longer_takes_is_unbound(stage: RabbitStage) -> None:
    care(stage).apply()
    less = Subscription(service="trial", method="watch", events=(TrialClosed,), order=Order.ANY)
    now = care(stage, [*without("watch"), less])
    assert [(item.trouble, item.name) for item in now.check()] == [
        (Trouble.UNDECLARED_BINDING, "trial.watch")
    ]
    now.apply()
    assert now.check() == []


def test_a_handler_that_wants_no_gap_must_take_all_events_of_the_aggregate() -> None:
    class Forgetful:
        name = "forgetful"
        service = SERVICE

        @on_event(TrialAsked, order="contiguous")
        def keep(self, delivery: object) -> None:
            """Never called."""

    with pytest.raises(SubscriptionError, match=r"trial\.closed\.v1"):
        subscriptions_of(Forgetful)


def test_a_method_cannot_listen_twice() -> None:
    with pytest.raises(SubscriptionError, match="listens twice"):

        @on_event(TrialClosed)
        @on_event(TrialAsked)
        def keep(self: object, delivery: object) -> None:
            """Never called."""


def _channel_do(stage: RabbitStage, work: Callable[[Any], object]) -> None:
    connection = connect(stage.settings.amqp_url, name="test")
    work(connection.channel())
    close(connection)
