"""The delay after failed sign-ins grows, has an end, and is forgotten."""

from datetime import UTC, datetime, timedelta

from services.identity.domain.delay import (
    ACCOUNT_DELAY,
    SOURCE_DELAY,
    DelayRule,
    Failures,
    delays_until_longest,
    wait_of,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RULE = DelayRule(
    free=2, first=timedelta(seconds=2), most=timedelta(seconds=30), forget_after=timedelta(minutes=5)
)


def test_the_first_failures_cost_nothing_and_then_the_wait_doubles_up_to_its_limit() -> None:
    waits = [wait_of(Failures(times, NOON), RULE, now=NOON).total_seconds() for times in range(10)]
    assert waits == [0, 0, 0, 2, 4, 8, 16, 30, 30, 30]


def test_the_delays_are_listed_up_to_the_first_of_the_longest() -> None:
    assert [delay.total_seconds() for delay in delays_until_longest(RULE)] == [0, 0, 2, 4, 8, 16, 30]


def test_the_wait_runs_down_and_ends() -> None:
    failures = Failures(4, NOON)
    assert wait_of(failures, RULE, now=NOON + timedelta(seconds=3)) == timedelta(seconds=1)
    assert wait_of(failures, RULE, now=NOON + timedelta(seconds=4)) == timedelta(0)


def test_after_a_quiet_time_nobody_waits() -> None:
    assert wait_of(Failures(9, NOON), RULE, now=NOON + RULE.forget_after) == timedelta(0)


def test_a_source_has_more_room_than_an_account_and_a_million_failures_are_no_trouble() -> None:
    assert SOURCE_DELAY.free > ACCOUNT_DELAY.free
    assert wait_of(Failures(10**6, NOON), ACCOUNT_DELAY, now=NOON) == ACCOUNT_DELAY.most
