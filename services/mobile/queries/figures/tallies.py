"""Adding up the sums of populations over units and a period."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.mobile.domain.figures import Reach, population_of
from services.mobile.domain.figures.periods import BEGINNING, Period, spans_of
from services.mobile.models import SLOTS

Tally = Counter[tuple[str, str]]
"""Amounts by population and measure."""

_COLUMNS = ("n", *SLOTS)
_PART = ", ".join(f"sum({name}) AS {name}" for name in _COLUMNS)
_SUMS = ", ".join(f"sum(span.sign * s.{name})::bigint AS {name}" for name in _COLUMNS)
# Each span is added up by itself: joined as a whole, the planner reads every day there is.
_FROM = (
    " FROM unnest(:populations, :signs, :grains, :firsts, :lasts)"
    " AS span (population, sign, grain, first, last)"
    " CROSS JOIN LATERAL (SELECT {unit}{part} FROM figure_sum WHERE population = span.population"
    " AND grain = span.grain AND unit_id = ANY(:units) AND day BETWEEN span.first AND span.last{group}) s"
)
_TYPES: dict[str, Any] = {
    "populations": ARRAY(sa.Text()),
    "signs": ARRAY(sa.Integer()),
    "grains": ARRAY(sa.Text()),
    "firsts": ARRAY(sa.Date()),
    "lasts": ARRAY(sa.Date()),
    "units": ARRAY(sa.Uuid()),
}
_BOUND = [sa.bindparam(name, type_=kind) for name, kind in _TYPES.items()]
_WHOLE = sa.text(
    f"SELECT span.population, {_SUMS}{_FROM.format(unit='', part=_PART, group='')} GROUP BY 1"
).bindparams(*_BOUND)
_BY_UNIT = sa.text(
    f"SELECT span.population, s.unit_id, {_SUMS}"
    f"{_FROM.format(unit='unit_id, ', part=_PART, group=' GROUP BY unit_id')} GROUP BY 1, 2"
).bindparams(*_BOUND)


def tally(session: Session, units: Collection[UUID], populations: Collection[str], period: Period) -> Tally:
    """The amounts of these populations over all of the units."""
    rows = _rows(session, _WHOLE, units, populations, period)
    added: Tally = Counter()
    for row in rows:
        added.update(_amounts(row))
    return added


def tally_by_unit(
    session: Session, units: Collection[UUID], populations: Collection[str], period: Period
) -> dict[UUID, Tally]:
    """The same for each unit that has any."""
    added: dict[UUID, Tally] = {}
    for row in _rows(session, _BY_UNIT, units, populations, period):
        added.setdefault(row["unit_id"], Counter()).update(_amounts(row))
    return added


def days_of(reach: Reach, period: Period) -> tuple[date, date]:
    """From which day to which what counts lies."""
    first = {
        Reach.PERIOD: period.first,
        Reach.STOCK: BEGINNING,
        Reach.YEAR: period.as_of.replace(month=1, day=1),
    }[reach]
    return first, period.as_of


def _rows(
    session: Session, statement: Any, units: Collection[UUID], populations: Collection[str], period: Period
) -> Any:
    asked = [
        (name, *span)
        for name in populations
        for span in spans_of(*days_of(population_of(name).reach, period), today=period.today)
    ]
    if not asked or not units:
        return []
    columns = dict(zip(list(_TYPES)[:5], map(list, zip(*asked, strict=True)), strict=True))
    return session.execute(statement, {**columns, "units": list(units)}).mappings()


def _amounts(row: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    name = row["population"]
    measures = ("n", *population_of(name).measures)
    return {
        (name, measure): row[column]
        for measure, column in zip(measures, _COLUMNS, strict=False)
        if row[column]
    }
