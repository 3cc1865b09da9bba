"""Working days: which days offices work, and deadlines counted in them.

The calendar of a year is known once the State Council's holiday notice for it is loaded. Counting past the last known
year is refused rather than guessed, because make-up days are set anew every year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from shared.errors import Problem, conflict, invalid

_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What a day is worth where it differs from the plain week: a working day, a day off, or a half day."""

    WORK = "work"
    OFF = "off"
    HALF = "half"


# Working time is added up in half days, so that no fraction is ever rounded.
HALVES = {DayKind.WORK: 2, DayKind.HALF: 1, DayKind.OFF: 0}


def year_not_loaded(year: int, *, last_known: int | None) -> Problem:
    """The holiday arrangement of that year is not loaded, so nothing can be counted in it (409)."""
    known = f"目前只载入到 {last_known} 年" if last_known else "目前一年也没有载入"
    detail = (
        f"{year} 年的节假日安排还没有载入（{known}），不能计算工作日；"
        f"请系统管理员导入国务院办公厅关于 {year} 年部分节假日安排的通知中的放假和调休上班日期"
    )
    return conflict("workdays.year_not_loaded", "缺少节假日安排", detail)


def not_in_half_days(days: Decimal) -> Problem:
    """A span of working days is counted in whole and half days only (422)."""
    message = f"工作日数 {days} 不对，应为 0 或更大、以半天为单位的数，如 3 或 0.5"
    return invalid("workdays.not_in_half_days", "工作日数不对", message, errors={"days": [message]})


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one unit: the week, the national notices, and on top the unit's own days.

    A year is known when its 1 January is among the national days: every notice names it.
    """

    national: Mapping[date, DayKind]
    own: Mapping[date, DayKind] = field(default_factory=lambda: MappingProxyType({}))

    def kind_of(self, day: date) -> DayKind:
        """Whether that day is worked in full, by half, or not; raises `workdays.year_not_loaded`."""
        if date(day.year, 1, 1) not in self.national:
            raise year_not_loaded(
                day.year, last_known=max((known.year for known in self.national), default=None)
            )
        plain = DayKind.OFF if day.weekday() >= _SATURDAY else DayKind.WORK
        return self.own.get(day) or self.national.get(day, plain)

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on that day, in full or by half."""
        return self.kind_of(day) is not DayKind.OFF

    def add_working_days(self, start: date, days: int | Decimal) -> date:
        """The day on which so many working days after `start` are over; day one is the first working day after it.

        Zero days is `start` itself. Raises `workdays.not_in_half_days` and `workdays.year_not_loaded`.
        """
        left = _in_halves(days)
        day = start
        while left > 0:
            day += _DAY
            left -= HALVES[self.kind_of(day)]
        return day

    def count_between(self, start: date, end: date) -> Decimal:
        """The working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.count_between(end, start)
        days = (start + _DAY * ahead for ahead in range(1, (end - start).days + 1))
        return Decimal(sum(HALVES[self.kind_of(day)] for day in days)) / 2


def _in_halves(days: int | Decimal) -> int:
    halves = Decimal(days) * 2
    if not halves.is_finite() or halves < 0 or halves != halves.to_integral_value():
        raise not_in_half_days(Decimal(days))
    return int(halves)
