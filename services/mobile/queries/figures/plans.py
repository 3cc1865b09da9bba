"""Meetings against the plans: an organ's own, else that of the nearest unit above, else that for all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.figures import PLANNED_MEETINGS
from services.mobile.domain.figures.plans import Plan, plan_for, plans_on
from services.mobile.models import FigureItem
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import Tally

_ITEM: Any = FigureItem.__table__.c
_PLANS = sa.select(_ITEM.facets).where(_ITEM.kind == "meeting_plan")


def planned_heads(session: Session, scope: Scope, day: date) -> dict[UUID, Plan]:
    """For each organ in force of the scope, how many meetings of which heads its plan of that day allows."""
    return heads_of(session.scalars(_PLANS), scope, day)


def heads_of(told: Iterable[Mapping[str, Any]], scope: Scope, day: date) -> dict[UUID, Plan]:
    """The same from the facets of all plans."""
    versions = [facet["facts"] for facets in told for _, facet in sorted(facets.items())]
    plans = {unit and UUID(unit): plan for unit, plan in plans_on(versions, day).items()}
    return {
        unit.id: plan_for(scope.line_of(unit.id), plans)
        for unit in scope.units.values()
        if unit.active and unit.issues_documents
    }


def planned_populations(plans: Mapping[UUID, Plan]) -> list[str]:
    """The populations of the meetings that any of the plans names."""
    return [
        f"{PLANNED_MEETINGS}:{head}" for head in sorted({head for plan in plans.values() for head in plan})
    ]


def against_plans(plans: Mapping[UUID, Plan], called: Mapping[UUID, Tally]) -> dict[UUID, Tally]:
    """For each organ with a plan: what it called under the planned heads, and the plan."""
    return {organ: _against(plan, called.get(organ, {})) for organ, plan in plans.items() if plan}


def _against(plan: Plan, called: Mapping[Any, int]) -> Tally:
    used = sum(called.get((f"{PLANNED_MEETINGS}:{head}", "n"), 0) for head in plan)
    return Counter({("", "numerator"): used, ("", "denominator"): sum(plan.values())})
