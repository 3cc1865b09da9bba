"""From the committed row to the broker: nothing that was rolled back, nothing lost, nothing twice in effect."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from shared.auth.actor import Actor
from shared.events.base import Envelope
from shared.ids import new_id
from shared.messaging.connections import close, connect
from shared.messaging.outbox import record, record_all
from shared.messaging.subscriptions import subscriptions_of
from shared.runtime.rabbitmq import LocalRabbit
from tests.support.silent_proxy import silent_after
from tests.support.trial.events import StrayTold, TrialAsked, WhisperTold
from tests.support.trial.stage import RabbitStage
from tests.support.trial.worker import TrialWorker
from tests.support.waiting import consistently, eventually


def test_an_event_of_a_rolled_back_transaction_is_never_sent(stage: RabbitStage) -> None:
    stage.apply_topology()
    stage.start_relay()
    with stage.database.session() as session:
        record(session, Actor.system(new_id()), TrialAsked(trial_id=new_id()))
        session.rollback()
    [kept] = stage.record(TrialAsked(trial_id=new_id()))
    eventually(lambda: stage.depth("trial.watch") == 1)
    consistently(lambda: stage.depth("trial.watch") == 1, 0.3)
    sent = stage.take("trial.watch")
    assert sent is not None
    assert sent["id"] == str(kept)


def test_the_sent_envelope_reads_back_as_the_recorded_event(stage: RabbitStage) -> None:
    stage.apply_topology()
    chain, event = new_id(), TrialAsked(trial_id=new_id(), wish='引号 " 反斜线 \\ 换行 \n 结束')
    stage.record(TrialAsked(trial_id=event.trial_id), event, correlation_id=chain)
    stage.start_relay()
    eventually(lambda: stage.depth("trial.watch") == 2)
    stage.take("trial.watch")
    envelope = Envelope.from_json(stage.take("trial.watch"))
    row = stage.outbox()[1]
    assert envelope == Envelope(
        id=row.id,
        service="trial",
        time=row.recorded_at,
        sequence=2,
        actor_id=None,
        correlation_id=chain,
        causation_id=None,
        event=event,
    )


def test_events_recorded_together_keep_their_order_and_their_aggregates_count(stage: RabbitStage) -> None:
    one, other = new_id(), new_id()
    told = [TrialAsked(trial_id=subject) for subject in (one, other, one, one, other)]
    with stage.database.transaction() as session:
        ids = record_all(session, Actor.system(new_id()), told)
    rows = stage.outbox()
    assert [row.id for row in rows] == ids
    assert [(row.subject, row.sequence) for row in rows] == [
        (one, 1),
        (other, 1),
        (one, 2),
        (one, 3),
        (other, 2),
    ]
    # As it was written: not in another order or spacing of the database's own.
    assert rows[0].data == f'{{"trial_id":"{one}","wish":"work","number":1}}'


def test_an_event_from_before_its_consumers_first_start_is_not_lost(stage: RabbitStage) -> None:
    stage.apply_topology()
    [event_id] = stage.record(TrialAsked(trial_id=new_id()))
    stage.start_relay()
    eventually(stage.all_published)
    stage.start_worker()
    eventually(lambda: len(stage.effects()) == 5)
    assert {effect.event_id for effect in stage.effects()} == {event_id}


def test_a_relay_killed_between_publish_and_confirm_sends_again_and_the_effect_happens_once(
    stage: RabbitStage,
) -> None:
    stage.apply_topology()
    stage.record(TrialAsked(trial_id=new_id()))
    doomed = stage.start("relay_process", "doomed")
    assert doomed.popen.wait(20) == -9, doomed.log
    assert stage.depth("trial.obey") == 1
    assert not stage.all_published()
    stage.start_relay()
    eventually(lambda: stage.depth("trial.obey") == 2)
    stage.start_worker()
    eventually(lambda: stage.depth("trial.obey") == 0 and len(stage.effects("obey")) == 1)
    consistently(lambda: len(stage.effects("obey")) == 1, 0.3)


def test_events_of_one_aggregate_are_sent_in_their_order(stage: RabbitStage) -> None:
    subjects = [new_id() for _ in range(3)]
    stage.apply_topology()
    for number in range(40):
        stage.record(*(TrialAsked(trial_id=subject, number=number) for subject in subjects))
    stage.start_relay()
    eventually(lambda: stage.depth("trial.watch") == 120, 20)
    sent = _all_of(stage, "trial.watch")
    for subject in subjects:
        mine = [message["sequence"] for message in sent if message["subject"] == str(subject)]
        assert mine == list(range(1, 41))


def test_what_no_queue_is_bound_for_waits_and_does_not_block_the_others(stage: RabbitStage) -> None:
    stage.apply_topology([made for made in subscriptions_of(TrialWorker) if not made.is_every])
    stage.start_relay()
    stage.record(
        StrayTold(stray_id=new_id()), WhisperTold(whisper_id=new_id()), TrialAsked(trial_id=new_id())
    )
    eventually(lambda: stage.depth("trial.watch") == 1)
    eventually(lambda: [bool(row.published_at) for row in stage.outbox()] == [False, True, True])
    stage.apply_topology()
    eventually(stage.all_published)
    assert stage.depth("trial.trace") == 1


def test_what_the_broker_refuses_stays_unpublished_until_it_is_taken(stage: RabbitStage) -> None:
    stage.apply_topology()
    connection = connect(stage.settings.amqp_url, name="test")
    channel = connection.channel()
    full = {"x-max-length": 1, "x-overflow": "reject-publish"}
    channel.queue_declare("full", durable=True, auto_delete=False, arguments=full)
    channel.queue_bind("full", "trial.events", "#")
    stage.start_relay()
    ids = stage.record(*(TrialAsked(trial_id=new_id()) for _ in range(5)))
    eventually(lambda: [bool(row.published_at) for row in stage.outbox()] == [True] + [False] * 4)
    channel.queue_delete("full")
    close(connection)
    eventually(stage.all_published)
    assert {message["id"] for message in _all_of(stage, "trial.watch")} == set(map(str, ids))


def test_without_any_topology_events_wait_for_it(stage: RabbitStage) -> None:
    stage.start_relay()
    stage.record(TrialAsked(trial_id=new_id()))
    consistently(lambda: not stage.all_published(), 0.5)
    stage.apply_topology()
    eventually(stage.all_published)


def test_while_the_broker_is_down_events_are_recorded_and_all_arrive_when_it_is_back(
    breakable_stage: RabbitStage, breakable_broker: LocalRabbit
) -> None:
    stage = breakable_stage
    stage.start_all()
    stage.record(TrialAsked(trial_id=new_id()))
    eventually(lambda: len(stage.effects()) == 5)
    breakable_broker.stop_app()
    ids = [stage.record(TrialAsked(trial_id=new_id()))[0] for _ in range(20)]
    assert not stage.all_published()
    breakable_broker.start_app()
    eventually(lambda: len(stage.effects("obey")) == 21, 30)
    eventually(lambda: len(stage.effects()) == 21 * 5)
    assert {effect.event_id for effect in stage.effects("obey")[1:]} == set(ids)


def test_a_frozen_broker_is_noticed_and_nothing_is_lost(
    breakable_stage: RabbitStage, breakable_broker: LocalRabbit
) -> None:
    stage = breakable_stage
    worker = stage.start_all()
    eventually(lambda: worker.said("listening to"))
    breakable_broker.freeze()
    stage.record(*(TrialAsked(trial_id=new_id()) for _ in range(10)))
    eventually(lambda: worker.said("no line to the broker"), 15)
    breakable_broker.thaw()
    eventually(lambda: len(stage.effects()) == 50, 30)
    consistently(lambda: len(stage.effects()) == 50, 0.3)


@pytest.mark.parametrize("answers", [0, 3, 5, 8], ids=["hello", "channel", "consume", "listening"])
def test_a_broker_that_falls_silent_at_any_point_of_connecting_is_noticed(
    stage: RabbitStage, answers: int
) -> None:
    stage.apply_topology()
    with silent_after(answers, stage.settings.amqp_url) as address:
        stage.env["YIWANG_AMQP_URL"] = address
        worker = stage.start_worker()
        # 2.5 heartbeats of one second, and time for a busy machine; without limits it took 10 to 30 s.
        eventually(lambda: worker.said("no line to the broker"), 7)


def test_a_standby_relay_takes_over_when_the_active_one_is_killed(stage: RabbitStage) -> None:
    stage.apply_topology()
    active = stage.start("relay_process", "plain")
    eventually(lambda: active.said("is active"), 20)
    standby = stage.start("relay_process", "plain")
    stage.record(TrialAsked(trial_id=new_id()))
    eventually(stage.all_published)
    eventually(lambda: _advisory_waiters(stage), 20)
    assert not standby.said("is active")
    active.popen.kill()
    stage.record(TrialAsked(trial_id=new_id()))
    eventually(stage.all_published)
    assert standby.said("is active")
    assert stage.depth("trial.watch") == 2
    assert standby.stop() == 0


def _advisory_waiters(stage: RabbitStage) -> bool:
    """Whether two relays are connected to the database."""
    query = sa.text(
        "SELECT count(DISTINCT pid) > 3 FROM pg_stat_activity WHERE application_name = 'yiwang-trial-relay'"
        " AND datname = current_database()"
    )
    with stage.database.session() as session:
        return bool(session.execute(query).scalar())


def _all_of(stage: RabbitStage, queue: str) -> list[dict[str, Any]]:
    connection = connect(stage.settings.amqp_url, name="test")
    channel, found = connection.channel(), []
    while message := channel.basic_get(queue, no_ack=True):
        found.append(json.loads(message.body))
    close(connection)
    return found
