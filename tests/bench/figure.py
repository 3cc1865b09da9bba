"""What a figure is: which quantities, ours and the limit's, and how far apart they may be."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from tests.bench.ground import Ground


class Better(StrEnum):
    """In which direction a quantity is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Verdict(StrEnum):
    """How ours stands against what was asked of it."""

    MEETS_AIM = "meets aim"
    MEETS_FLOOR = "meets floor"
    FALLS_SHORT = "falls short"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """One line of the table.

    `floor` (must) and `aim` are ratios of ours to the limit. A quantity whose limit is a plain number, such as
    "400 MB", names it in `allowed`; ours is then divided by that.
    """

    name: str
    unit: str
    better: Better
    aim: float
    floor: float | None = None
    allowed: float | None = None

    def verdict(self, ratio: float) -> Verdict:
        """What the ratio means; without a floor there is nothing between the aim and falling short."""
        if self._reaches(ratio, self.aim):
            return Verdict.MEETS_AIM
        if self.floor is not None and self._reaches(ratio, self.floor):
            return Verdict.MEETS_FLOOR
        return Verdict.FALLS_SHORT

    def _reaches(self, ratio: float, bound: float) -> bool:
        return ratio >= bound if self.better is Better.HIGHER else ratio <= bound


Readings = Mapping[str, float]
Side = Callable[[int], Readings]
"""Does the work that many times and returns a number for each quantity, by its name."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The two callables of a figure; a figure whose quantities all name what is allowed has no limit to measure."""

    ours: Side
    limit: Side | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A comparison; `order` is its place in the table.

    `amount` is how much is done in a round, `warm_up` how much unmeasured before each. `prepare` starts what both
    sides need and yields them. `rounds`, where given, is the most that make sense.
    """

    name: str
    order: int
    ours: str
    limit: str
    quantities: tuple[Quantity, ...]
    amount: int
    warm_up: int
    prepare: Callable[[Ground], AbstractContextManager[Sides]]
    note: str = ""
    rounds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """All rounds of one quantity; the n-th number of each side comes from the n-th round."""

    figure: str
    quantity: Quantity
    ours: tuple[float, ...]
    limit: tuple[float, ...]

    @property
    def ours_median(self) -> float:
        return median(self.ours)

    @property
    def limit_median(self) -> float:
        return median(self.limit)

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours to the limit, round by round, so that what slows the machine down for a while slows both."""
        return tuple(ours / limit for ours, limit in zip(self.ours, self.limit, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest of the rounds' ratios."""
        return min(self.ratios), max(self.ratios)

    @property
    def verdict(self) -> Verdict:
        return self.quantity.verdict(self.ratio)
