"""Timers: again and again, committed, alone, and undisturbed by their failures."""

import sqlalchemy as sa

from tests.support.trial.stage import MemoryStage, RabbitStage
from tests.support.waiting import consistently, eventually

_HOLD = sa.text("SELECT pg_advisory_lock(1498961748, hashtext('trial.tick'))")
_RELEASE = sa.text("SELECT pg_advisory_unlock(1498961748, hashtext('trial.tick'))")

Running = RabbitStage | MemoryStage


def test_a_timer_fires_again_and_again_each_time_on_a_chain_of_its_own(running: Running) -> None:
    eventually(lambda: len(running.effects("tick")) >= 3)
    chains = [effect.correlation_id for effect in running.effects("tick")]
    assert len(chains) == len(set(chains))


def test_a_tick_that_fails_leaves_nothing_and_the_others_go_on(running: Running) -> None:
    count = len(running.effects("tick"))
    eventually(lambda: len(running.effects("tick")) >= count + 2)
    assert running.effects("stumble") == []


def test_while_one_process_is_at_it_no_other_is(running: Running) -> None:
    with running.database.session() as other:
        other.execute(_HOLD)
        count = len(running.effects("tick"))
        consistently(lambda: len(running.effects("tick")) <= count + 1, 0.8)
        other.execute(_RELEASE)
    eventually(lambda: len(running.effects("tick")) > count + 1)
