"""Measuring a figure: warm up, then take turns, at least five times."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.figure import Figure, Readings, Result, Side, Sides
from tests.bench.ground import Ground

QUICK = 10


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How thoroughly; `quick` does a tenth of the work, to see that everything runs."""

    rounds: int = 5
    quick: bool = False

    def of(self, count: int) -> int:
        return max(count // QUICK, 1) if self.quick else count


@dataclass
class _Taken:
    ours: list[Readings] = field(default_factory=list)
    limit: list[Readings] = field(default_factory=list)


def measure(
    figure: Figure, ground: Ground, *, effort: Effort, progress: Callable[[str], None]
) -> list[Result]:
    """Every quantity of the figure; `progress` hears of each step."""
    rounds = min(effort.rounds, figure.rounds or effort.rounds)
    taken = _Taken()
    progress("preparing")
    with figure.prepare(ground) as sides:
        for number in range(rounds):
            for named, side, readings in _order(sides, taken, number):
                progress(f"round {number + 1} of {rounds}: {named}")
                if figure.warm_up:
                    side(effort.of(figure.warm_up))
                readings.append(side(effort.of(figure.amount)))
    return results_of(figure, taken.ours, taken.limit)


def results_of(figure: Figure, ours: list[Readings], limit: list[Readings]) -> list[Result]:
    """The rounds' readings, quantity by quantity."""
    return [
        Result(
            figure=figure.name,
            quantity=quantity,
            ours=tuple(reading[quantity.name] for reading in ours),
            limit=(
                tuple(reading[quantity.name] for reading in limit)
                if quantity.allowed is None
                else (quantity.allowed,) * len(ours)
            ),
        )
        for quantity in figure.quantities
    ]


def _order(sides: Sides, taken: _Taken, number: int) -> list[tuple[str, Side, list[Readings]]]:
    """Each round begins with the other side, so that neither always finds the machine as the other left it."""
    turns: list[tuple[str, Side, list[Readings]]] = [("ours", sides.ours, taken.ours)]
    if sides.limit:
        turns.append(("limit", sides.limit, taken.limit))
    return turns if number % 2 == 0 else turns[::-1]
