"""The national calendar of working days as a running count, made anew only when a day has changed."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.domain.counting import WorkingTime
from shared.calendar_days import EVERY_UNIT, work_calendar

_STATE = sa.text(
    "SELECT md5(string_agg(day || kind, ',' ORDER BY day)) FROM calendar_day WHERE unit_id = :unit_id"
).bindparams(sa.bindparam("unit_id", type_=sa.Uuid()))
# Of the calendar as it was last seen: adding up twenty years of days takes longer than all else that a figure asks.
_made: dict[str, WorkingTime] = {}


def working_time(session: Session) -> WorkingTime:
    """The count by the calendar as it is now."""
    state = session.scalar(_STATE, {"unit_id": EVERY_UNIT}) or ""
    time = _made.get(state)
    if time is None:
        time = WorkingTime(work_calendar(session))
        _made.clear()
        _made[state] = time
    return time
