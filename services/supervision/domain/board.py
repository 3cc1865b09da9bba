"""What the board shows: counts by unit, source, light, leader and period, and how long tasks take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import IntFlag
from types import MappingProxyType
from typing import NamedTuple

from shared.events.supervision import Light

LIGHTS = tuple(light.value for light in Light)
ALL_TIME = 0
FIRST_MONTH = 200001
_TENTH = Decimal("0.1")


class Dimension(IntFlag):
    """What counters tell apart beside light and period."""

    LEAD = 1
    SOURCE = 2
    LEADER = 4


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Tasks by light, and the working days that they took so far.

    Half days of running tasks are counted to the end of `today_halves`, the national calendar's half days until today;
    None when that calendar does not know this year, and then nothing is said of open tasks.
    """

    lights: Mapping[str, int] = field(default_factory=lambda: MappingProxyType(dict.fromkeys(LIGHTS, 0)))
    handled: int = 0
    spent: int | None = 0
    closed: int = 0
    closed_spent: int = 0

    @property
    def tasks(self) -> int:
        return sum(self.lights.values())

    @property
    def mean_days(self) -> Decimal | None:
        """Mean handling time in working days of closed and open tasks, the age so far of open ones counted in."""
        return _mean(self.spent, self.handled)

    @property
    def mean_closed_days(self) -> Decimal | None:
        return _mean(self.closed_spent, self.closed)

    @property
    def mean_open_days(self) -> Decimal | None:
        spent = None if self.spent is None else self.spent - self.closed_spent
        return _mean(spent, self.handled - self.closed)


class Cell(NamedTuple):
    """One counter: tasks of one light; `spent` lacks today's half days for each of the `running` ones."""

    light: str
    tasks: int
    handled: int
    running: int
    spent: int


def tally(cells: Sequence[Cell], *, today_halves: int | None) -> Tally:
    """The counters of one line of the board together."""
    lights = dict.fromkeys(LIGHTS, 0)
    for cell in cells:
        lights[cell.light] += cell.tasks
    done = [cell for cell in cells if cell.light == Light.DONE]
    running = sum(cell.running for cell in cells)
    spent = sum(cell.spent for cell in cells)
    known = today_halves is not None or not running
    return Tally(
        lights=lights,
        handled=sum(cell.handled for cell in cells),
        spent=spent + running * (today_halves or 0) if known else None,
        closed=sum(cell.handled for cell in done),
        closed_spent=sum(cell.spent for cell in done),
    )


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


def _mean(halves: int | None, tasks: int) -> Decimal | None:
    if halves is None or tasks <= 0:
        return None
    return (Decimal(halves) / 2 / tasks).quantize(_TENTH, ROUND_HALF_UP)
