"""Refresh tokens: rotation, the lost answer, reuse, expiry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.sessions import (
    FamilyFacts,
    SessionRule,
    Verdict,
    digest,
    first_token,
    judge,
    successor,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RULE = SessionRule()
FAMILY = FamilyFacts(started_at=NOON - timedelta(hours=3), generation=4, rotated_at=NOON)


def verdict(
    generation: int, *, family: FamilyFacts = FAMILY, after: timedelta = timedelta(seconds=5)
) -> Verdict:
    return judge(family, generation, now=NOON + after, rule=RULE)


def test_the_current_token_is_exchanged_for_the_next() -> None:
    assert verdict(4) is Verdict.ROTATE


def test_a_lost_answer_is_given_again_within_ten_seconds() -> None:
    assert verdict(3) is Verdict.REPEAT
    assert verdict(3, after=timedelta(seconds=10)) is Verdict.REPEAT


def test_a_lost_answer_is_not_given_a_second_time_or_later() -> None:
    assert verdict(3, family=replace(FAMILY, forgiven_generation=3)) is Verdict.REUSED
    assert verdict(3, after=timedelta(seconds=11)) is Verdict.REUSED


def test_an_older_token_or_one_from_the_future_is_reuse() -> None:
    assert verdict(2) is Verdict.REUSED
    assert verdict(1) is Verdict.REUSED
    assert verdict(5) is Verdict.REUSED


def test_a_family_that_is_over_answers_nothing_else() -> None:
    over = replace(FAMILY, ended_at=NOON)
    assert {verdict(generation, family=over) for generation in range(1, 6)} == {Verdict.ENDED}


def test_a_sign_in_ends_by_disuse_and_at_last_by_age() -> None:
    assert verdict(4, after=RULE.idle + timedelta(seconds=1)) is Verdict.EXPIRED
    old = replace(FAMILY, started_at=NOON - RULE.longest)
    assert verdict(4, family=old) is Verdict.EXPIRED


def test_a_successor_is_the_same_for_the_same_token_and_key_only() -> None:
    token = first_token(bytes(range(32)))
    key, other_key = b"a" * 32, b"b" * 32
    assert successor(token, key=key) == successor(token, key=key) != successor(token, key=other_key)
    assert successor(successor(token, key=key), key=key) not in {token, successor(token, key=key)}
    assert digest(token) != digest(successor(token, key=key))
    with pytest.raises(ValueError, match="32"):
        first_token(b"short")
