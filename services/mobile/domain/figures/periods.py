"""Periods of figures, and the few rows of sums that make one up."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

_DAY = timedelta(days=1)
BEGINNING = date(1, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Period:
    """From a day to a day, both included; `as_of` is its last day, or today when that is earlier."""

    first: date
    last: date
    today: date

    @property
    def as_of(self) -> date:
        return min(self.last, self.today)

    @property
    def label(self) -> str:
        if self.first == month_of(self.first) and self.last == month_end(self.last):
            whole = {
                (1, 12): "年",
                (1, 3): "年第一季度",
                (4, 6): "年第二季度",
                (7, 9): "年第三季度",
                (10, 12): "年第四季度",
            }
            months = (self.first.month, self.last.month)
            if self.first.year == self.last.year and months in whole:
                return f"{self.first.year}{whole[months]}"
            if self.first.year == self.last.year and months[0] == months[1]:
                return f"{self.first.year}年{months[0]}月"
        return f"{self.first.isoformat()} 至 {self.last.isoformat()}"

    def months(self) -> list["Period"]:
        """Its months up to the day that it is told as of, the first and last possibly in part."""
        parts = []
        first = self.first
        while first <= self.as_of:
            last = min(month_end(first), self.last)
            parts.append(Period(first=first, last=last, today=self.today))
            first = last + _DAY
        return parts


class Span(NamedTuple):
    """Rows of one grain (`y` years, `m` months, `d` days) between two days, to be added (1) or taken away (-1)."""

    sign: int
    grain: str
    first: date
    last: date


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter(year: int, number: int, today: date) -> Period:
    first = date(year, 3 * number - 2, 1)
    return Period(first=first, last=month_end(date(year, 3 * number, 1)), today=today)


@lru_cache
def spans_of(first: date, last: date, *, today: date) -> Sequence[Span]:
    """The sums from one day to another as whole years, months and single days, as few as can be.

    Of the present year and month what lies ahead is taken away: there is little of that.
    """
    if first > last:
        return ()
    return tuple(_spans(first, last, today))


def year_of(day: date) -> date:
    return day.replace(month=1, day=1)


def _spans(first: date, last: date, today: date) -> Iterator[Span]:
    if first.year == last.year:
        yield from _within_year(first, last, today)
        return
    whole_first, whole_last = year_of(first), year_of(last)
    if first != whole_first:
        yield from _within_year(first, _year_end(first), today)
        whole_first = _year_end(first) + _DAY
    if last != _year_end(last):
        yield from _within_year(whole_last, last, today)
        whole_last -= _DAY
    if whole_first <= whole_last:
        yield Span(1, "y", whole_first, year_of(whole_last))


def _within_year(first: date, last: date, today: date) -> Iterator[Span]:
    """Months and days of one year added up by themselves, or as the year without the others."""
    begin, end = year_of(first), _year_end(first)
    left_out = first.month - 1 + (0 if last >= today else 12 - last.month)
    if left_out >= last.month - first.month + 1:
        yield from _by_month(first, last, today)
        return
    yield Span(1, "y", begin, begin)
    if first > begin:
        yield from _less(_by_month(begin, first - _DAY, today))
    if last < end:
        yield from _less(_by_month(last + _DAY, end, today))


def _less(spans: Iterator[Span]) -> Iterator[Span]:
    return (span._replace(sign=-span.sign) for span in spans)


def _by_month(first: date, last: date, today: date) -> Iterator[Span]:
    if month_of(first) == month_of(last):
        yield from _part(first, last, today)
        return
    whole_first, whole_last = month_of(first), month_of(last)
    if first != whole_first:
        yield from _part(first, month_end(first), today)
        whole_first = month_end(first) + _DAY
    if last != month_end(last):
        yield from _part(whole_last, last, today)
        whole_last -= _DAY
    if whole_first <= whole_last:
        yield Span(1, "m", whole_first, month_of(whole_last))


def _part(first: date, last: date, today: date) -> Iterator[Span]:
    """Days within one month, added up by themselves or as the month without the others."""
    begin, end = month_of(first), month_end(first)
    before, after = (first - begin).days, (end - last).days
    left_out = before + (0 if last >= today else after)
    if left_out < (last - first).days + 1:
        yield Span(1, "m", begin, begin)
        if before:
            yield Span(-1, "d", begin, first - _DAY)
        if after:
            yield Span(-1, "d", last + _DAY, end)
    else:
        yield Span(1, "d", first, last)


def _year_end(day: date) -> date:
    return day.replace(month=12, day=31)
