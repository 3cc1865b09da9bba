"""The growing delay after failed sign-ins, per account and per source."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NO_DELAY = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class DelayRule:
    """How fast the delay grows: nothing for `free` failures, then `first`, doubled each time up to `most`.

    Without a failure for `forget_after`, everything starts anew.
    """

    free: int
    first: timedelta
    most: timedelta
    forget_after: timedelta


# An office's whole network may come from one address, so a source is given more room than an account.
ACCOUNT_DELAY = DelayRule(
    free=4, first=timedelta(seconds=2), most=timedelta(minutes=15), forget_after=timedelta(hours=24)
)
SOURCE_DELAY = DelayRule(
    free=30, first=timedelta(seconds=1), most=timedelta(minutes=15), forget_after=timedelta(hours=1)
)


@dataclass(frozen=True)
class Failures:
    """How often signing in has failed lately, and when last."""

    count: int = 0
    last_at: datetime | None = None


def delay_after(count: int, rule: DelayRule) -> timedelta:
    """How long nobody may try again after that many failures in a row."""
    over = count - rule.free
    if over <= 0:
        return NO_DELAY
    # Beyond this many doublings every rule has reached its limit, and the power would only grow useless.
    return min(rule.first * 2 ** min(over - 1, 30), rule.most)


def delays_until_longest(rule: DelayRule) -> list[timedelta]:
    """The delays after one failure, after two, and so on, up to the first that is as long as they get."""
    delays = [delay_after(1, rule)]
    while delays[-1] < rule.most:
        delays.append(delay_after(len(delays) + 1, rule))
    return delays


def wait_of(failures: Failures, rule: DelayRule, *, now: datetime) -> timedelta:
    """How long from now the next attempt has to wait; zero when it may be made at once."""
    if failures.last_at is None or now - failures.last_at >= rule.forget_after:
        return NO_DELAY
    return max(failures.last_at + delay_after(failures.count, rule) - now, NO_DELAY)
