"""Periods of recurring report forms, and the values that fields take."""

from datetime import date

import pytest

from services.affairs.domain.reporting import (
    FieldKind,
    FieldRule,
    PeriodKind,
    field_fault,
    period_of,
    periods_due,
    read_period,
)


@pytest.mark.parametrize(
    ("kind", "name", "first", "last"),
    [
        (PeriodKind.MONTH, "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        (PeriodKind.QUARTER, "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (PeriodKind.YEAR, "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_a_name_and_two_ends(kind: PeriodKind, name: str, first: date, last: date) -> None:
    period = period_of(date(2026, 12, 9), kind)
    assert (period.name, period.first, period.last) == (name, first, last)
    assert read_period(name) == period


@pytest.mark.parametrize("name", ["", "2026-13", "2026Q5", "26-01", "2026-1", "0001", "9999"])
def test_other_names_are_no_period(name: str) -> None:
    assert read_period(name) is None


def test_only_periods_that_are_over_are_due_and_none_from_before_the_form() -> None:
    due = periods_due(PeriodKind.MONTH, starts_on=date(2026, 9, 15), today=date(2026, 11, 30), most=13)
    assert [period.name for period in due] == ["2026-10", "2026-09"]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (FieldKind.TEXT, "甲", " "),
        (FieldKind.INTEGER, 3, True),
        (FieldKind.INTEGER, 0, 3.5),
        (FieldKind.NUMBER, 3.5, float("nan")),
        (FieldKind.DATE, "2026-11-02", "2026-02-30"),
        (FieldKind.BOOLEAN, False, 0),
        (FieldKind.CHOICE, "甲", "丙"),
        (FieldKind.CHOICE, "乙", ["乙"]),
    ],
)
def test_a_value_fits_its_field(kind: FieldKind, right: object, wrong: object) -> None:
    rule = FieldRule(code="f", name="某", kind=kind, choices=("甲", "乙"))
    assert field_fault(rule, right) == ""
    assert field_fault(rule, wrong).startswith("“某”")
