"""The table of days, seeded, imported and read back as a calendar."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from deploy.demo.municipality import made_up_year
from shared.calendar_days import (
    EVERY_UNIT,
    CalendarDay,
    import_days,
    noticed_days,
    read_days,
    seed_days,
    work_calendar,
    working_time,
)
from shared.db import Database
from shared.errors import Problem
from shared.ids import new_id

NEXT_YEAR = [*made_up_year(2027), "2027-01-02,上班"]


@pytest.fixture
def database(fresh_database: Callable[[str], str]) -> Iterator[Database]:
    made = Database("documents", fresh_database("documents"))
    with made.transaction() as session:
        session.execute(sa.delete(CalendarDay))
        seed_days(session)
    yield made
    made.close()


def test_the_seed_holds_every_noticed_day_and_seeding_twice_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        assert seed_days(session) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(CalendarDay)) == len(
            list(noticed_days())
        )


def test_an_imported_year_can_be_counted_in(database: Database) -> None:
    with database.transaction() as session:
        with pytest.raises(Problem, match="year_not_loaded"):
            work_calendar(session).add_working_days(date(2026, 12, 31), 1)
        assert import_days(session, read_days(NEXT_YEAR), source="测试用通知") == len(NEXT_YEAR) - 1
        assert work_calendar(session).add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 2)


def test_importing_again_changes_nothing_and_a_corrected_day_only_itself(database: Database) -> None:
    corrected = [*NEXT_YEAR[:-1], "2027-01-02,放假"]
    with database.transaction() as session:
        import_days(session, read_days(NEXT_YEAR), source="测试用通知")
        assert import_days(session, read_days(NEXT_YEAR), source="测试用通知") == 0
        assert import_days(session, read_days(corrected), source="更正") == 1
        seed_days(session)
        assert not work_calendar(session).is_working_day(date(2027, 1, 2))


def test_a_units_own_day_holds_for_it_alone(database: Database) -> None:
    unit = new_id()
    with database.transaction() as session:
        own = read_days(["date,kind", "2026-03-03,off"], national=False)
        import_days(session, own, source="本单位安排", unit_id=unit)
        assert not work_calendar(session, unit_id=unit).is_working_day(date(2026, 3, 3))
        assert work_calendar(session, unit_id=EVERY_UNIT).is_working_day(date(2026, 3, 3))
        assert work_calendar(session, unit_id=new_id()).is_working_day(date(2026, 3, 3))


def test_the_running_count_is_remembered_until_a_day_changes(database: Database) -> None:
    monday, friday = date(2026, 3, 2), date(2026, 3, 6)
    with database.transaction() as session:
        before = working_time(session)
        assert working_time(session) is before
        assert before.between(monday, friday) == work_calendar(session).count_between(monday, friday) == 4
        assert before.between(monday, date(2027, 3, 5)) is None
        import_days(session, read_days(["date,kind", "2026-03-04,half"], national=False), source="更正")
        assert working_time(session).between(monday, friday) == Decimal("3.5")
