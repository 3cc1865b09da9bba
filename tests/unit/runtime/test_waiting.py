"""Polling with a deadline, which all tests of things that happen elsewhere rely on."""

import itertools

import pytest

from tests.support.waiting import NeverHappened, consistently, eventually


def test_the_first_true_result_is_returned() -> None:
    seen = itertools.count()
    assert eventually(lambda: next(seen), within=5, every=0) == 1


def test_a_failed_assertion_means_not_yet() -> None:
    seen = itertools.count()

    def check() -> bool:
        assert next(seen) > 2
        return True

    assert eventually(check, within=5, every=0)


def test_any_other_error_ends_the_wait_at_once() -> None:
    with pytest.raises(ZeroDivisionError):
        eventually(lambda: 1 / 0, within=60)


def test_the_deadline_tells_what_was_seen_last() -> None:
    with pytest.raises(NeverHappened, match="last seen: \\[\\]"):
        eventually(list, within=0)


def test_what_holds_for_a_while_only_is_reported() -> None:
    seen = itertools.count()
    with pytest.raises(AssertionError, match="held no longer"):
        consistently(lambda: next(seen) < 3, during=5, every=0)
