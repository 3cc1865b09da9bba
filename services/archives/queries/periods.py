"""Days of the office's calendar as moments, for conditions on columns that hold moments."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from shared.clock import LOCAL_ZONE


def within_days(
    column: InstrumentedAttribute[datetime], query: Mapping[str, Any], *, name: str
) -> list[sa.ColumnElement[bool]]:
    """The conditions of `<name>_from` and `<name>_to` (both days included) that the query states."""
    first, last = query.get(f"{name}_from"), query.get(f"{name}_to")
    conditions = [column >= _begin_of(first)] if first else []
    if last:
        conditions.append(column < _begin_of(last + timedelta(days=1)))
    return conditions


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL_ZONE)
