"""The board of the supervisors: counts by lead unit, source, light, leader and month, and mean handling times.

All from the counters: an answer reads as many rows as there are units, leaders and months in it, whatever there is of
tasks.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision.domain.board import (
    LIGHTS,
    Dimension,
    Tally,
    latest_months,
    line_of,
    month_of,
    periods_of,
)
from services.supervision.domain.sources import SOURCE_LABELS
from services.supervision.models import NOBODY
from services.supervision.queries.board_tasks import page_late_of
from services.supervision.queries.scope import Scope, read_scope
from shared.auth import Actor
from shared.calendar_days import EVERY_UNIT
from shared.clock import local_date
from shared.db import Prepared
from shared.directory import label_of
from shared.events.supervision import Light

# One statement, so that all parts of an answer are of one moment: a row for each line, its lights beside each other.
_COUNTED = ", ".join(
    (
        *(f"coalesce(sum(tasks) FILTER (WHERE light = '{light}'), 0)::bigint" for light in LIGHTS),
        "sum(handled)::bigint",
        "sum(running)::bigint",
        "sum(spent)::bigint",
        f"coalesce(sum(handled) FILTER (WHERE light = '{Light.DONE}'), 0)::bigint",
        f"coalesce(sum(spent) FILTER (WHERE light = '{Light.DONE}'), 0)::bigint",
    )
)
_PART = """
SELECT '{name}' AS part, {value}::text AS value, {label} AS label, {counted}
FROM board_cell
WHERE level = :{name}_level AND unit_id = ANY(CAST(:units AS uuid[])) AND period = ANY(:{periods}){conditions}
GROUP BY {value} HAVING sum(tasks) <> 0 OR sum(handled) <> 0
"""
_COLUMNS: tuple[sa.ColumnClause[Any], ...] = (
    *(sa.column(name, sa.Text()) for name in ("part", "value", "label")),
    *(sa.column(name, sa.BigInteger()) for name in Tally._fields),
)
_UNIT_NAME = "(SELECT name FROM directory_unit WHERE id = lead_unit_id)"
_PARTS = (
    ("lead", Dimension.LEAD, "lead_unit_id", _UNIT_NAME, "periods"),
    ("source", Dimension.SOURCE, "source", "''", "periods"),
    ("leader", Dimension.LEADER, "leader_post_id", label_of("leader_post_id"), "periods"),
    ("month", Dimension(0), "period", "''", "months"),
    ("all", Dimension(0), "level", "''", "periods"),
)
_FILTERS = {
    "lead_unit_id": ("lead_unit_id = :lead_unit_id", Dimension.LEAD),
    "source": ("source = :source", Dimension.SOURCE),
    "leader_post_id": ("leader_post_id = :leader_post_id", Dimension.LEADER),
    "light": ("light = :light", Dimension(0)),
}
_GONE = "已撤销"
_TODAY = "today"
# The national calendar's half days until today, where it knows this year.
_HALVES = f"""
SELECT '{_TODAY}', '', '', board_halves(:today), 0, 0, 0, 0, 0, 0, 0, 0, 0
WHERE EXISTS (SELECT FROM calendar_day WHERE unit_id = :every_unit AND day = :new_year)
"""  # noqa: S608 (no input in it)


class Line(NamedTuple):
    """A line of the board: what it is about, as the counters name it and as people do, and what it counts."""

    value: str
    label: str | None
    counted: dict[str, Any]


def show_board(session: Session, actor: Actor, *, query: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Everything that the board counts for the filters `unit_id` (the supervising organ), `lead_unit_id`, `source`,
    `light`, `leader_post_id`, `month_from`, `month_to`.
    """
    units = read_scope(session, actor, unit_id=query["unit_id"])
    return board_of(session, units, query=query, today=today)


def board_of(session: Session, units: Scope, *, query: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The same of what these organs supervise."""
    lines = read_lines(session, units, query, today=today)
    total = lines["all"][0].counted if lines["all"] else line_of(Tally(), today_halves=None)
    return {
        "on": today,
        "total": total,
        "units": _ordered(_named(line, "unit_id", "尚未确定主办单位") for line in lines["lead"]),
        "sources": _ordered(
            {"source": line.value, "name": SOURCE_LABELS[line.value], **line.counted}
            for line in lines["source"]
        ),
        "leaders": _ordered(_named(line, "post_id", "未指定领导") for line in lines["leader"]),
        "months": [
            {"month": f"{line.value[:4]}-{line.value[4:]}", **line.counted} for line in sorted(lines["month"])
        ],
    }


def read_lines(
    session: Session, units: Scope, query: Mapping[str, Any], *, today: date
) -> dict[str, list[Line]]:
    """The lines of each part of the board (lead, source, leader, month, all)."""
    wanted = {name: query[name] for name in _FILTERS if query.get(name)}
    conditions = "".join(f" AND {_FILTERS[name][0]}" for name in wanted)
    filtered = Dimension(0)
    for name in wanted:
        filtered |= _FILTERS[name][1]
    span = (query.get("month_from"), query.get("month_to"))
    bound: dict[str, Any] = {f"{part}_level": int(filtered | own) for part, own, *_ in _PARTS}
    bound |= {"units": units, "periods": periods_of(*span, today=today), **wanted}
    bound["months"] = latest_months(span, today=today)
    bound |= {"today": today, "new_year": today.replace(month=1, day=1), "every_unit": EVERY_UNIT}
    rows = _statement(conditions, tuple(wanted)).rows(session, bound)
    halves = next((row[3] for row in rows if row[0] == _TODAY), None)
    lines: dict[str, list[Line]] = {part: [] for part, *_ in _PARTS}
    for part, value, label, *counted in rows:
        if part != _TODAY:
            lines[part].append(Line(value, label, line_of(Tally(*counted), today_halves=halves)))
    return lines


def show_page(session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The board with the first of the late tasks that it counts; `board_tasks.page_late` goes on after them."""
    units = read_scope(session, actor, unit_id=query["unit_id"])
    late = page_late_of(session, units, query=query, now=now)
    return {**board_of(session, units, query=query, today=local_date(now)), "late": late}


def show_month(number: int | None) -> str:
    """A month as people read it."""
    return f"{number // 100}年{number % 100}月" if number else ""


def period_label(query: Mapping[str, Any], *, today: date) -> str:
    """The period of the filters in words."""
    first, last = query.get("month_from"), query.get("month_to")
    if first is None and last is None:
        return f"截至{today.year}年{today.month}月{today.day}日"
    end = show_month(last or month_of(today))
    start = show_month(first)
    return start if start == end else f"{start}至{end}" if start else f"{end}以前"


@cache
def _statement(conditions: str, names: tuple[str, ...]) -> Prepared:
    parts = [
        _PART.format(
            name=part, value=value, label=label, periods=periods, conditions=conditions, counted=_COUNTED
        )
        for part, _, value, label, periods in _PARTS
    ]
    bound: list[sa.BindParameter[Any]] = [
        sa.bindparam("periods", type_=postgresql.ARRAY(sa.Integer())),
        sa.bindparam("months", type_=postgresql.ARRAY(sa.Integer())),
        sa.bindparam("every_unit", type_=sa.Uuid()),
        *(sa.bindparam(name, type_=sa.Uuid()) for name in names if name.endswith("_id")),
    ]
    counted = sa.text(" UNION ALL ".join([*parts, _HALVES])).bindparams(*bound).columns(*_COLUMNS)
    return Prepared(counted, planned_once=True)


def _named(line: Line, key: str, nobody: str) -> dict[str, Any]:
    value = UUID(line.value)
    if value == NOBODY:
        return {key: None, "name": nobody, **line.counted}
    return {key: value, "name": line.label or _GONE, **line.counted}


def _ordered(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: (-line["red"], -line["amber"], -line["tasks"], line["name"]))
