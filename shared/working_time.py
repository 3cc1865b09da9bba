"""Working days as differences of one running count, so that sums of moments can stand for sums of spans."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from shared.workdays import HALVES, WorkCalendar


class WorkingTime:
    """The half working days from the first known year up to the end of each day, by the national calendar.

    `at(b) - at(a)` is what `WorkCalendar.count_between(a, b)` counts, in half days.
    """

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._years = sorted({day.year for day in calendar.national if (day.month, day.day) == (1, 1)})

    def at(self, day: date) -> int | None:
        """The count at the end of that day; None where the calendar is not known without a gap up to it."""
        place = day.toordinal() - self._first
        return self._counts[place] if 0 <= place < len(self._counts) else None

    def between(self, start: date, end: date) -> Decimal | None:
        """The working days after `start` up to and including `end`; None where the calendar is not known."""
        first, last = self.at(start), self.at(end)
        return None if first is None or last is None else Decimal(last - first) / 2

    @cached_property
    def _first(self) -> int:
        return date(self._years[0], 1, 1).toordinal() if self._years else 0

    @cached_property
    def _counts(self) -> list[int]:
        """One count a day, up to the end of the last year before a gap."""
        counts: list[int] = []
        total = 0
        for day in self._days():
            total += HALVES[self.calendar.kind_of(day)]
            counts.append(total)
        return counts

    def _days(self) -> list[date]:
        if not self._years:
            return []
        first = self._years[0]
        known = next((first + n for n in range(len(self._years)) if self._years[n] != first + n), None)
        after = known if known is not None else self._years[-1] + 1
        begin, end = date(first, 1, 1), date(after, 1, 1)
        return [begin + timedelta(days=ahead) for ahead in range((end - begin).days)]
