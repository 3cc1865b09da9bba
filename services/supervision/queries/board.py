"""The board of the supervisors: counts by lead unit, source, light, leader and month, and mean handling times.

All from the counters: an answer reads as many rows as there are units, leaders and months in it, whatever there is of
tasks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision.domain.board import (
    Cell,
    Dimension,
    Tally,
    latest_months,
    month_of,
    periods_of,
    tally,
)
from services.supervision.domain.sources import SOURCE_LABELS
from services.supervision.models import NOBODY
from services.supervision.queries.scope import list_scope, unit_names
from shared.auth import Actor
from shared.calendar_days import EVERY_UNIT
from shared.directory import list_labels

# One statement, so that all parts of an answer are of one moment.
_PART = """
SELECT '{name}' AS part, {value} AS value, light, sum(tasks)::bigint AS tasks,
       sum(handled)::bigint AS handled, sum(running)::bigint AS running, sum(spent)::bigint AS spent
FROM board_cell
WHERE level = :{name}_level AND unit_id = ANY(:units) AND period = ANY(:{periods}){conditions}
GROUP BY 2, light HAVING sum(tasks) <> 0 OR sum(handled) <> 0
"""
_PARTS = (
    ("lead", Dimension.LEAD, "lead_unit_id::text", "periods"),
    ("source", Dimension.SOURCE, "source", "periods"),
    ("leader", Dimension.LEADER, "leader_post_id::text", "periods"),
    ("month", Dimension(0), "period::text", "months"),
    ("all", Dimension(0), "''", "periods"),
)
_FILTERS = {
    "lead_unit_id": ("lead_unit_id = :lead_unit_id", Dimension.LEAD),
    "source": ("source = :source", Dimension.SOURCE),
    "leader_post_id": ("leader_post_id = :leader_post_id", Dimension.LEADER),
    "light": ("light = :light", Dimension(0)),
}
_GONE = "已撤销"
# The national calendar's half days until today, where it knows this year.
_TODAY = """
SELECT 'today', '', '', board_halves(:today), 0, 0, 0
WHERE EXISTS (SELECT FROM calendar_day WHERE unit_id = :every_unit AND day = :new_year)
"""

Cells = Mapping[str, Mapping[str, list[Cell]]]


def show_board(session: Session, actor: Actor, *, query: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Everything that the board shows for the filters `unit_id` (the supervising organ), `lead_unit_id`, `source`,
    `light`, `leader_post_id`, `month_from`, `month_to`.
    """
    cells, halves = read_cells(
        session, list_scope(session, actor, unit_id=query["unit_id"]), query, today=today
    )
    lines = {part: _tallies(of, halves) for part, of in cells.items()}
    return {
        "on": today,
        "total": line_of(lines["all"].get("", Tally())),
        "units": _ordered(_with_units(session, lines["lead"])),
        "sources": _ordered(
            {"source": value, "name": SOURCE_LABELS[value], **line_of(of)}
            for value, of in lines["source"].items()
        ),
        "leaders": _ordered(_with_leaders(session, lines["leader"])),
        "months": [
            {"month": f"{int(value) // 100}-{int(value) % 100:02}", **line_of(lines["month"][value])}
            for value in sorted(lines["month"])
        ],
    }


def read_cells(
    session: Session, units: Sequence[UUID], query: Mapping[str, Any], *, today: date
) -> tuple[Cells, int | None]:
    """The counters behind each part of the board (lead, source, leader, month, all), and the national calendar's
    working half days until today, None when it does not know this year.
    """
    wanted = {name: query[name] for name in _FILTERS if query.get(name)}
    conditions = "".join(f" AND {_FILTERS[name][0]}" for name in wanted)
    filtered = Dimension(0)
    for name in wanted:
        filtered |= _FILTERS[name][1]
    span = (query.get("month_from"), query.get("month_to"))
    bound: dict[str, Any] = {f"{part}_level": int(filtered | own) for part, own, _, _ in _PARTS}
    bound |= {"units": list(units), "periods": periods_of(*span, today=today), **wanted}
    bound["months"] = latest_months(span, today=today)
    bound |= {"today": today, "new_year": today.replace(month=1, day=1), "every_unit": EVERY_UNIT}
    found: dict[str, dict[str, list[Cell]]] = {part: {} for part, _, _, _ in _PARTS}
    halves = None
    for part, value, *cell in session.execute(_statement(conditions, tuple(wanted)), bound):
        if part == "today":
            halves = cell[1]
        else:
            found[part].setdefault(value, []).append(Cell(*cell))
    return found, halves


def line_of(of: Tally) -> dict[str, Any]:
    """A line of the board as it is answered."""
    return {
        "tasks": of.tasks,
        **of.lights,
        "mean_days": of.mean_days,
        "mean_closed_days": of.mean_closed_days,
        "mean_open_days": of.mean_open_days,
    }


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
def _statement(conditions: str, names: tuple[str, ...]) -> sa.TextClause:
    parts = [
        _PART.format(name=part, value=value, periods=periods, conditions=conditions)
        for part, _, value, periods in _PARTS
    ]
    bound: list[sa.BindParameter[Any]] = [
        sa.bindparam("units", type_=postgresql.ARRAY(sa.Uuid())),
        sa.bindparam("periods", type_=postgresql.ARRAY(sa.Integer())),
        sa.bindparam("months", type_=postgresql.ARRAY(sa.Integer())),
        sa.bindparam("every_unit", type_=sa.Uuid()),
        *(sa.bindparam(name, type_=sa.Uuid()) for name in names if name.endswith("_id")),
    ]
    return sa.text(" UNION ALL ".join([*parts, _TODAY])).bindparams(*bound)


def _tallies(cells: Mapping[str, list[Cell]], halves: int | None) -> dict[str, Tally]:
    return {value: tally(of, today_halves=halves) for value, of in cells.items()}


def _with_units(session: Session, tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    lines = {UUID(value): line_of(of) for value, of in tallies.items()}
    names = {**unit_names(session, list(lines)), NOBODY: "尚未确定主办单位"}
    return [
        {"unit_id": _or_none(unit_id), "name": names.get(unit_id, _GONE), **line}
        for unit_id, line in lines.items()
    ]


def _with_leaders(session: Session, tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    lines = {UUID(value): line_of(of) for value, of in tallies.items()}
    names = {**list_labels(session, list(lines)), NOBODY: "未指定领导"}
    return [
        {"post_id": _or_none(post_id), "name": names.get(post_id, _GONE), **line}
        for post_id, line in lines.items()
    ]


def _or_none(value: UUID) -> UUID | None:
    return None if value == NOBODY else value


def _ordered(lines: Any) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: (-line["red"], -line["amber"], -line["tasks"], line["name"]))
