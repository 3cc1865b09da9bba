"""Working days after the arrangement of 2026."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.municipality import made_up_year
from shared.calendar_days import DayRow, noticed_days, read_days
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
    head, *holidays = made_up_year(2030)
    rows = read_days([f"\ufeff{head},说明", *holidays, "2030-01-05,上班,调休", "2030-02-02,半天,"])
    assert [row.kind for row in rows if row.day < date(2030, 2, 3)] == [
        DayKind.OFF,
        DayKind.WORK,
        DayKind.HALF,
    ]


def test_every_wrong_line_of_an_import_is_named() -> None:
    with pytest.raises(Problem) as refused:
        read_days([*made_up_year(2030), "30-1-2,放假", "2030-01-03,也许", "2030-01-01,上班"])
    assert set(refused.value.errors) == {"第 15 行", "第 16 行", "2030-01-01"}


def as_table(rows: list[DayRow]) -> list[str]:
    return ["date,kind", *(f"{row.day},{row.kind}" for row in rows)]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_notice_that_there_was_is_a_whole_year(year: int) -> None:
    rows = [row for row in noticed_days() if row.day.year == year]
    assert read_days(as_table(rows)) == rows


def test_a_notice_may_begin_in_the_last_days_of_the_year_before() -> None:
    notice_of_2023 = [row for row in noticed_days() if date(2022, 12, 31) <= row.day < date(2024, 1, 1)]
    assert notice_of_2023[0].day.year != notice_of_2023[-1].day.year
    assert len(read_days(as_table(notice_of_2023))) == len(notice_of_2023)


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("01-01", "元旦"),
        ("02-08", "春节"),
        ("04-05", "清明节"),
        ("05-02", "劳动节"),
        ("06-09", "端午节"),
        ("09-15", "中秋节"),
        ("10-03", "国庆节"),
    ],
)
def test_a_year_that_lacks_a_day_of_a_holiday_is_refused_with_its_name(left_out: str, missing: str) -> None:
    with pytest.raises(Problem) as refused:
        read_days([line for line in made_up_year(2030) if left_out not in line])
    assert set(refused.value.errors) == {"2030 年"}
    assert refused.value.errors["2030 年"][0].startswith(f"缺少{missing}（")


def test_new_year_alone_is_no_year() -> None:
    with pytest.raises(Problem) as refused:
        read_days(["日期,类型", "2030-01-01,放假"])
    [said] = refused.value.errors["2030 年"]
    assert "元旦" not in said
    assert all(name in said for name in ("春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"))


def test_a_table_without_days_is_no_year() -> None:
    with pytest.raises(Problem, match="bad_calendar"):
        read_days(["日期,类型"])


def test_a_holiday_that_is_to_be_worked_is_missing() -> None:
    lines = [line.replace("06-09,放假", "06-09,上班") for line in made_up_year(2030)]
    with pytest.raises(Problem, match="端午节"):
        read_days(lines)


def test_a_mid_autumn_within_the_national_holiday_makes_it_eight_days() -> None:
    september = [line for line in made_up_year(2028) if "-09-" not in line]
    week = [f"2028-10-0{day},放假" for day in range(4, 8)]
    with pytest.raises(Problem, match="中秋节"):
        read_days([*september, *week])
    assert read_days([*september, *week, "2028-10-08,放假"])


def test_an_import_without_its_columns_is_refused() -> None:
    with pytest.raises(Problem, match="bad_calendar"):
        read_days(["一,二", "2030-05-01,放假"])


def test_a_units_own_days_need_not_be_a_whole_year() -> None:
    assert len(read_days(["date,kind", "2030-05-01,work"], national=False)) == 1
