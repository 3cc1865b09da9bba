"""Whoever asks too often waits for the next window, and nobody else waits for him."""

from dataclasses import replace
from uuid import UUID

import pytest

from shared.auth import Actor
from shared.config import read_settings
from shared.errors import Problem
from shared.ids import new_id
from shared.web.rates import WINDOW_SECONDS, RateLimiter


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limiter(seconds: Seconds) -> RateLimiter:
    settings = replace(read_settings(), requests_per_second=1, requests_per_second_of_source=2)
    return RateLimiter(settings, monotonic=seconds)


def person(person_id: UUID | None = None) -> Actor:
    return Actor(correlation_id=new_id(), person_id=person_id or new_id())


def test_a_person_may_ask_as_often_as_the_settings_say_and_then_waits_for_the_next_window(
    limiter: RateLimiter, seconds: Seconds
) -> None:
    busy = person()
    for _ in range(WINDOW_SECONDS):
        limiter.check_actor(busy)
    with pytest.raises(Problem) as refused:
        limiter.check_actor(busy)
    assert (refused.value.status, refused.value.code) == (429, "web.too_often")
    limiter.check_actor(person())
    seconds.now += WINDOW_SECONDS
    limiter.check_actor(busy)


def test_requests_of_one_address_count_together_whoever_sends_them(limiter: RateLimiter) -> None:
    for _ in range(2 * WINDOW_SECONDS):
        limiter.check_source("10.0.0.1")
    with pytest.raises(Problem):
        limiter.check_source("10.0.0.1")
    limiter.check_source("10.0.0.2")


def test_whoever_is_not_signed_in_is_counted_by_address_alone(limiter: RateLimiter) -> None:
    for _ in range(3 * WINDOW_SECONDS):
        limiter.check_actor(Actor(correlation_id=new_id()))
