"""What filled databases have in common: their sizes, this year's calendar, and being at rest."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from shared.auth import Actor
from shared.calendar_days import EVERY_UNIT, CalendarDay
from shared.clock import SystemClock
from shared.db import Database
from tests.bench.ground import Ground, Office

TASKS = 1_000
LARGEST = 100
QUICK = 10


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A filled database, and who asks it."""

    office: Office
    url: str
    reader: Actor


def tasks(ground: Ground, times: int) -> int:
    """Supervised tasks in the database of that size."""
    return TASKS * times // (QUICK if ground.quick else 1)


def know_this_year(database: Database) -> None:
    """A year that the packaged calendar lacks has New Year as its only holiday."""
    year = SystemClock().today().year
    with database.transaction() as session:
        for one in (year, year + 1):
            if session.get(CalendarDay, {"unit_id": EVERY_UNIT, "day": date(one, 1, 1)}) is None:
                session.add(CalendarDay(day=date(one, 1, 1), unit_id=EVERY_UNIT, kind="off", source="测试"))


def settle(database: Database) -> None:
    """What autovacuum does in time."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
