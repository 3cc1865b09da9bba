"""Working days between many pairs of dates, counted in one pass over the calendar."""

from datetime import date, timedelta
from decimal import Decimal

from shared.errors import Problem
from shared.workdays import HALVES, WorkCalendar

_DAY = timedelta(days=1)


class RunningDays:
    """The working days of a calendar added up from one date to another; it ends before a year that is not loaded."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        day, halves = first, 0
        self._until: dict[date, int] = {first: halves}
        try:
            while day < last:
                day += _DAY
                halves += HALVES[calendar.kind_of(day)]
                self._until[day] = halves
        except Problem as problem:
            if problem.code != "workdays.year_not_loaded":
                raise

    def between(self, start: date, end: date) -> Decimal | None:
        """The working days after `start` up to and including `end`; None where the calendar does not reach."""
        if start not in self._until or end not in self._until:
            return None
        return Decimal(self._until[end] - self._until[start]) / 2
