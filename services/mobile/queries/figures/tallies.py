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

_SUMS = ", ".join(f"sum(span.sign * s.{name})::bigint AS {name}" for name in ("n", *SLOTS))
_FROM = (
    " FROM unnest(:populations, :signs, :grains, :firsts, :lasts)"
    " AS span (population, sign, grain, first, last)"
    " JOIN figure_sum s ON s.population = span.population AND s.grain = span.grain"
    " AND s.unit_id = ANY(:units) AND s.day BETWEEN span.first AND span.last"
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
_WHOLE = sa.text(f"SELECT s.population, {_SUMS}{_FROM} GROUP BY 1").bindparams(*_BOUND)
_BY_UNIT = sa.text(f"SELECT s.population, s.unit_id, {_SUMS}{_FROM} GROUP BY 1, 2").bindparams(*_BOUND)


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
        for measure, column in zip(measures, ("n", *SLOTS), strict=False)
        if row[column]
    }
