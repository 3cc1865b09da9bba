"""四级组织覆盖率: in which divisions of the directory somebody in office has worked in the suite."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.figures.periods import Period
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import Tally
from shared.clock import LOCAL_ZONE

LEVELS = frozenset({"city", "county", "township", "village"})
_IN_USE = sa.text(
    "SELECT DISTINCT post.unit_id FROM directory_post post"
    " JOIN directory_tenure tenure ON tenure.post_id = post.id AND tenure.active"
    " JOIN directory_person person ON person.id = tenure.person_id AND person.active"
    " WHERE post.active AND post.unit_id = ANY(:units) AND EXISTS"
    " (SELECT FROM trace_entry WHERE trace_entry.person_id = person.id AND trace_entry.at < :before)"
).bindparams(sa.bindparam("units", type_=sa.ARRAY(sa.Uuid())))


@dataclass(frozen=True, kw_only=True)
class Division:
    """A division with the highest of its units in the scope, and whether it is covered."""

    code: str
    unit_id: UUID
    covered: bool


def list_divisions(session: Session, scope: Scope, period: Period) -> list[Division]:
    """The divisions that have a unit in force in the scope, by code."""
    units = [unit for unit in scope.units.values() if unit.active and unit.level in LEVELS]
    ends = datetime.combine(period.as_of + timedelta(days=1), time(), LOCAL_ZONE).astimezone(UTC)
    asked = {"units": [unit.id for unit in units], "before": ends}
    in_use = set(session.scalars(_IN_USE, asked))
    heads: dict[str, UUID] = {}
    covered: Counter[str] = Counter()
    for unit in units:
        # The scope stands nearest first, so the first unit of a division is its highest.
        heads.setdefault(unit.division_code, unit.id)
        covered[unit.division_code] += unit.id in in_use
    return [Division(code=code, unit_id=heads[code], covered=covered[code] > 0) for code in sorted(heads)]


def tally_divisions(session: Session, scope: Scope, period: Period) -> Mapping[UUID, Tally]:
    """Divisions and covered ones, by the division's highest unit."""
    tallies: dict[UUID, Tally] = {}
    for division in list_divisions(session, scope, period):
        counted = Counter({("", "numerator"): int(division.covered), ("", "denominator"): 1})
        tallies.setdefault(division.unit_id, Counter()).update(counted)
    return tallies
