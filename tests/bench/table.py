"""The table that a run prints."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.figure import Better, Figure, Result, Verdict

_COLOURS = {Verdict.MEETS_AIM: "green", Verdict.MEETS_FLOOR: "yellow", Verdict.FALLS_SHORT: "red"}


def show(console: Console, figures: Sequence[Figure], results: Sequence[Result]) -> None:
    """One line for each quantity, then what each figure compares."""
    table = Table(title="Ours against limits measured in the same run", title_justify="left")
    for heading in ("figure", "unit", "ours", "limit", "ratio", "spread", "floor", "aim", "verdict"):
        table.add_column(heading, justify="left" if heading in ("figure", "unit", "verdict") else "right")
    for result in results:
        table.add_row(*cells(result), style=_COLOURS[result.verdict])
    console.print(table)
    console.print(
        "ours, limit: medians of the rounds; ratio: median of the rounds' ratios; spread: lowest to highest"
    )
    measured = {result.figure for result in results}
    for figure in figures:
        if figure.name in measured:
            console.print(f"\n[bold]{figure.name}[/bold]\n  ours:  {figure.ours}\n  limit: {figure.limit}")
            if figure.note:
                console.print(f"  note:  {figure.note}")
    short = [f"{result.figure} {result.quantity.name}" for result in results if _is_short(result)]
    console.print(f"\nfalls short: {', '.join(short) if short else 'nothing'}", style="bold")


def cells(result: Result) -> tuple[str, ...]:
    """The texts of a line."""
    quantity = result.quantity
    sign = "≥" if quantity.better is Better.HIGHER else "≤"
    low, high = result.spread
    return (
        f"{result.figure} {quantity.name}",
        quantity.unit,
        number(result.ours_median),
        number(result.limit_median),
        f"{result.ratio:.2f}",
        f"{low:.2f} - {high:.2f}",
        "" if quantity.floor is None else f"{sign} {quantity.floor:g}",
        f"{sign} {quantity.aim:g}",
        result.verdict.value,
    )


def number(value: float) -> str:
    """Three digits that count, never fewer than the whole ones."""
    for digits, least in ((0, 100.0), (1, 10.0), (2, 1.0)):
        if abs(value) >= least:
            return f"{value:,.{digits}f}"
    return f"{value:.3f}"


def _is_short(result: Result) -> bool:
    return result.verdict is Verdict.FALLS_SHORT
