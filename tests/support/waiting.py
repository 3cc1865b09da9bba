"""Waiting for what happens elsewhere: poll with a deadline, never sleep and hope."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


class NeverHappened(AssertionError):
    """The deadline passed; the message holds what was seen last."""


def eventually(check: Callable[[], Seen], within: float = 10, *, every: float = 0.02) -> Seen:
    """Calls `check` until it returns something true and returns that.

    A failed assertion inside `check` counts as "not yet"; any other error ends the wait at once.
    """
    deadline = time.monotonic() + within
    while True:
        last: object
        try:
            seen = check()
            if seen:
                return seen
            last = seen
        except AssertionError as error:
            last = error
        if time.monotonic() >= deadline:
            raise NeverHappened(f"not within {within} s; last seen: {last!r}")
        time.sleep(every)


def consistently(check: Callable[[], bool], during: float = 0.5, *, every: float = 0.02) -> None:
    """Asserts that `check` holds for the whole time: for what must not happen."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        assert check(), f"held no longer after {during - (deadline - time.monotonic()):.2f} s"
        time.sleep(every)
