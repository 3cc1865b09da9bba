"""`python -m tests.bench`: measure, print the table, write `bench.json`."""

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from tests.bench import machine, record, table
from tests.bench.figure import Figure, Result
from tests.bench.figures import all_figures
from tests.bench.ground import Ground
from tests.bench.measuring import Effort, measure
from tests.support.processes import ROOT

NARROWEST_TABLE = 125


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--only", multiple=True, metavar="NAME", help="Only this figure; may be given several times.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Rounds per figure.")
@click.option("--quick", is_flag=True, help="A tenth of the work and one round, to see that everything runs.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "bench.json", help="Where the numbers go."
)
def bench(only: tuple[str, ...], rounds: int, quick: bool, out: Path) -> None:
    """Measure every figure against its limit on this machine."""
    figures = _chosen(only)
    effort = Effort(rounds=1 if quick else rounds, quick=quick)
    console = Console()
    console.width = max(console.width, NARROWEST_TABLE)
    scratch = ROOT / ".yiwang"
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=scratch) as folder:
        facts = machine.facts(Path(folder))
        started = time.monotonic()
        ground = Ground(Path(folder), quick=quick)
        try:
            results, failures = _measure_all(figures, ground, effort, console)
            facts["servers"] = ground.versions()
        finally:
            ground.close()
        facts["minutes"] = round((time.monotonic() - started) / 60, 1)
    console.print(
        f"{facts['cores']} cores, {facts['memory_gb']} GB, Python {facts['python']}, servers' data on "
        f"{facts['file_system_of_data']}, {facts['minutes']} minutes"
    )
    table.show(console, figures, results)
    record.write(
        out,
        at=datetime.now(UTC),
        machine=facts,
        effort={"rounds": effort.rounds, "quick": effort.quick},
        figures=figures,
        results=results,
        failures=failures,
    )
    if failures:
        console.print(f"not measured: {', '.join(failures)}", style="bold red")
        sys.exit(1)


def _chosen(only: Sequence[str]) -> list[Figure]:
    figures = all_figures()
    unknown = set(only) - {figure.name for figure in figures}
    if unknown:
        known = ", ".join(figure.name for figure in figures)
        raise click.BadParameter(
            f"no figure {', '.join(sorted(unknown))}; there are {known}", param_hint="--only"
        )
    return [figure for figure in figures if not only or figure.name in only]


def _measure_all(
    figures: Sequence[Figure], ground: Ground, effort: Effort, console: Console
) -> tuple[list[Result], dict[str, str]]:
    """What was measured, and the reasons why something was not: one broken figure does not take the others along."""
    results: list[Result] = []
    failures: dict[str, str] = {}
    with console.status("starting the servers") as status:
        for figure in figures:
            progress = partial(_tell, status, figure.name)
            try:
                results += measure(figure, ground, effort=effort, progress=progress)
                console.print(f"{figure.name}: measured", style="dim")
            except Exception as error:  # noqa: BLE001 (whatever it is belongs into the report)
                failures[figure.name] = f"{type(error).__name__}: {error}"
                console.print_exception()
    return results, failures


def _tell(status: Status, figure: str, step: str) -> None:
    status.update(f"{figure}: {step}")


if __name__ == "__main__":
    bench()
