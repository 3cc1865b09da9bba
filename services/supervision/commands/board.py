"""Keeping the board's counters small and right: folding in what changed, counting anew when the calendar changed."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

# One fold takes no more than this many changes.
MOST_CHANGES = 10_000
# Days whose half days are held ready, from this one to a year ahead; for others they are counted.
_FIRST_DAY = date(2015, 1, 1)
_AHEAD = timedelta(days=400)

_KEY = "level, unit_id, period, lead_unit_id, source, leader_post_id, light"
_SUMS = ("tasks", "handled", "running", "spent")
_IDS = sa.bindparam("ids", type_=postgresql.ARRAY(sa.BigInteger()))

_ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('board_count', 0))")
_OLDEST = sa.text("SELECT id FROM board_change ORDER BY id LIMIT :most")
_COUNT = sa.text(
    f"INSERT INTO board_count AS kept ({_KEY}, {', '.join(_SUMS)})"  # noqa: S608 (no input in it)
    f" SELECT {_KEY}, {', '.join(f'sum({name})' for name in _SUMS)}"
    f" FROM board_pending WHERE id = ANY(:ids) GROUP BY {_KEY}"
    f" ON CONFLICT ({_KEY}) DO UPDATE"
    f" SET {', '.join(f'{name} = kept.{name} + excluded.{name}' for name in _SUMS)}"
).bindparams(_IDS)
_TAKE = sa.text("DELETE FROM board_change WHERE id = ANY(:ids)").bindparams(_IDS)

_IS_STALE = sa.text("SELECT stale FROM board_basis")
_HOLD_TASKS = sa.text("LOCK TABLE task, task_rest, calendar_day IN SHARE MODE")
_FORGET = tuple(sa.text(f"DELETE FROM {table}") for table in ("board_change", "board_count", "board_day"))  # noqa: S608
_HOLD_READY = sa.text(
    """
    INSERT INTO board_day (day, halves)
    SELECT at, board_halves(CAST(:first AS date) - 1) + sum(CASE
        WHEN kind = 'half' THEN 1
        WHEN kind = 'work' OR (kind IS NULL AND extract(isodow FROM at) < 6) THEN 2
        ELSE 0 END) OVER (ORDER BY at)
    FROM (SELECT moment::date AS at FROM generate_series(CAST(:first AS date), :last, '1 day') AS moment) AS days
    LEFT JOIN calendar_day ON day = at AND unit_id = '00000000-0000-0000-0000-000000000000'
    """
)
_COUNT_ALL = sa.text("SELECT count(board_note(task, 1)) FROM task")
_IS_FRESH = sa.text("UPDATE board_basis SET stale = false")


def keep_board(session: Session, *, today: date) -> int:
    """What the timer does: count anew if the calendar changed, then fold in a batch of changes; says how many."""
    if session.execute(_IS_STALE).scalar():
        recount_board(session, today=today)
    return fold_board(session)


def fold_board(session: Session, *, most: int = MOST_CHANGES) -> int:
    """Fold the oldest changes into the counters; what is read stays the same. Says how many there were."""
    session.execute(_ALONE)
    ids = list(session.execute(_OLDEST, {"most": most}).scalars())
    if ids:
        session.execute(_COUNT, {"ids": ids})
        session.execute(_TAKE, {"ids": ids})
    return len(ids)


def recount_board(session: Session, *, today: date) -> None:
    """Count every task anew, by the calendar as it is now; tasks wait to be changed until the transaction ends."""
    session.execute(_ALONE)
    session.execute(_HOLD_TASKS)
    for forget in _FORGET:
        session.execute(forget)
    session.execute(_HOLD_READY, {"first": _FIRST_DAY, "last": today + _AHEAD})
    session.execute(_COUNT_ALL)
    session.execute(_IS_FRESH)
