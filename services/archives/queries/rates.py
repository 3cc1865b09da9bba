"""The filing rate (归档率), counted from the closed documents themselves."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.domain.closing import SYSTEM_LABELS, SYSTEM_OF, directions_of
from services.archives.domain.rate import Rate
from services.archives.models import ClosedDocument, FilingState
from services.archives.queries.periods import within_days
from services.archives.queries.visibility import kept_by
from shared.auth import Actor
from shared.clock import LOCAL_ZONE
from shared.directory import DirectoryUnit

_LOCAL_DAY = sa.func.timezone(LOCAL_ZONE.key, ClosedDocument.closed_at)
_KEYS: dict[str, Any] = {
    "unit": ClosedDocument.owner_unit_id,
    "month": sa.cast(sa.func.date_trunc("month", _LOCAL_DAY), sa.Date),
    "year": sa.cast(sa.func.date_trunc("year", _LOCAL_DAY), sa.Date),
    "system": sa.case(
        *((ClosedDocument.direction == direction, system) for direction, system in SYSTEM_OF.items())
    ),
}


def show_rate(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> dict[str, Any]:
    """The rate over the actor's units and period, as a whole and by unit, month, year or system."""
    key = _KEYS[query["by"]]
    conditions = [
        kept_by(session, actor, ClosedDocument.owner_unit_id),
        *within_days(ClosedDocument.closed_at, query, name="closed"),
    ]
    if query.get("unit_id"):
        conditions.append(ClosedDocument.owner_unit_id == query["unit_id"])
    if query.get("system"):
        conditions.append(ClosedDocument.direction.in_(directions_of(query["system"])))
    counted = sa.select(key.label("key"), *(_count(state) for state in FilingState)).where(*conditions)
    rows = [
        (row.key, Rate(filed=row.filed, waiting=row.waiting, not_filed=row.not_filed))
        for row in session.execute(counted.group_by(key).order_by(key))
    ]
    whole = Rate(
        filed=sum(rate.filed for _, rate in rows),
        waiting=sum(rate.waiting for _, rate in rows),
        not_filed=sum(rate.not_filed for _, rate in rows),
    )
    label = _labels(session, query["by"])
    parts = [
        {**_figures(rate), "key": str(found), "label": label(found), "documents": _documents(found, query)}
        for found, rate in rows
    ]
    return {**_figures(whole), "by": query["by"], "documents": _documents(None, query), "parts": parts}


def _count(state: FilingState) -> Any:
    return sa.func.count().filter(ClosedDocument.state == state).label(state.value)


def _figures(rate: Rate) -> dict[str, Any]:
    return {"filed": rate.filed, "due": rate.due, "not_filed": rate.not_filed, "rate": rate.rate}


def _labels(session: Session, by: str) -> Callable[[Any], str]:
    if by == "unit":
        names = {row.id: row.name for row in session.execute(sa.select(DirectoryUnit.id, DirectoryUnit.name))}
        return lambda unit_id: names.get(unit_id, str(unit_id))
    if by == "system":
        return lambda system: SYSTEM_LABELS[system]
    return (lambda day: f"{day.year}年{day.month}月") if by == "month" else (lambda day: f"{day.year}年")


def _documents(key: UUID | date | str | None, query: Mapping[str, Any]) -> str:
    """Where to read the documents behind the figures, below the service's prefix."""
    asked = {
        name: query[name] for name in ("unit_id", "system", "closed_from", "closed_to") if query.get(name)
    }
    if isinstance(key, date):
        asked |= _narrowed(key, query)
    elif key is not None:
        asked["unit_id" if isinstance(key, UUID) else "system"] = key
    return "/closed-documents" + (f"?{urlencode(asked)}" if asked else "")


def _narrowed(first: date, query: Mapping[str, Any]) -> dict[str, date]:
    """The month or year that begins on that day, within the period that was asked for."""
    later = (
        first.replace(month=1, day=1) + timedelta(days=366)
        if query["by"] == "year"
        else first + timedelta(days=31)
    )
    last = later.replace(day=1, month=1 if query["by"] == "year" else later.month) - timedelta(days=1)
    asked_from, asked_to = query.get("closed_from"), query.get("closed_to")
    return {
        "closed_from": max(first, asked_from) if asked_from else first,
        "closed_to": min(last, asked_to) if asked_to else last,
    }
