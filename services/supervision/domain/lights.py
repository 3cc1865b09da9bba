"""The lights of tasks: grey not signed for, green in time, amber close or behind its plan, red late, done struck off.

Design of ours after the common practice of five lights; amber begins when max(3 working days, 20 % of the time) are
left, which a rule table may set otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.supervision.domain.deadlines import begin_of
from services.supervision.domain.states import STRUCK_OFF, WITH_LEAD, State
from shared.clock import local_date
from shared.events.supervision import Light
from shared.workdays import WorkCalendar

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Amber:
    """When amber begins: so many working days before the date, or that share of the whole time, whichever is more."""

    days: Decimal = Decimal(3)
    percent: Decimal = Decimal(20)


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What should be done by the end of a day (阶段目标), in percent."""

    on: date
    progress: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All that a task's light depends on; `judged_at` is now, or when the lead reported."""

    state: State
    signed_for: bool
    started_on: date | None
    due_at: datetime | None
    progress: int
    goals: Sequence[Goal]
    judged_at: datetime


def light_of(standing: Standing, calendar: WorkCalendar, amber: Amber) -> Light:
    """The light at the moment that the standing is judged at. Raises `workdays.year_not_loaded`."""
    if standing.state in STRUCK_OFF:
        return Light.DONE
    if standing.due_at is None or standing.state in (State.ESTABLISHED, State.REJECTED):
        return Light.GREY
    if standing.judged_at > standing.due_at:
        return Light.RED
    if not standing.signed_for:
        return Light.GREY
    today = local_date(standing.judged_at)
    if is_close(standing, calendar, amber, on=today) or standing.progress < planned(standing.goals, today):
        return Light.AMBER
    return Light.GREEN


def is_close(standing: Standing, calendar: WorkCalendar, amber: Amber, *, on: date) -> bool:
    """Whether on that day no more is left than where amber begins."""
    assert standing.due_at is not None
    left = calendar.count_between(on, local_date(standing.due_at))
    return left <= _margin(standing, calendar, amber)


def planned(goals: Sequence[Goal], day: date) -> int:
    """How far the work should be on that day: the highest of the goals whose day is over."""
    return max((goal.progress for goal in goals if goal.on < day), default=0)


def next_turn(standing: Standing, calendar: WorkCalendar, amber: Amber) -> datetime | None:
    """The next moment after the judging at which the light may turn by the passing of time alone, or None."""
    if standing.state not in WITH_LEAD or standing.due_at is None:
        return None
    moments = [standing.due_at + _SECOND]
    if standing.signed_for:
        moments.append(begin_of(_first_close_day(standing, calendar, amber)))
        moments.extend(
            begin_of(goal.on + _DAY) for goal in standing.goals if goal.progress > standing.progress
        )
    return min((moment for moment in moments if moment > standing.judged_at), default=None)


def _margin(standing: Standing, calendar: WorkCalendar, amber: Amber) -> Decimal:
    assert standing.due_at is not None
    if standing.started_on is None:
        return amber.days
    whole = calendar.count_between(standing.started_on, local_date(standing.due_at))
    return max(amber.days, whole * amber.percent / 100)


def _first_close_day(standing: Standing, calendar: WorkCalendar, amber: Amber) -> date:
    """Counted back from the date; at the earliest the day on which the task was given out."""
    assert standing.due_at is not None
    due_on = local_date(standing.due_at)
    margin = _margin(standing, calendar, amber)
    first = min(standing.started_on or due_on, due_on)
    day = due_on
    while day > first and calendar.count_between(day - _DAY, due_on) <= margin:
        day -= _DAY
    return day
