"""The benchmark's frame: medians, ratios and verdicts, turns and warm-up, and what is written of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench import machine, record, table
from tests.bench.figure import Better, Figure, Quantity, Readings, Result, Side, Sides, Verdict
from tests.bench.ground import Ground
from tests.bench.measuring import Effort, measure

RATE = Quantity(name="events", unit="1/s", better=Better.HIGHER, floor=0.5, aim=0.8)
WAIT = Quantity(name="p50", unit="ms", better=Better.LOWER, floor=6, aim=2.5)
SIZE = Quantity(name="memory", unit="MB", better=Better.LOWER, aim=1, allowed=400)


@pytest.mark.parametrize(
    ("quantity", "ratio", "verdict"),
    [
        (RATE, 0.8, Verdict.MEETS_AIM),
        (RATE, 0.79, Verdict.MEETS_FLOOR),
        (RATE, 0.5, Verdict.MEETS_FLOOR),
        (RATE, 0.49, Verdict.FALLS_SHORT),
        (WAIT, 2.5, Verdict.MEETS_AIM),
        (WAIT, 6, Verdict.MEETS_FLOOR),
        (WAIT, 6.1, Verdict.FALLS_SHORT),
        (SIZE, 1, Verdict.MEETS_AIM),
        (SIZE, 1.01, Verdict.FALLS_SHORT),
    ],
)
def test_a_ratio_is_judged_by_floor_and_aim(quantity: Quantity, ratio: float, verdict: Verdict) -> None:
    assert quantity.verdict(ratio) is verdict


def test_the_ratio_is_the_median_of_the_rounds_ratios_and_not_the_ratio_of_the_medians() -> None:
    result = Result(figure="x", quantity=RATE, ours=(60, 10, 90), limit=(100, 100, 100))
    assert (result.ours_median, result.limit_median, result.ratio) == (60, 100, 0.6)
    slowed = Result(figure="x", quantity=RATE, ours=(80, 8, 72), limit=(100, 10, 80))
    assert slowed.ratio == 0.8
    assert slowed.spread == (0.8, 0.9)


def test_rounds_take_turns_and_each_side_warms_up_before_every_reading(tmp_path: Path) -> None:
    done: list[tuple[str, int]] = []
    figure = _figure(ours=_counting("ours", done), limit=_counting("limit", done))
    [result] = measure(figure, Ground(tmp_path), effort=Effort(rounds=2), progress=lambda _: None)
    first, second = [("ours", 3), ("ours", 30)], [("limit", 3), ("limit", 30)]
    assert done == first + second + second + first
    assert (result.ours, result.limit) == ((30, 30), (30, 30))


def test_quick_does_a_tenth_and_a_figure_may_ask_for_fewer_rounds(tmp_path: Path) -> None:
    done: list[tuple[str, int]] = []
    figure = _figure(ours=_counting("ours", done), limit=_counting("limit", done), rounds=1)
    measure(figure, Ground(tmp_path), effort=Effort(rounds=5, quick=True), progress=lambda _: None)
    assert done == [("ours", 1), ("ours", 3), ("limit", 1), ("limit", 3)]


def test_what_is_allowed_stands_for_a_limit_that_cannot_be_measured(tmp_path: Path) -> None:
    figure = _figure(ours=lambda _: {"memory": 300.0}, limit=None, quantity=SIZE, warm_up=0)
    [result] = measure(figure, Ground(tmp_path), effort=Effort(rounds=3), progress=lambda _: None)
    assert (result.ratio, result.limit, result.verdict) == (0.75, (400, 400, 400), Verdict.MEETS_AIM)


def test_the_table_says_how_far_and_which_way() -> None:
    result = Result(figure="inbox", quantity=WAIT, ours=(10.0, 11.0, 12.5), limit=(2.0, 2.0, 2.5))
    assert table.cells(result) == (
        "inbox p50", "ms", "11.0", "2.00", "5.00", "5.00 - 5.50", "≤ 6", "≤ 2.5", "meets floor",
    )  # fmt: skip


def test_the_record_holds_every_round_and_why_something_was_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    figures = [_figure(ours=lambda _: {}, limit=None), _figure(ours=lambda _: {}, limit=None, name="broken")]
    result = Result(figure="tried", quantity=RATE, ours=(80, 90), limit=(100, 100))
    record.write(
        path,
        at=datetime(2026, 11, 2, tzinfo=UTC),
        machine=machine.facts(tmp_path),
        effort={"rounds": 2, "quick": False},
        figures=figures,
        results=[result],
        failures={"broken": "RuntimeError: no"},
    )
    written = json.loads(path.read_text())
    tried, broken = written["figures"]
    assert tried["quantities"][0]["rounds"] == {"ours": [80, 90], "limit": [100, 100]}
    assert (tried["quantities"][0]["verdict"], broken["failure"]) == ("meets aim", "RuntimeError: no")
    assert written["machine"]["cores"] >= 1


def test_the_record_names_no_folder_and_no_host(tmp_path: Path) -> None:
    said = json.dumps(machine.facts(tmp_path))
    assert str(tmp_path) not in said
    assert str(Path.home()) not in said


def _counting(side: str, done: list[tuple[str, int]]) -> Side:
    def count(amount: int) -> Readings:
        done.append((side, amount))
        return {"events": float(amount)}

    return count


def _figure(
    *,
    ours: Side,
    limit: Side | None,
    quantity: Quantity = RATE,
    name: str = "tried",
    warm_up: int = 3,
    rounds: int | None = None,
) -> Figure:
    @contextmanager
    def prepare(_ground: Ground) -> Iterator[Sides]:
        yield Sides(ours=ours, limit=limit)

    return Figure(
        name=name,
        order=1,
        ours="ours",
        limit="the limit",
        quantities=(quantity,),
        amount=30,
        warm_up=warm_up,
        rounds=rounds,
        prepare=prepare,
    )
