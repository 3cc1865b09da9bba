"""A worker that is told to stop, killed or cut off under load loses nothing and repeats nothing."""

import signal
from uuid import UUID

import sqlalchemy as sa

from shared.ids import new_id
from tests.support.trial.events import TrialAsked
from tests.support.trial.stage import Process, RabbitStage
from tests.support.waiting import eventually

COUNT = 120


def load(stage: RabbitStage) -> set[UUID]:
    return set(stage.record(*(TrialAsked(trial_id=new_id(), wish="take:0.02") for _ in range(COUNT))))


def verdicts(worker: Process, verdict: str) -> int:
    return sum(line.get("verdict") == verdict for line in worker.log)


def test_told_to_stop_under_load_it_loses_nothing_and_repeats_nothing(stage: RabbitStage) -> None:
    stage.apply_topology()
    stage.start_relay()
    ids = load(stage)
    first = stage.start_worker()
    eventually(lambda: len(stage.effects("obey")) > 20)
    assert first.stop() == 0
    done = len(stage.effects())
    assert len(stage.effects("obey")) < COUNT
    assert verdicts(first, "handled") == done
    second = stage.start_worker()
    eventually(lambda: len(stage.effects()) == COUNT * 5, 30)
    eventually(lambda: verdicts(second, "handled") == COUNT * 5 - done)
    assert verdicts(second, "duplicate") == 0
    assert {effect.event_id for effect in stage.effects("obey")} == ids
    assert stage.dead() == []


def test_killed_under_load_every_effect_happens_once(stage: RabbitStage) -> None:
    stage.apply_topology()
    stage.start_relay()
    ids = load(stage)
    first = stage.start_worker()
    eventually(lambda: len(stage.effects("obey")) > 20)
    first.popen.send_signal(signal.SIGKILL)
    stage.start_worker()
    eventually(lambda: len(stage.effects()) == COUNT * 5, 30)
    obeyed = [effect.event_id for effect in stage.effects("obey")]
    assert len(obeyed) == len(set(obeyed))
    assert set(obeyed) == ids


def test_an_event_waits_while_the_database_is_away_and_no_attempt_is_counted(stage: RabbitStage) -> None:
    worker = stage.start_all()
    stage.record(TrialAsked(trial_id=new_id()))
    eventually(lambda: len(stage.effects()) == 5)
    name = stage.database.engine.url.database
    admin = sa.create_engine(
        stage.database.engine.url.set(database="postgres"),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
    )
    stage.record(TrialAsked(trial_id=new_id(), wish="take:1"))
    eventually(lambda: len(stage.effects("watch")) == 2)
    with admin.connect() as connection:
        connection.execute(sa.text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        eventually(lambda: worker.said("database is away"))
        connection.execute(sa.text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    eventually(lambda: len(stage.effects("obey")) == 2, 20)
    assert stage.dead() == []
    assert not worker.said("will be tried again")
