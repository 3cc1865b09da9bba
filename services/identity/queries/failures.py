"""Failed attempts to sign in, counted and looked at by statements that are put together once.

The rules are those of `domain.delay`; here they are written so that PostgreSQL applies them while it holds the row.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.identity.domain.delay import DelayRule, delays_until_longest
from services.identity.models import SignInFailure
from shared.db import UTCDateTime

FAILURES: Any = SignInFailure.__table__
NOW = sa.bindparam("now", type_=UTCDateTime())


def is_waiting(failures: Any, rule: DelayRule) -> sa.ColumnElement[bool]:
    """Whether the next attempt has to wait, as `wait_of` has it."""
    return sa.and_(failures.c.last_at > _forgotten(rule), failures.c.last_at + _delay(failures, rule) > NOW)


def one_more(name: str, rule: DelayRule, *, unless: sa.ColumnElement[bool] | None = None) -> Any:
    """Count a failure at the parameter `name`, from one again after a quiet time; nothing where it is to wait.

    Whoever counts at the same time waits for the commit. `unless` may forbid it altogether.
    """
    first: Any = sa.select(sa.bindparam(name, type_=sa.LargeBinary()), sa.literal_column("1"), NOW)
    if unless is not None:
        first = first.where(~unless)
    adding = insert(FAILURES).from_select(["name", "count", "last_at"], first)
    starts_anew = FAILURES.c.last_at <= _forgotten(rule)
    return adding.on_conflict_do_update(
        index_elements=[FAILURES.c.name],
        set_={
            "count": sa.case(
                (starts_anew, sa.literal_column("1")), else_=FAILURES.c.count + sa.literal_column("1")
            ),
            "last_at": adding.excluded.last_at,
        },
        where=None if unless is None else ~is_waiting(FAILURES, rule),
    )


def _forgotten(rule: DelayRule) -> Any:
    return NOW - _seconds(rule.forget_after.total_seconds())


def _delay(failures: Any, rule: DelayRule) -> Any:
    delays = [delay.total_seconds() for delay in delays_until_longest(rule)]
    listed: Any = sa.literal_column(f"(ARRAY[{', '.join(map(str, delays))}])", sa.ARRAY(sa.Double()))
    after = sa.func.least(failures.c.count, sa.literal_column(str(len(delays))))
    return sa.type_coerce(listed[after] * _seconds(1), sa.Interval())


def _seconds(seconds: float) -> Any:
    return sa.literal_column(f"interval '{seconds} seconds'", sa.Interval())
