"""Deadlines of tasks: in working days and half days of the lead unit's calendar, or a given date.

Nothing is guessed: what lies in a year whose holiday notice is not loaded is refused (`workdays.year_not_loaded`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from services.supervision import errors
from shared.clock import LOCAL_ZONE, local_date
from shared.workdays import WorkCalendar

END_OF_DAY = time(23, 59, 59)
NOON = time(12)
HALF_A_DAY = Decimal("0.5")
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Until when: a date, so many working days from the assignment, or by the hour (限时件); one of them."""

    on: date | None = None
    half_days: int | None = None
    at: datetime | None = None

    @property
    def days(self) -> Decimal | None:
        return None if self.half_days is None else Decimal(self.half_days) / 2


def end_of(day: date) -> datetime:
    """The last second of that day on the office's clock."""
    return datetime.combine(day, END_OF_DAY, LOCAL_ZONE)


def is_by_the_hour(due_at: datetime) -> bool:
    """Whether a task is due at an hour that was named (限时件) rather than with a day or half a day."""
    return due_at.astimezone(LOCAL_ZONE).time() not in (NOON, END_OF_DAY)


def begin_of(day: date, *, hour: int = 0) -> datetime:
    """That day's first moment, or the full hour of it, on the office's clock."""
    return datetime.combine(day, time(hour), LOCAL_ZONE)


def due_after(calendar: WorkCalendar, start: date, days: Decimal) -> datetime:
    """When so many working days after `start` are over: at the end of a day, or at noon when half a day is left of it.

    Day one is the next working day after the start.
    """
    last = calendar.add_working_days(start, days)
    has_half_left = calendar.count_between(start, last) > days
    return datetime.combine(last, NOON if has_half_left else END_OF_DAY, LOCAL_ZONE)


def due_by(calendar: WorkCalendar, limit: Limit, *, now: datetime) -> datetime:
    """When a task that is given out now is due.

    Raises `supervision.due_in_the_past`, `supervision.due_missing`, `workdays.year_not_loaded`,
    `workdays.not_in_half_days`.
    """
    today = local_date(now)
    if limit.at is not None:
        require_known_future(calendar, local_date(limit.at), today=today)
        if limit.at <= now:
            raise errors.due_hour_past(limit.at)
        return limit.at
    if limit.on is not None:
        require_known_future(calendar, limit.on, today=today)
        return end_of(limit.on)
    if limit.days is None or limit.days <= 0:
        raise errors.due_missing()
    return due_after(calendar, today, limit.days)


def require_known_future(calendar: WorkCalendar, day: date, *, today: date) -> None:
    """Refuse a date that is over, or in a year whose working days are not known."""
    if day < today:
        raise errors.due_in_the_past(day, today)
    calendar.kind_of(day)


def rested(calendar: WorkCalendar, due_at: datetime, *, since: datetime, until: datetime) -> datetime:
    """When a task is due that rested from `since` until `until`: later by the working time that it rested.

    A task that was put to rest and woken on one day is due as before; one that was late stays as late as it was. What
    is due by the hour is due at that hour. A date that would have come while it rested is on the next working day.
    """
    moved = _later(calendar, due_at, calendar.count_between(local_date(since), local_date(until)))
    if moved >= until or due_at < since:
        return moved
    day, hour = local_date(until), due_at.astimezone(LOCAL_ZONE).time()
    while not calendar.is_working_day(day) or datetime.combine(day, hour, LOCAL_ZONE) < until:
        day += _DAY
    return datetime.combine(day, hour, LOCAL_ZONE)


def _later(calendar: WorkCalendar, due_at: datetime, days: Decimal) -> datetime:
    due = due_at.astimezone(LOCAL_ZONE)
    if days <= 0:
        return due_at
    if is_by_the_hour(due_at):
        return datetime.combine(calendar.add_working_days(due.date(), days), due.time(), LOCAL_ZONE)
    if due.time() == NOON:
        return due_after(calendar, due.date() - _DAY, days + HALF_A_DAY)
    return due_after(calendar, due.date(), days)


def offset_day(calendar: WorkCalendar, due_on: date, offset: int) -> date:
    """The day that lies so many working days before (negative) or after the date; 0 is the date itself."""
    if offset >= 0:
        return calendar.add_working_days(due_on, offset)
    day = due_on
    # A working day: nobody reads on Sunday that something is due on Monday.
    while calendar.count_between(day, due_on) < -offset or not calendar.is_working_day(day):
        day -= _DAY
    return day
