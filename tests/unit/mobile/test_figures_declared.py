"""What the declaration of the figures promises: the README's table, measures that exist, defaults that agree."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.meetings.local_rules import QUOTA
from services.mobile.domain.figures import FIGURES, POPULATIONS, Figure, Form, Reach
from services.mobile.domain.figures.periods import Period, month_end, quarter, spans_of
from services.mobile.domain.figures.plans import DEFAULT_PLAN, plan_for, plans_on
from services.mobile.domain.figures.table import formula_table
from services.mobile.models import FigureEntry
from shared.calendar_days import noticed_days
from shared.workdays import WorkCalendar
from shared.working_time import WorkingTime

README = Path(__file__).parents[3] / "services" / "mobile" / "README.md"
TODAY = date(2026, 11, 20)
CALENDAR = WorkCalendar(national={row.day: row.kind for row in noticed_days()})


def test_the_readme_has_the_table_of_formulas() -> None:
    text = README.read_text(encoding="utf-8")
    kept = text.partition("<!-- figures -->\n")[2].partition("\n<!-- /figures -->")[0]
    assert kept == formula_table()


@pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda figure: figure.code)
def test_a_figure_is_made_of_declared_measures(figure: Figure) -> None:
    for measure in (figure.numerator, figure.denominator):
        assert figure.population.words_of(measure)
    if figure.open_in:
        assert POPULATIONS[figure.open_in].reach is Reach.STOCK
    assert figure.formula.count("÷") == (figure.form is not Form.COUNT)


def test_no_two_figures_share_a_name() -> None:
    assert len({figure.name for figure in FIGURES.values()}) == len(FIGURES)


def test_a_population_has_no_more_measures_than_there_are_columns() -> None:
    assert max(len(population.measures) for population in POPULATIONS.values()) <= 8


def test_the_default_plan_of_meetings_is_what_meetings_ships_with() -> None:
    assert QUOTA.default is not None
    assert QUOTA.default["meetings"] == DEFAULT_PLAN


def test_the_nearest_plan_in_force_holds() -> None:
    def version(unit: str | None, begins: str, meetings: dict[str, int] | None) -> dict[str, object]:
        return {"unit": unit, "from": begins, "meetings": meetings}

    versions = [
        version(None, "2026-01-01", {"专题会": 9}),
        version("city", "2026-02-01", {"专题会": 5}),
        version("bureau", "2026-02-01", {"专题会": 2}),
        version("bureau", "2026-06-01", None),
    ]
    for day, line, expected in (
        (date(2025, 12, 31), ["bureau", "city"], DEFAULT_PLAN),
        (date(2026, 1, 31), ["bureau", "city"], {"专题会": 9}),
        (date(2026, 2, 1), ["bureau", "city"], {"专题会": 2}),
        (date(2026, 6, 1), ["bureau", "city"], {"专题会": 5}),
        (date(2026, 6, 1), ["elsewhere"], {"专题会": 9}),
    ):
        assert plan_for(line, plans_on(versions, day)) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), date(2026, 11, 20)),
        (date(2026, 11, 3), date(2026, 11, 20)),
        (date(2025, 3, 2), date(2025, 3, 30)),
        (date(2025, 3, 30), date(2026, 4, 1)),
        (date(2025, 3, 9), date(2025, 3, 9)),
        (date(2025, 12, 31), date(2026, 1, 1)),
        (date(2023, 5, 5), date(2026, 11, 20)),
        (date(2023, 1, 1), date(2025, 9, 30)),
        (date(2025, 2, 15), date(2025, 12, 31)),
        (date(2025, 2, 15), date(2025, 11, 16)),
        (date(2025, 2, 1), date(2025, 2, 28)),
    ],
)
def test_spans_make_up_exactly_the_days_asked_for(first: date, last: date) -> None:
    worth: dict[date, int] = {}
    for sign, grain, begin, end in spans_of(first, last, today=TODAY):
        day = begin
        until = {"y": end.replace(month=12, day=31), "m": month_end(end), "d": end}[grain]
        while day <= until:
            worth[day] = worth.get(day, 0) + sign
            day += timedelta(days=1)
    asked = {first + timedelta(days=ahead) for ahead in range((last - first).days + 1)}
    assert {day for day, times in worth.items() if times == 1} == asked
    assert set(worth.values()) <= {0, 1}


def test_periods_are_called_as_people_call_them() -> None:
    def called(first: date, last: date) -> str:
        return Period(first=first, last=last, today=TODAY).label

    assert called(date(2026, 1, 1), date(2026, 12, 31)) == "2026年"
    assert quarter(2026, 2, TODAY).label == "2026年第二季度"
    assert called(date(2026, 2, 1), date(2026, 2, 28)) == "2026年2月"
    assert called(date(2026, 2, 1), date(2026, 2, 27)) == "2026-02-01 至 2026-02-27"


def test_working_time_counts_as_the_calendar_does() -> None:
    time = WorkingTime(CALENDAR)
    for first, last in ((date(2026, 2, 10), date(2026, 3, 2)), (date(2024, 12, 30), date(2026, 10, 11))):
        begun, ended = time.at(first), time.at(last)
        assert begun is not None
        assert ended is not None
        assert ended - begun == 2 * CALENDAR.count_between(first, last)


def test_working_time_is_not_guessed_beyond_the_calendar() -> None:
    time = WorkingTime(CALENDAR)
    assert time.at(date(2027, 1, 1)) is None
    assert time.at(date(2003, 12, 31)) is None
    assert WorkingTime(WorkCalendar(national={})).at(TODAY) is None


def test_the_index_of_red_tasks_is_on_what_counts_red_tasks() -> None:
    red = FIGURES["tasks_red"]
    column = red.population.column_of(red.numerator)
    table: Any = FigureEntry.__table__
    [index] = [index for index in table.indexes if index.name == "ix_figure_entry_red"]
    assert str(index.dialect_options["postgresql"]["where"]) == f"population = '{red.of}' AND {column} <> 0"
