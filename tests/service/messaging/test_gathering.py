"""Events that share a transaction: a failure, a second worker and a kill leave every effect there once."""

import json
import signal
from uuid import UUID

import pytest

from shared.clock import SystemClock
from shared.events.base import Envelope
from shared.ids import new_id
from shared.messaging.delivery import Delivery
from shared.messaging.on_event import gathers, on_event
from shared.messaging.subscriptions import SubscriptionError
from tests.support.trial.events import TrialAsked
from tests.support.trial.stage import Process, RabbitStage
from tests.support.waiting import eventually

QUEUE = "trial.trace"


def letter(wish: str = "work") -> tuple[UUID, str]:
    """An event's id, and the event as the relay would send it."""
    envelope = Envelope(
        id=new_id(),
        service="trial",
        time=SystemClock().now(),
        sequence=1,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=TrialAsked(trial_id=new_id(), wish=wish),
    )
    return envelope.id, json.dumps(envelope.to_json())


def letters(count: int) -> dict[UUID, str]:
    return dict(letter() for _ in range(count))


def inject(stage: RabbitStage, *bodies: str) -> None:
    """Have all of them wait before anybody listens."""
    stage.inject(QUEUE, *bodies)
    eventually(lambda: stage.depth(QUEUE) == len(bodies))


def traced(stage: RabbitStage) -> list[UUID | None]:
    return [effect.event_id for effect in stage.effects("trace")]


def verdicts(verdict: str, *workers: Process) -> int:
    return sum(line.get("verdict") == verdict for worker in workers for line in worker.log)


def told_one_by_one(worker: Process) -> bool:
    return worker.said("handling one by one")


def test_waiting_events_share_transactions_and_each_is_told_of_in_the_log(stage: RabbitStage) -> None:
    stage.apply_topology()
    waiting = letters(40)
    inject(stage, *waiting.values())
    worker = stage.start_worker()
    eventually(lambda: verdicts("handled", worker) == 40)
    assert sorted(map(str, traced(stage))) == sorted(map(str, waiting))
    assert stage.transactions("trace") < 20
    handled = [line for line in worker.log if line.get("verdict") == "handled"]
    assert {UUID(line["event_id"]) for line in handled} == set(waiting)
    assert all(line["correlation_id"] and line["handler"] == QUEUE for line in handled)


@pytest.mark.parametrize("body", [letter("leave no trace")[1], "{no json"], ids=["fails", "is unreadable"])
def test_one_that_cannot_be_handled_leaves_its_neighbours_their_effects_once(
    stage: RabbitStage, body: str
) -> None:
    stage.apply_topology()
    before, after = letters(5), letters(5)
    inject(stage, *before.values(), body, *after.values())
    worker = stage.start_worker()
    [dead] = eventually(stage.dead, every=0.1)
    assert dead["body"] == body
    eventually(lambda: verdicts("handled", worker) == 10)
    assert sorted(map(str, traced(stage))) == sorted(map(str, before | after))
    assert told_one_by_one(worker)


def test_one_event_several_times_among_those_that_wait_has_one_effect(stage: RabbitStage) -> None:
    stage.apply_topology()
    event_id, body = letter()
    inject(stage, *[body] * 12)
    worker = stage.start_worker()
    eventually(lambda: verdicts("duplicate", worker) == 11)
    assert traced(stage) == [event_id]


def test_two_workers_with_the_same_events_leave_one_effect_each(stage: RabbitStage) -> None:
    stage.apply_topology()
    waiting = letters(150)
    bodies = list(waiting.values())
    workers = [stage.start_worker(), stage.start_worker()]
    # The broker gives in turns, so both have the same ones at about the same time, in opposite orders at the end.
    stage.inject(QUEUE, *(body for body in bodies for _ in range(2)), *reversed(bodies), *bodies)
    eventually(lambda: verdicts("handled", *workers) + verdicts("duplicate", *workers) == 600, 30)
    assert sorted(map(str, traced(stage))) == sorted(map(str, waiting))
    assert verdicts("handled", *workers) == 150
    assert not any(told_one_by_one(worker) for worker in workers)
    assert stage.dead() == []


def test_killed_between_commit_and_acknowledgement_nothing_is_repeated(stage: RabbitStage) -> None:
    stage.apply_topology()
    waiting = letters(30)
    inject(stage, *waiting.values())
    doomed = stage.start("process", "doomed")
    assert doomed.popen.wait(20) == -signal.SIGKILL
    committed = traced(stage)
    assert 1 < len(committed) < 30
    worker = stage.start_worker()
    eventually(lambda: verdicts("handled", worker) == 30 - len(committed))
    eventually(lambda: verdicts("duplicate", worker) == len(committed))
    assert sorted(map(str, traced(stage))) == sorted(map(str, waiting))
    assert stage.dead() == []


def test_a_handler_that_needs_an_order_may_not_gather() -> None:
    with pytest.raises(SubscriptionError, match="take no turns"):

        @on_event(TrialAsked, order="latest")
        @gathers
        def keep(self: object, delivery: Delivery) -> None: ...
