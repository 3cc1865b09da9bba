"""What a whole page of figures rests on besides the sums, read with one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from services.mobile.domain.figures.periods import Period
from services.mobile.domain.figures.plans import Plan
from services.mobile.queries.figures.coverage import IN_USE, Division, asked_of, divisions_of
from services.mobile.queries.figures.plans import heads_of
from services.mobile.queries.figures.scope import Scope
from shared.calendar_days import CALENDAR_STATE, working_time
from shared.working_time import WorkingTime

_GROUND = (
    sa.text(
        f"""
        SELECT {CALENDAR_STATE} AS calendar,
            (SELECT jsonb_agg(facets) FROM figure_item WHERE kind = 'meeting_plan') AS plans,
            ARRAY({IN_USE}) AS in_use
        """  # noqa: S608 (no input in it)
    )
    .bindparams(sa.bindparam("units", type_=ARRAY(sa.Uuid())))
    .columns(sa.column("calendar", sa.Text()), sa.column("plans", JSONB()), sa.column("in_use"))
)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The working days, the plan of meetings of each organ, and the divisions of the scope."""

    time: WorkingTime
    plans: Mapping[UUID, Plan]
    divisions: Sequence[Division]


def ground_of(session: Session, scope: Scope, period: Period) -> Ground:
    """For a scope, on the last day of a period."""
    calendar, plans, in_use = session.execute(_GROUND, asked_of(scope, period)).one()
    return Ground(
        time=working_time(session, state=calendar or ""),
        plans=heads_of(plans or (), scope, period.as_of),
        divisions=divisions_of(scope, in_use),
    )
