"""Working days after the arrangement of 2026."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar_days import noticed_days, read_days
from shared.errors import Problem
from shared.workdays import DayKind, WorkCalendar

NATIONAL = {row.day: row.kind for row in noticed_days()}
CALENDAR = WorkCalendar(NATIONAL)

OFF_2026 = [
    *(date(2026, 1, day) for day in range(1, 4)),
    *(date(2026, 2, day) for day in range(15, 24)),
    *(date(2026, 4, day) for day in range(4, 7)),
    *(date(2026, 5, day) for day in range(1, 6)),
    *(date(2026, 6, day) for day in range(19, 22)),
    *(date(2026, 9, day) for day in range(25, 28)),
    *(date(2026, 10, day) for day in range(1, 8)),
]
WORKED_2026 = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]

days_of_2025 = st.dates(date(2025, 1, 1), date(2025, 12, 31))


def test_the_holidays_of_2026_are_off() -> None:
    assert [day for day in OFF_2026 if CALENDAR.is_working_day(day)] == []


def test_the_make_up_weekends_of_2026_are_worked() -> None:
    assert [day for day in WORKED_2026 if not CALENDAR.is_working_day(day)] == []


def test_every_other_day_of_2026_follows_the_week() -> None:
    year = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    plain = [day for day in year if day not in OFF_2026 and day not in WORKED_2026]
    assert [day for day in plain if CALENDAR.is_working_day(day) != (day.weekday() < 5)] == []


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 1, 1), 0, date(2026, 1, 1)),
    ],
)
def test_day_one_is_the_next_working_day(start: date, days: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, days) == end


def test_a_year_without_notice_is_refused_and_named() -> None:
    with pytest.raises(Problem) as refused:
        CALENDAR.add_working_days(date(2026, 12, 31), 1)
    assert refused.value.code == "workdays.year_not_loaded"
    assert "2027 年" in refused.value.detail
    assert "2026 年" in refused.value.detail


def test_counting_inside_a_known_year_does_not_need_the_next() -> None:
    assert CALENDAR.count_between(date(2026, 12, 30), date(2026, 12, 31)) == 1


def test_nothing_can_be_counted_before_anything_is_loaded() -> None:
    with pytest.raises(Problem, match="year_not_loaded"):
        WorkCalendar({}).is_working_day(date(2026, 3, 2))


def test_a_half_day_counts_half() -> None:
    calendar = WorkCalendar(NATIONAL, {date(2026, 3, 4): DayKind.HALF})
    assert calendar.count_between(date(2026, 3, 2), date(2026, 3, 4)) == Decimal("1.5")
    assert calendar.add_working_days(date(2026, 3, 2), Decimal("1.5")) == date(2026, 3, 4)
    assert calendar.add_working_days(date(2026, 3, 2), 2) == date(2026, 3, 5)


def test_a_unit_may_close_on_a_day_of_its_own_and_open_on_a_sunday() -> None:
    calendar = WorkCalendar(NATIONAL, {date(2026, 3, 3): DayKind.OFF, date(2026, 3, 8): DayKind.WORK})
    assert calendar.add_working_days(date(2026, 3, 2), 1) == date(2026, 3, 4)
    assert calendar.is_working_day(date(2026, 3, 8))


@pytest.mark.parametrize("days", [Decimal(-1), Decimal("0.3"), Decimal("NaN"), Decimal("Infinity")])
def test_a_span_is_counted_in_half_days(days: Decimal) -> None:
    with pytest.raises(Problem, match="not_in_half_days"):
        CALENDAR.add_working_days(date(2026, 3, 2), days)


@given(days_of_2025, st.integers(1, 60))
def test_adding_and_counting_agree(start: date, days: int) -> None:
    end = CALENDAR.add_working_days(start, days)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.count_between(start, end) == days
    assert CALENDAR.count_between(end, start) == -days


@given(days_of_2025, st.integers(0, 30), st.integers(0, 30))
def test_spans_can_be_added_one_after_the_other(start: date, first: int, second: int) -> None:
    in_two_steps = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second)
    assert in_two_steps == CALENDAR.add_working_days(start, first + second)


def test_an_imported_year_is_read_from_a_plain_table() -> None:
    rows = read_days(
        ["\ufeff日期,类型,说明", "2030-01-01,放假,元旦", "2030-01-05,上班,调休", "2030-02-02,半天,"]
    )
    assert [row.kind for row in rows] == [DayKind.OFF, DayKind.WORK, DayKind.HALF]


def test_every_wrong_line_of_an_import_is_named() -> None:
    with pytest.raises(Problem) as refused:
        read_days(["日期,类型", "2030-01-01,放假", "30-1-2,放假", "2030-01-03,也许", "2030-01-01,上班"])
    assert set(refused.value.errors) == {"第 3 行", "第 4 行", "2030-01-01"}


def test_an_import_that_does_not_begin_with_new_year_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        read_days(["日期,类型", "2030-05-01,放假"])
    assert set(refused.value.errors) == {"2030 年"}


def test_an_import_without_its_columns_is_refused() -> None:
    with pytest.raises(Problem, match="bad_calendar"):
        read_days(["一,二", "2030-05-01,放假"])


def test_a_units_own_days_need_not_be_a_whole_year() -> None:
    assert len(read_days(["date,kind", "2030-05-01,work"], national=False)) == 1
