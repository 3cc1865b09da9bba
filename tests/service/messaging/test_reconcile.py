"""Sending again what no inbox has, and nothing else."""

from datetime import timedelta

from shared.auth.actor import Actor
from shared.ids import new_id
from shared.messaging.models import ReconciledUpTo
from shared.messaging.outbox import record
from shared.messaging.reconcile import Reconciled, Reconciler
from shared.messaging.relays import publisher_to
from shared.messaging.subscriptions import subscriptions_of
from tests.support.trial.events import TrialAsked, TrialClosed
from tests.support.trial.stage import MemoryStage, RabbitStage
from tests.support.trial.worker import TrialWorker
from tests.support.waiting import eventually

NOTHING: set[str] = set()


def reconcile(
    stage: RabbitStage, handler: str = "trial.obey", *, grace: float = 0, dead: set[str] = NOTHING
) -> Reconciled:
    reconciler = Reconciler(
        stage.runtime,
        publisher_to("", stage.settings, name="test"),
        grace=timedelta(seconds=grace),
        dead_ids=lambda service, handler: dead,
        settle_seconds=0.5,
    )
    chosen = [made for made in subscriptions_of(TrialWorker) if made.queue == handler]
    [done] = reconciler.run(chosen, ["trial"])
    return done


def position(stage: RabbitStage, handler: str = "trial.obey") -> int:
    with stage.database.session() as session:
        row = session.get(ReconciledUpTo, (handler, "trial"))
        return row.position if row else 0


def lost_events(stage: RabbitStage, count: int) -> None:
    """Publish events while no queue exists but one, so that the other handlers' are lost."""
    stage.apply_topology([made for made in subscriptions_of(TrialWorker) if made.method == "watch"])
    stage.start_relay()
    stage.record(*(TrialAsked(trial_id=new_id()) for _ in range(count)))
    eventually(stage.all_published)
    stage.apply_topology()


def test_what_was_lost_is_sent_to_just_that_handler_and_then_known_as_handled(stage: RabbitStage) -> None:
    lost_events(stage, 3)
    assert (reconcile(stage).sent_again, position(stage)) == (3, 0)
    assert (stage.depth("trial.obey"), stage.depth("trial.keep_order")) == (3, 0)
    stage.start_worker()
    eventually(lambda: len(stage.effects("obey")) == 3)
    again = reconcile(stage)
    assert (again.checked, again.sent_again) == (3, 0)
    assert position(stage) >= 3
    assert reconcile(stage).checked == 0


def test_reconciling_twice_before_the_handler_runs_has_one_effect(stage: RabbitStage) -> None:
    lost_events(stage, 2)
    reconcile(stage)
    reconcile(stage)
    assert stage.depth("trial.obey") == 4
    stage.start_worker()
    eventually(lambda: stage.depth("trial.obey") == 0 and len(stage.effects("obey")) == 2)


def test_what_was_published_a_moment_ago_is_left_alone(stage: RabbitStage) -> None:
    lost_events(stage, 2)
    done = reconcile(stage, grace=60)
    assert (done.checked, done.sent_again, position(stage)) == (0, 0, 0)


def test_dead_letters_are_left_to_the_operator(stage: RabbitStage) -> None:
    lost_events(stage, 2)
    first, _ = (str(row.id) for row in stage.outbox())
    done = reconcile(stage, dead={first})
    assert (done.sent_again, done.dead) == (1, 1)


def test_an_event_that_commits_late_under_a_lower_position_is_not_skipped(stage: RabbitStage) -> None:
    stage.apply_topology()
    with stage.database.session() as late:
        record(late, Actor.system(new_id()), TrialAsked(trial_id=new_id()))
        lost_later = stage.record(TrialAsked(trial_id=new_id()))
        stage.start_relay()
        eventually(stage.all_published)
        stage.start_worker()
        eventually(lambda: stage.inbox("trial.obey") == set(lost_later))
        assert reconcile(stage).checked == 1
        assert position(stage) == 0
        late.commit()
    eventually(lambda: len(stage.inbox("trial.obey")) == 2)
    assert reconcile(stage).sent_again == 0
    assert position(stage) == 2


def test_a_handler_that_listens_to_more_than_before_starts_from_the_beginning(stage: RabbitStage) -> None:
    lost_events(stage, 2)
    with stage.database.transaction() as session:
        session.add(
            ReconciledUpTo(handler="trial.keep_order", producer="trial", position=2, keys="trial.asked.v1")
        )
    stage.record(TrialClosed(trial_id=new_id()))
    assert reconcile(stage, "trial.keep_order").sent_again >= 2


def test_embedded_mode_handles_at_its_next_start_what_its_broker_forgot(memory_stage: MemoryStage) -> None:
    first = memory_stage.start_all()
    event_id = memory_stage.record(TrialAsked(trial_id=new_id(), wish="fail"))[0]
    eventually(lambda: len(memory_stage.effects()) == 4)
    eventually(memory_stage.dead, every=0.1)
    first.popen.kill()
    first.popen.wait()
    memory_stage.start_all()
    found = eventually(memory_stage.dead, every=0.1)
    assert [letter["event_id"] for letter in found] == [str(event_id)]
    assert len(memory_stage.effects()) == 4
