"""Adding up the sums of populations over units and a period."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.mobile.domain.figures import POPULATIONS, Reach, population_of
from services.mobile.domain.figures.periods import BEGINNING, Period, spans_of
from services.mobile.models import SLOTS

Tally = Counter[tuple[str, str]]
"""Amounts by population and measure."""

_COLUMNS = ("n", *SLOTS)
# Each span is added up by itself: joined as a whole, the planner reads every day there is.
_SUMS = (
    sa.text(
        f"""
    SELECT asked.population, s.unit_id,
        {", ".join(f"sum(span.sign * s.{name})::bigint AS {name}" for name in _COLUMNS)}
    FROM unnest(:populations, :reaches, :aparts) AS asked (population, reach, apart)
    JOIN unnest(:spanned, :signs, :grains, :firsts, :lasts) AS span (reach, sign, grain, first, last) USING (reach)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN asked.apart THEN unit_id END AS unit_id,
            {", ".join(f"sum({name}) AS {name}" for name in _COLUMNS)}
        FROM figure_sum
        WHERE population = asked.population AND grain = span.grain AND unit_id = ANY(:units)
        AND day BETWEEN span.first AND span.last
        GROUP BY 1
    ) AS s
    GROUP BY 1, 2
    """  # noqa: S608 (no input in it)
    )
    .bindparams(
        sa.bindparam("populations", type_=ARRAY(sa.Text())),
        sa.bindparam("reaches", type_=ARRAY(sa.Text())),
        sa.bindparam("aparts", type_=ARRAY(sa.Boolean())),
        sa.bindparam("spanned", type_=ARRAY(sa.Text())),
        sa.bindparam("signs", type_=ARRAY(sa.Integer())),
        sa.bindparam("grains", type_=ARRAY(sa.Text())),
        sa.bindparam("firsts", type_=ARRAY(sa.Date())),
        sa.bindparam("lasts", type_=ARRAY(sa.Date())),
        sa.bindparam("units", type_=ARRAY(sa.Uuid())),
    )
    .columns(*map(sa.column, ("population", "unit_id", *_COLUMNS)))
)
_ASKED = ("populations", "reaches", "aparts")
_SPANNED = ("spanned", "signs", "grains", "firsts", "lasts")
# Which measure stands in which column.
_MEASURES = {name: ("n", *population.measures) for name, population in POPULATIONS.items()}


def tally(session: Session, units: Collection[UUID], populations: Collection[str], period: Period) -> Tally:
    """The amounts of these populations over all of the units."""
    return tally_both(session, units, whole=populations, apart=(), period=period)[0]


def tally_by_unit(
    session: Session, units: Collection[UUID], populations: Collection[str], period: Period
) -> dict[UUID, Tally]:
    """The same for each unit that has any."""
    return tally_both(session, units, whole=(), apart=populations, period=period)[1]


def tally_both(
    session: Session,
    units: Collection[UUID],
    *,
    whole: Collection[str],
    apart: Collection[str],
    period: Period,
) -> tuple[Tally, dict[UUID, Tally]]:
    """Both at once: some populations over all of the units, others for each unit."""
    asked = [
        (name, population_of(name).reach.value, is_apart)
        for names, is_apart in ((whole, False), (apart, True))
        for name in names
    ]
    spans = [
        (reach.value, *span)
        for reach in Reach
        for span in spans_of(*days_of(reach, period), today=period.today)
    ]
    added: Tally = Counter()
    by_unit: dict[UUID, Tally] = {}
    if asked and units:
        columns = {**_columns(_ASKED, asked), **_columns(_SPANNED, spans), "units": list(units)}
        for population, unit_id, *sums in session.execute(_SUMS, columns).all():
            of = added if unit_id is None else by_unit.setdefault(unit_id, Counter())
            measures = _MEASURES.get(population) or _MEASURES[population.partition(":")[0]]
            for measure, amount in zip(measures, sums, strict=False):
                of[population, measure] = amount
    return added, by_unit


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """The rows as one list for each column."""
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def days_of(reach: Reach, period: Period) -> tuple[date, date]:
    """From which day to which day what counts lies."""
    first = {
        Reach.PERIOD: period.first,
        Reach.STOCK: BEGINNING,
        Reach.YEAR: period.as_of.replace(month=1, day=1),
    }[reach]
    return first, period.as_of
