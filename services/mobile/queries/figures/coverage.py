"""四级组织覆盖率: in which divisions of the directory somebody in office has worked in the suite."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.figures.periods import Period
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import Tally
from shared.clock import LOCAL_ZONE

LEVELS = frozenset({"city", "county", "township", "village"})
IN_USE = (
    "SELECT DISTINCT post.unit_id FROM directory_post post"
    " JOIN directory_tenure tenure ON tenure.post_id = post.id AND tenure.active"
    " JOIN directory_person person ON person.id = tenure.person_id AND person.active"
    " WHERE post.active AND post.unit_id = ANY(:units) AND EXISTS"
    " (SELECT FROM trace_entry WHERE trace_entry.person_id = person.id AND trace_entry.at < :before)"
)
_IN_USE = sa.text(IN_USE).bindparams(sa.bindparam("units", type_=sa.ARRAY(sa.Uuid())))


@dataclass(frozen=True, kw_only=True)
class Division:
    """A division with the highest of its units in the scope, and whether it is covered."""

    code: str
    unit_id: UUID
    covered: bool


def list_divisions(session: Session, scope: Scope, period: Period) -> list[Division]:
    """The divisions that have a unit in force in the scope, by code."""
    return divisions_of(scope, session.scalars(_IN_USE, asked_of(scope, period)).all())


def asked_of(scope: Scope, period: Period) -> dict[str, Any]:
    """With what `IN_USE` is asked for the units in which somebody in office has worked in the suite."""
    ends = datetime.combine(period.as_of + timedelta(days=1), time(), LOCAL_ZONE).astimezone(UTC)
    return {"units": [unit.id for unit in _counting(scope)], "before": ends}


def divisions_of(scope: Scope, in_use: Collection[UUID]) -> list[Division]:
    """The divisions by code, of which those are covered that have a unit in use."""
    heads: dict[str, UUID] = {}
    for unit in _counting(scope):
        # The scope stands nearest first, so the first unit of a division is its highest.
        heads.setdefault(unit.division_code, unit.id)
    covered = {scope.units[unit_id].division_code for unit_id in in_use}
    return [Division(code=code, unit_id=heads[code], covered=code in covered) for code in sorted(heads)]


def _counting(scope: Scope) -> Sequence[Any]:
    return [unit for unit in scope.units.values() if unit.active and unit.level in LEVELS]


def tally_divisions(session: Session, scope: Scope, period: Period) -> Mapping[UUID, Tally]:
    """Divisions and covered ones, by the division's highest unit."""
    return tallies_of(list_divisions(session, scope, period))


def tallies_of(divisions: Iterable[Division]) -> dict[UUID, Tally]:
    """The same of divisions that are known already."""
    tallies: dict[UUID, Tally] = {}
    for division in divisions:
        amounts = tallies.setdefault(division.unit_id, Counter())
        amounts["", "numerator"] += division.covered
        amounts["", "denominator"] += 1
    return tallies
