"""Recurring report forms (一表同享): periods, the values that a field takes, and what a new form asks once more."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.workdays import WorkCalendar

LONGEST_TEXT = 2_000
# As in the dictionary's table: what a workbook and a browser both show without loss.
LARGEST_NUMBER = 10**15
_DAY = timedelta(days=1)
_NAMES = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


class PeriodKind(StrEnum):
    """How often a form is filled."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {"month": "月报", "quarter": "季报", "year": "年报"}[self]


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


class FormState(StrEnum):
    """A form that asks what is collected already is held until somebody decides."""

    HELD = "held"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return {"held": "待审批", "in_force": "执行中", "refused": "未获批准", "ended": "已停止"}[self]


class FieldKind(StrEnum):
    """Which values a field of the dictionary takes."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year, by its first and last day."""

    first: date
    last: date
    kind: PeriodKind

    @property
    def name(self) -> str:
        """`2026-11`, `2026Q4` or `2026`."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.first:%Y-%m}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.first.year}Q{(self.first.month + 2) // 3}"
        return f"{self.first.year}"


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period in which that day lies."""
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = first.month + months
    after = date(first.year + (following > 12), following - 12 * (following > 12), 1)
    return Period(first, after - _DAY, kind)


def read_period(name: str) -> Period | None:
    """The period of that name, or None."""
    found = _NAMES.fullmatch(name)
    if found is None or not 1 < int(found["year"]) < 9999:
        return None
    year = int(found["year"])
    if found["month"]:
        return period_of(date(year, int(found["month"]), 1), PeriodKind.MONTH)
    if found["quarter"]:
        return period_of(date(year, int(found["quarter"]) * 3, 1), PeriodKind.QUARTER)
    return period_of(date(year, 1, 1), PeriodKind.YEAR)


def periods_due(kind: PeriodKind, *, starts_on: date, today: date, most: int) -> list[Period]:
    """The periods of a form that are over, the newest first, none from before the form began."""
    found: list[Period] = []
    period = period_of(period_of(today, kind).first - _DAY, kind)
    while period.last >= starts_on and len(found) < most:
        found.append(period)
        period = period_of(period.first - _DAY, kind)
    return found


def due_on(calendar: WorkCalendar, period: Period, days: int) -> date:
    """The last day for filling: so many working days after the period."""
    return calendar.add_working_days(period.last, days)


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """What the dictionary says of a field."""

    code: str
    name: str
    kind: FieldKind
    choices: tuple[str, ...] = ()


def field_fault(rule: FieldRule, value: Any) -> str:
    """What is wrong with a value for a field, or nothing."""
    words = _CHECKS[rule.kind](rule, value)
    return f"“{rule.name}”{words}" if words else ""


def _text(_: FieldRule, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        return "应为文字"
    return f"至多 {LONGEST_TEXT} 个字" if len(value) > LONGEST_TEXT else ""


def _integer(_: FieldRule, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "应为整数"
    return "数字过大" if abs(value) > LARGEST_NUMBER else ""


def _number(_: FieldRule, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "应为数字"
    return "数字过大" if abs(value) > LARGEST_NUMBER else ""


def _date(_: FieldRule, value: Any) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else "应为日期，形如 2026-11-02"
    except (TypeError, ValueError):
        return "应为日期，形如 2026-11-02"


def _boolean(_: FieldRule, value: Any) -> str:
    return "" if isinstance(value, bool) else "应为是或否"


def _choice(rule: FieldRule, value: Any) -> str:
    return "" if value in rule.choices else "应为下列之一：" + "、".join(rule.choices)


_CHECKS: Mapping[FieldKind, Callable[[FieldRule, Any], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
}


@dataclass(frozen=True, kw_only=True)
class Collected:
    """A field that a form in force collects from units."""

    field_code: str
    field_name: str
    form_id: UUID
    form_name: str
    form_unit_name: str
    unit_ids: frozenset[UUID]


def overlaps(
    field_codes: Collection[str], unit_ids: Collection[UUID], collected: Iterable[Collected]
) -> list[dict[str, Any]]:
    """What a new form asks of units that another form collects from them already: by field, with those forms."""
    found: dict[str, dict[str, Any]] = {}
    for one in collected:
        asked_twice = one.unit_ids & set(unit_ids)
        if one.field_code not in field_codes or not asked_twice:
            continue
        entry = found.setdefault(
            one.field_code, {"field_code": one.field_code, "field_name": one.field_name, "forms": []}
        )
        entry["forms"].append(
            {
                "form_id": str(one.form_id),
                "form_name": one.form_name,
                "unit_name": one.form_unit_name,
                "units": len(asked_twice),
            }
        )
    return list(found.values())


def missing_fields(asked: Sequence[tuple[str, bool]], known: Collection[str]) -> list[str]:
    """The required fields (code, required) that are not filled yet."""
    return [code for code, required in asked if required and code not in known]
