"""The clock of a case: it starts at acceptance, stops for completion and special procedures, and counts half days.

Day one is the first working day after the acceptance. Office hours are taken as 12:00 and 18:00: who stops the clock in
the morning has used none of that day, in the afternoon half of it, in the evening all of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from shared.clock import LOCAL_ZONE
from shared.workdays import DayKind, WorkCalendar

_HALVES = {DayKind.WORK: 2, DayKind.HALF: 1, DayKind.OFF: 0}
_NOON, _EVENING = time(12), time(18)
_END_OF_DAY = time(23, 59, 59)
_DAY = timedelta(days=1)


class StopCause(StrEnum):
    """Why a clock stands still; the last three are special procedures (特别程序), whose time does not count."""

    COMPLETION = "补正"
    INSPECTION = "现场勘验"
    EXPERTS = "专家评审"
    PUBLICITY = "公示"


SPECIAL_PROCEDURES = tuple(cause for cause in StopCause if cause is not StopCause.COMPLETION)


def end_of_day(day: date) -> datetime:
    """The last second of a day on the office's wall clock."""
    return datetime.combine(day, _END_OF_DAY, LOCAL_ZONE)


def due_of(calendar: WorkCalendar, accepted_on: date, days: int) -> datetime:
    """The end of the last of so many working days after the acceptance."""
    return end_of_day(calendar.add_working_days(accepted_on, days))


def worked_halves(calendar: WorkCalendar, since: datetime, until: datetime) -> int:
    """The half days of working time between two moments; none when the second is not later."""
    first, last = since.astimezone(LOCAL_ZONE), until.astimezone(LOCAL_ZONE)
    if last <= first:
        return 0
    days = (first.date() + _DAY * ahead for ahead in range((last.date() - first.date()).days))
    whole = sum(_HALVES[calendar.kind_of(day)] for day in days)
    return whole + _passed(calendar, last) - _passed(calendar, first)


def counted_halves(calendar: WorkCalendar, *, accepted_on: date, since: datetime, until: datetime) -> int:
    """The same, of the time that counts for a case: the day of acceptance does not."""
    return worked_halves(calendar, max(since, end_of_day(accepted_on)), until)


def add_halves(calendar: WorkCalendar, moment: datetime, halves: int) -> datetime:
    """The moment by which so many more half days of working time are over: a noon, or the end of a day."""
    if halves <= 0:
        return moment
    local = moment.astimezone(LOCAL_ZONE)
    day, passed, left = local.date(), _passed(calendar, local), halves
    while left > (room := _HALVES[calendar.kind_of(day)] - passed):
        left -= room
        day, passed = day + _DAY, 0
    if passed + left < _HALVES[calendar.kind_of(day)]:
        return datetime.combine(day, _NOON, LOCAL_ZONE)
    return end_of_day(day)


def used_halves(
    calendar: WorkCalendar, *, accepted_on: date, decided_at: datetime, rested: Iterable[int]
) -> int:
    """The working time that a case took, in half days, without the times at which its clock stood still."""
    whole = worked_halves(calendar, end_of_day(accepted_on), decided_at)
    return max(0, whole - sum(rested))


def _passed(calendar: WorkCalendar, local: datetime) -> int:
    """The half days of that day that are over at that moment."""
    halves = _HALVES[calendar.kind_of(local.date())]
    if local.time() < _NOON:
        return 0
    return halves if local.time() >= _EVENING else min(1, halves)
