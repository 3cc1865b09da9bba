"""What the board shows: counts by unit, source, light, leader and period, and how long tasks take."""

from datetime import date
from enum import IntFlag
from typing import Any, NamedTuple

from shared.events.supervision import Light

LIGHTS = tuple(light.value for light in Light)
ALL_TIME = 0
FIRST_MONTH = 200001


class Dimension(IntFlag):
    """What counters tell apart beside light and period."""

    LEAD = 1
    SOURCE = 2
    LEADER = 4


class Tally(NamedTuple):
    """The counters of one line of the board: tasks by light, and the working half days that they took so far.

    `handled` tasks took `spent`, which lacks today's half days for each of the `running` ones among them; `closed` of
    them are done and took `closed_spent`.
    """

    grey: int = 0
    green: int = 0
    amber: int = 0
    red: int = 0
    done: int = 0
    handled: int = 0
    running: int = 0
    spent: int = 0
    closed: int = 0
    closed_spent: int = 0


def line_of(of: Tally, *, today_halves: int | None) -> dict[str, Any]:
    """A line of the board as it is answered: tasks by light, and mean handling times in working days.

    Running tasks are counted at their age so far, to the end of `today_halves`, the national calendar's half days until
    today; None when that calendar does not know this year, and then nothing is said of open tasks.
    """
    known = today_halves is not None or not of.running
    spent = of.spent + of.running * (today_halves or 0) if known else None
    return {
        "tasks": of.grey + of.green + of.amber + of.red + of.done,
        "grey": of.grey,
        "green": of.green,
        "amber": of.amber,
        "red": of.red,
        "done": of.done,
        "mean_days": _mean(spent, of.handled),
        "mean_closed_days": _mean(of.closed_spent, of.closed),
        "mean_open_days": _mean(None if spent is None else spent - of.closed_spent, of.handled - of.closed),
    }


def month_of(day: date) -> int:
    """A month as counters name it: 202611."""
    return day.year * 100 + day.month


def periods_of(first: int | None, last: int | None, *, today: date) -> list[int]:
    """The fewest counters that make up the months from `first` to `last`: whole years, and single months at the ends.

    Without either it is all time.
    """
    if first is None and last is None:
        return [ALL_TIME]
    start, end = first or FIRST_MONTH, last or month_of(today)
    found: list[int] = []
    for year in range(start // 100, end // 100 + 1):
        months = [year * 100 + month for month in range(1, 13)]
        inside = [month for month in months if start <= month <= end]
        found += [year] if len(inside) == len(months) else inside
    return found


def latest_months(periods: tuple[int | None, int | None], *, today: date, most: int = 12) -> list[int]:
    """The months of a period that are shown one by one: the last twelve of it."""
    first, last = periods
    end = min(last or month_of(today), month_of(today))
    months: list[int] = []
    year, month = divmod(end, 100)
    while len(months) < most and year * 100 + month >= (first or FIRST_MONTH):
        months.append(year * 100 + month)
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return months[::-1]


def _mean(halves: int | None, tasks: int) -> float | None:
    """Half days for that many tasks as working days for each, to the tenth, half up."""
    if halves is None or tasks <= 0:
        return None
    return (10 * halves + tasks) // (2 * tasks) / 10
