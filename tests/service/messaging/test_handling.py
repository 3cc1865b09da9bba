"""Handling on both kinds of broker: once in effect, up the ladder, to the dead letters, in order."""

import json
from typing import Any
from uuid import UUID

import pytest

from shared.clock import SystemClock
from shared.events.base import Envelope, Event
from shared.ids import new_id
from tests.support.trial.events import TrialAsked, TrialClosed
from tests.support.trial.stage import MemoryStage, RabbitStage
from tests.support.waiting import consistently, eventually

Running = RabbitStage | MemoryStage
HANDLERS = {"obey", "watch", "keep_latest", "keep_order", "trace"}


def letter(event: Event, sequence: int = 1, **changes: Any) -> str:
    """An event as the relay would send it."""
    envelope = Envelope(
        id=new_id(),
        service="trial",
        time=SystemClock().now(),
        sequence=sequence,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=event,
    )
    return json.dumps({**envelope.to_json(), **changes})


def sequences(running: Running, handler: str, subject: UUID) -> list[int | None]:
    return [effect.sequence for effect in running.effects(handler) if effect.subject == subject]


def handled(running: Running, handler: str, subject: UUID) -> int:
    return len(sequences(running, handler, subject))


def dead(running: Running, body_part: object) -> list[dict[str, Any]]:
    return [found for found in running.dead() if str(body_part) in found["body"]]


def test_an_event_has_one_effect_in_each_handler_on_its_own_chain(running: Running) -> None:
    chain = new_id()
    [event_id] = running.record(TrialAsked(trial_id=new_id()), correlation_id=chain)
    effects = eventually(lambda: (found := running.effects_on(chain)) and len(found) == 5 and found)
    assert {effect.handler for effect in effects} == HANDLERS
    assert {effect.causation_id for effect in effects} == {event_id}


def test_two_deliveries_at_once_have_one_effect(running: Running) -> None:
    subject = new_id()
    body = letter(TrialAsked(trial_id=subject, wish="take:0.3"))
    running.inject("trial.obey", body, body)
    eventually(lambda: handled(running, "obey", subject))
    consistently(lambda: handled(running, "obey", subject) == 1, 0.5)
    assert dead(running, subject) == []


def test_a_handler_that_fails_three_times_and_then_works_has_one_effect(running: Running) -> None:
    subject = new_id()
    running.record(TrialAsked(trial_id=subject, wish="fail:3"))
    eventually(lambda: handled(running, "obey", subject))
    assert handled(running, "obey", subject) == 1
    assert dead(running, subject) == []


def test_what_always_fails_is_a_dead_letter_with_its_reason_and_leaves_its_neighbours_alone(
    running: Running,
) -> None:
    failing, working = new_id(), new_id()
    running.record(TrialAsked(trial_id=failing, wish="fail"), TrialAsked(trial_id=working))
    [found] = eventually(lambda: dead(running, failing), every=0.1)
    assert (found["handler"], found["reason"], found["attempts"]) == ("trial.obey", "handler_failed", 4)
    assert "the trial wished to fail" in found["error"]
    assert (handled(running, "obey", failing), handled(running, "obey", working)) == (0, 1)
    for neighbour in HANDLERS - {"obey"}:
        assert handled(running, neighbour, failing) == handled(running, neighbour, working) == 1


def test_a_replayed_dead_letter_is_handled(running: Running) -> None:
    subject = new_id()
    running.record(TrialAsked(trial_id=subject, wish="fail:4"))
    eventually(lambda: dead(running, subject), every=0.1)
    running.replay(str(subject))
    eventually(lambda: handled(running, "obey", subject))
    assert dead(running, subject) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{no json 1", "bad_json"),
        ("[1, 2]", "unknown_type"),
        (letter(TrialAsked(trial_id=new_id()), type="trial.asked.v9"), "unknown_type"),
        (letter(TrialClosed(trial_id=new_id())), "wrong_type"),
        (letter(TrialAsked(trial_id=new_id()), data={"wish": 7}), "contract_broken"),
        (letter(TrialAsked(trial_id=new_id()), id="not an id"), "contract_broken"),
    ],
    ids=["bad json", "no object", "unknown version", "wrong type", "wrong data", "broken envelope"],
)
def test_what_cannot_be_read_is_a_dead_letter_at_once(running: Running, body: str, reason: str) -> None:
    running.inject("trial.obey", body)
    [found] = eventually(lambda: dead(running, body), every=0.1)
    assert (found["handler"], found["reason"], found["attempts"]) == ("trial.obey", reason, 1)


def test_where_the_latest_counts_an_older_event_is_dropped(running: Running) -> None:
    subject = new_id()
    running.inject("trial.keep_latest", letter(TrialAsked(trial_id=subject), sequence=2))
    eventually(lambda: handled(running, "keep_latest", subject))
    older = new_id()
    running.inject("trial.keep_latest", letter(TrialAsked(trial_id=subject), sequence=1, id=str(older)))
    eventually(lambda: older in running.inbox("trial.keep_latest"))
    running.inject("trial.keep_latest", letter(TrialClosed(trial_id=subject), sequence=3))
    eventually(lambda: sequences(running, "keep_latest", subject) == [2, 3])


def test_where_order_counts_an_early_event_waits_for_those_before_it(running: Running) -> None:
    subject = new_id()
    running.inject("trial.keep_order", letter(TrialClosed(trial_id=subject), sequence=2))
    consistently(lambda: not handled(running, "keep_order", subject), 0.1)
    running.inject("trial.keep_order", letter(TrialAsked(trial_id=subject), sequence=1))
    eventually(lambda: sequences(running, "keep_order", subject) == [1, 2])
    assert dead(running, subject) == []


def test_an_event_whose_predecessor_never_comes_is_a_dead_letter_that_says_so(running: Running) -> None:
    subject = new_id()
    running.inject("trial.keep_order", letter(TrialClosed(trial_id=subject), sequence=5))
    [found] = eventually(lambda: dead(running, subject), every=0.1)
    assert found["reason"] == "earlier_event_missing"
    assert "event 1 was not handled yet" in found["error"]


def test_many_events_of_one_aggregate_are_handled_in_order_without_a_detour(running: Running) -> None:
    subject = new_id()
    running.record(*(TrialAsked(trial_id=subject, number=number) for number in range(60)))
    eventually(lambda: handled(running, "keep_order", subject) == 60, 20)
    assert sequences(running, "keep_order", subject) == list(range(1, 61))
