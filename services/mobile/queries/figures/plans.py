"""Meetings against the plans: an organ's own, else that of the nearest unit above, else that for all."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.figures import PLANNED_MEETINGS
from services.mobile.domain.figures.periods import Period
from services.mobile.domain.figures.plans import Plan, plan_on
from services.mobile.models import FigureItem
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import Tally, tally_by_unit
from shared.directory import list_lines

_PLANS = sa.select(FigureItem.facets).where(FigureItem.kind == "meeting_plan")


def planned_heads(session: Session, scope: Scope, day: date) -> dict[UUID, Plan]:
    """For each organ in force of the scope, how many meetings of which heads its plan of that day allows."""
    versions = [facet["facts"] for facets in session.scalars(_PLANS) for _, facet in sorted(facets.items())]
    organs = [unit.id for unit in scope.units.values() if unit.active and unit.issues_documents]
    lines = list_lines(session, organs) if any(version["unit"] for version in versions) else {}
    return {
        organ: plan_on(versions, day, line=[str(unit.id) for unit in lines.get(organ, ())])
        for organ in organs
    }


def tally_plans(session: Session, scope: Scope, period: Period) -> dict[UUID, Tally]:
    """For each organ with a plan: what it called under the planned heads, and the plan."""
    plans = planned_heads(session, scope, period.as_of)
    heads = sorted({head for plan in plans.values() for head in plan})
    populations = [f"{PLANNED_MEETINGS}:{head}" for head in heads]
    called = tally_by_unit(session, list(plans), populations, period)
    return {organ: _against(plan, called.get(organ, Counter())) for organ, plan in plans.items() if plan}


def _against(plan: Plan, called: Mapping[Any, int]) -> Tally:
    used = sum(called.get((f"{PLANNED_MEETINGS}:{head}", "n"), 0) for head in plan)
    return Counter({("", "numerator"): used, ("", "denominator"): sum(plan.values())})
