"""Building the read model anew from the logs."""

import pytest
import sqlalchemy as sa

from shared.ids import new_id
from shared.messaging.delivery import Delivery
from shared.messaging.on_event import on_event
from shared.messaging.outbox import record
from shared.messaging.replay import Replay, ReplayRefused
from tests.support.trial import SERVICE
from tests.support.trial.commands import reset_read_model
from tests.support.trial.events import TrialAsked, TrialClosed
from tests.support.trial.models import Effect
from tests.support.trial.stage import RabbitStage
from tests.support.trial.worker import TrialWorker
from tests.support.waiting import eventually


def model(stage: RabbitStage) -> set[tuple[str, str]]:
    return {(effect.handler, str(effect.event_id)) for effect in stage.effects()}


def test_the_read_model_that_is_built_anew_equals_the_old_one(stage: RabbitStage) -> None:
    worker = stage.start_all()
    subject = new_id()
    stage.record(*(TrialAsked(trial_id=subject) for _ in range(5)), TrialClosed(trial_id=subject))
    eventually(lambda: len(stage.effects()) == 5 * 5 + 4)
    before = model(stage)
    worker.stop()
    with stage.database.transaction() as session:
        session.execute(sa.delete(Effect).where(Effect.handler == "watch"))
    assert Replay(stage.runtime, TrialWorker, reset=reset_read_model, producers=["trial"]).run() == 6
    assert model(stage) == before
    assert len(stage.effects()) == len(before)


def test_events_that_arrive_during_and_after_a_replay_are_handled_once(stage: RabbitStage) -> None:
    stage.start_all()
    stage.record(*(TrialAsked(trial_id=new_id()) for _ in range(10)))
    Replay(stage.runtime, TrialWorker, reset=reset_read_model, producers=["trial"]).run()
    stage.record(*(TrialAsked(trial_id=new_id()) for _ in range(10)))
    eventually(lambda: len(stage.effects()) == 100, 20)
    Replay(stage.runtime, TrialWorker, reset=reset_read_model, producers=["trial"]).run()
    assert len(model(stage)) == len(stage.effects()) == 100


class Talkative:
    name = "talkative"
    service = SERVICE

    @on_event(TrialAsked)
    def tell(self, delivery: Delivery) -> None:
        record(delivery.session, delivery.actor, TrialClosed(trial_id=delivery.envelope.subject))


def test_a_service_whose_handlers_tell_events_is_not_replayed_and_nothing_changes(stage: RabbitStage) -> None:
    stage.record(TrialAsked(trial_id=new_id()))
    with pytest.raises(ReplayRefused, match="recorded 1 events"):
        Replay(stage.runtime, Talkative, reset=reset_read_model, producers=["trial"]).run()
    assert len(stage.outbox()) == 1
    assert stage.inbox("trial.tell") == set()
