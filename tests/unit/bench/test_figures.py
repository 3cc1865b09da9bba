"""Every figure's file is complete, and what the limits are made of does what it says. Nothing is measured here."""

from pathlib import Path

import pytest

from tests.bench import figures, pgbench
from tests.bench.figure import Better, Figure

FILES = sorted(path.stem for path in Path(figures.__file__).parent.glob("*.py") if path.stem != "__init__")
ALL = figures.all_figures()


def test_every_file_declares_the_figure_of_its_name_and_each_has_its_place() -> None:
    assert sorted(figure.name for figure in ALL) == FILES
    assert len({figure.order for figure in ALL}) == len(ALL)


@pytest.mark.parametrize("figure", ALL, ids=lambda figure: figure.name)
def test_a_figure_says_what_it_compares_and_what_is_asked(figure: Figure) -> None:
    assert figure.ours
    assert figure.limit
    assert figure.amount >= 1
    assert figure.quantities
    names = [quantity.name for quantity in figure.quantities]
    assert len(set(names)) == len(names)
    for quantity in figure.quantities:
        assert quantity.unit
        if quantity.floor is not None:
            easier, harder = sorted((quantity.floor, quantity.aim), reverse=quantity.better is Better.LOWER)
            assert (quantity.floor, quantity.aim) == (easier, harder)


def test_the_first_figures_ask_what_was_agreed() -> None:
    asked = {
        (figure.name, quantity.name): (quantity.floor, quantity.aim, quantity.allowed)
        for figure in ALL
        for quantity in figure.quantities
    }
    assert asked["relay", "events"] == (0.4, 0.7, None)
    assert asked["consumer", "events"] == (0.5, 0.8, None)
    assert asked["command", "commands"] == (0.15, 0.3, None)
    assert asked["inbox_latency", "p50"] == (6, 2.5, None)
    assert asked["inbox_latency", "p99"] == (20, 8, None)
    assert asked["sign_ins", "sign-ins"] == (0.8, 0.8, None)
    assert asked["embedded", "memory"] == (None, 1, 400)
    assert asked["embedded", "start"] == (None, 1, 6)
    assert asked["processes", "documents.api"] == (None, 1, 160)
    assert asked["processes", "documents.worker"] == (None, 1, 130)
    for page in ("board", "figures"):
        assert asked[page, "answers"] == (0.5, 0.8, None)
        assert asked[page, "against counting"] == (0.5, 0.8, None)
        assert asked[f"{page}_growth", "10x"] == (1.5, 1.1, None)
        assert asked[f"{page}_growth", "100x"] == (1.5, 1.1, None)


KEPT, FIRST, SECOND = (f"0190f000-0000-7000-8000-00000000000{digit}" for digit in "123")


def test_ids_that_a_command_makes_are_new_in_each_transaction_of_pgbench() -> None:
    def take(made: str) -> list[str]:
        return ["BEGIN", f"INSERT INTO a VALUES ('{made}', '{KEPT}')", f"SELECT '{made}';", "COMMIT"]

    lines = pgbench.script_of(take(FIRST), take(SECOND)).splitlines()
    made = "01900000-000:client_id-7000-8000-000000:bench_number"
    assert lines == [
        "\\set bench_number :bench_number + 1",
        "BEGIN;",
        f"INSERT INTO a VALUES ('{made}', '{KEPT}');",
        f"SELECT '{made}';",
        "COMMIT;",
    ]


def test_a_command_that_sends_something_else_the_second_time_is_no_script() -> None:
    with pytest.raises(ValueError, match="3 statements, then 2"):
        pgbench.script_of(["BEGIN", "SELECT 1", "COMMIT"], ["BEGIN", "COMMIT"])
