"""The growing delay after failed sign-ins, per account and per source."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NO_FAILURES_LATER = timedelta(0)


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


def failed_again(failures: Failures, rule: DelayRule, *, now: datetime) -> Failures:
    """The count after one more failure."""
    return Failures(_counting(failures, rule, now=now) + 1, now)


def wait_of(failures: Failures, rule: DelayRule, *, now: datetime) -> timedelta:
    """How long from now the next attempt has to wait; zero when it may be made at once."""
    over = _counting(failures, rule, now=now) - rule.free
    if over <= 0 or failures.last_at is None:
        return NO_FAILURES_LATER
    # Beyond this many doublings every rule has reached its limit, and the power would only grow useless.
    delay = min(rule.first * 2 ** min(over - 1, 30), rule.most)
    return max(failures.last_at + delay - now, NO_FAILURES_LATER)


def _counting(failures: Failures, rule: DelayRule, *, now: datetime) -> int:
    if failures.last_at is None or now - failures.last_at >= rule.forget_after:
        return 0
    return failures.count
