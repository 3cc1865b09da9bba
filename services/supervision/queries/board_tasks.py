"""The tasks behind the board's counts: which are late, how late, and who holds them.

Each organ of the scope is looked through by itself along an index, only as far as the page goes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision.domain.board import FIRST_MONTH, month_of
from services.supervision.domain.deadlines import begin_of
from services.supervision.domain.running_days import RunningDays
from services.supervision.domain.sources import SOURCE_LABELS
from services.supervision.domain.states import LIGHT_LABELS, STATE_LABELS, State
from services.supervision.models import Task
from services.supervision.queries.scope import Scope, read_scope
from shared.auth import Actor
from shared.calendar_days import CALENDAR_STATE, EVERY_UNIT, CalendarDay, working_time
from shared.clock import local_date
from shared.db import Prepared, UTCDateTime
from shared.directory import label_of
from shared.events.supervision import Light
from shared.events.work import ItemRole
from shared.flow.models import ItemStatus
from shared.web.paging import DEFAULT_LIMIT, Page, make_page, read_cursor
from shared.workdays import DayKind, WorkCalendar

_SHOWN = (
    "number", "title", "source", "unit_id", "unit_name", "lead_unit_id", "lead_unit_name", "leader_name", "state",
    "light", "progress", "extensions", "assigned_at", "original_due_at", "due_at", "closed_at", "suspended_at",
    "closure_asked_at", "instructor_name",
)  # fmt: skip
_task: Any = Task.__table__.c
# The leader of a task: whoever gave the instruction, else who approved it.
_LEADER = sa.func.coalesce(_task.instructor_post_id, _task.leader_post_id)
_CONDITIONS: Mapping[str, sa.ColumnElement[bool]] = {
    "lead_unit_id": _task.lead_unit_id == sa.bindparam("lead_unit_id"),
    "source": _task.source == sa.bindparam("source"),
    "leader_post_id": sa.bindparam("leader_post_id", type_=sa.Uuid()) == _LEADER,
    "established_since": _task.established_at >= sa.bindparam("established_since"),
    "established_before": _task.established_at < sa.bindparam("established_before"),
    "light": _task.light == sa.bindparam("light"),
    # Written out, as the index of the late ones has it.
    "is_late": _task.light == sa.literal_column(f"'{Light.RED}'"),
    "due_after": sa.tuple_(_task.due_at, _task.id)
    > sa.tuple_(sa.bindparam("due_after", type_=UTCDateTime()), sa.bindparam("id_after", type_=sa.Uuid())),
    "id_before": _task.id < sa.bindparam("id_before"),
}
_LATE_FIRST = (_task.due_at, _task.id)
_NEWEST_FIRST = (_task.id.desc(),)
# Who has an open item of the task, copies to read left out.
_HOLDERS = sa.literal_column(
    f"""(
        SELECT json_agg(json_build_object(
            'post_id', item.post_id,
            'name', coalesce({label_of("item.post_id")}, '已撤销的岗位'),
            'step', item.step_name
        ) ORDER BY item.received_at, item.id)
        FROM work_item AS item
        WHERE item.subject_id = task.id AND item.status = '{ItemStatus.OPEN}' AND item.role <> '{ItemRole.READER}'
    )""",  # noqa: S608 (no input in it)
    postgresql.JSON(),
)
_HAS_OWN_DAYS = sa.literal_column(
    f"""EXISTS (
        SELECT FROM calendar_day
        WHERE unit_id = coalesce(task.lead_unit_id, task.unit_id) AND unit_id <> '{EVERY_UNIT}'
    )""",
    sa.Boolean(),
)
_OWN_DAYS = sa.select(CalendarDay.unit_id, CalendarDay.day, CalendarDay.kind).where(
    CalendarDay.unit_id == sa.any_(sa.bindparam("unit_ids", type_=postgresql.ARRAY(sa.Uuid()))),
    CalendarDay.unit_id != EVERY_UNIT,
)

TaskRow = Any
"""What the board shows of a task, and what its days are counted by."""


def page_late(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """Late tasks, the longest late first, with how many working days and who has to do something now."""
    units = read_scope(session, actor, unit_id=query["unit_id"])
    after = tuple(read_cursor(query["after"], datetime, UUID)) if query.get("after") else None
    return page_late_of(session, units, query=query, now=now, limit=query["limit"], after=after)


def page_late_of(
    session: Session,
    units: Scope,
    *,
    query: Mapping[str, Any],
    now: datetime,
    limit: int = DEFAULT_LIMIT,
    after: tuple[Any, ...] | None = None,
) -> Page[dict[str, Any]]:
    """The same of what these organs supervise."""
    tasks = _late_of(session, units, query=query, limit=limit + 1, after=after)
    page = make_page(tasks, limit, lambda task: (task.due_at, task.id))
    return Page(rows_of(session, page.items, now=now), page.next)


def find_late(session: Session, actor: Actor, *, query: Mapping[str, Any], limit: int) -> Sequence[TaskRow]:
    """The tasks with a red light, by the date that they missed."""
    units = read_scope(session, actor, unit_id=query["unit_id"])
    return _late_of(session, units, query=query, limit=limit)


def _late_of(
    session: Session,
    units: Scope,
    *,
    query: Mapping[str, Any],
    limit: int,
    after: tuple[Any, ...] | None = None,
) -> Sequence[TaskRow]:
    given = {**_given(query), "is_late": True}
    beyond = dict(zip(("due_after", "id_after"), after or (), strict=False))
    return _of_units(session, units, {**given, **beyond}, order=_LATE_FIRST, limit=limit)


def page_board_tasks(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The tasks that the board counts under the same filters, newest first."""
    given = {**_given(query), **({"light": query["light"]} if query.get("light") else {})}
    if query.get("after"):
        given["id_before"] = read_cursor(query["after"], UUID)[0]
    units = read_scope(session, actor, unit_id=query["unit_id"])
    limit = query["limit"]
    tasks = _of_units(session, units, given, order=_NEWEST_FIRST, limit=limit + 1)
    page = make_page(tasks, limit, lambda task: (task.id,))
    return Page(rows_of(session, page.items, now=now), page.next)


def rows_of(session: Session, tasks: Sequence[TaskRow], *, now: datetime) -> list[dict[str, Any]]:
    """Tasks as the board lists them."""
    late = late_days(session, tasks, now=now)
    return [
        {
            "id": task.id,
            **{name: getattr(task, name) for name in _SHOWN},
            "leader_name": task.instructor_name or task.leader_name,
            "source_label": SOURCE_LABELS[task.source],
            "state_label": STATE_LABELS[task.state],
            "light_label": LIGHT_LABELS[task.light],
            "late_days": late.get(task.id),
            "holders": task.holders or [],
        }
        for task in tasks
    ]


def late_days(session: Session, tasks: Sequence[TaskRow], *, now: datetime) -> dict[UUID, Decimal]:
    """By how many working days of its lead unit each late task is late; left out where no calendar says it."""
    spans = {task.id: span for task in tasks if (span := _late_span(task, now))}
    if not spans:
        return {}
    national = working_time(session, state=tasks[0].calendar_state)
    with_own = {_calendar_unit(task) for task in tasks if task.has_own_days}
    own = _own_calendars(session, with_own, national.calendar) if with_own else {}
    first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    running = {unit: RunningDays(calendar, first, last) for unit, calendar in own.items()}
    found: dict[UUID, Decimal] = {}
    for task in tasks:
        if task.id in spans:
            counted = running.get(_calendar_unit(task), national).between(*spans[task.id])
            found |= {} if counted is None else {task.id: counted}
    return found


def _late_span(task: TaskRow, now: datetime) -> tuple[date, date] | None:
    """What was reported is judged by the time of the report, and a resting task by when it was put to rest."""
    judged = task.closure_asked_at or task.suspended_at or now
    if task.light != Light.RED or task.due_at is None or judged <= task.due_at:
        return None
    return local_date(task.due_at), local_date(judged)


def _own_calendars(
    session: Session, units: Collection[UUID], national: WorkCalendar
) -> dict[UUID, WorkCalendar]:
    """The calendars of those of the units that have days of their own."""
    own: dict[UUID, dict[date, DayKind]] = {}
    for unit_id, day, kind in session.execute(_OWN_DAYS, {"unit_ids": list(units)}):
        own.setdefault(unit_id, {})[day] = DayKind(kind)
    return {unit_id: WorkCalendar(national=national.national, own=days) for unit_id, days in own.items()}


def _calendar_unit(task: TaskRow) -> UUID:
    unit_id: UUID = task.lead_unit_id or task.unit_id
    return unit_id


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that the counters have as well, with their values, as `_CONDITIONS` names them."""
    given = {name: query[name] for name in ("lead_unit_id", "source", "leader_post_id") if query.get(name)}
    first, last = query.get("month_from"), query.get("month_to")
    if first or last:
        given["established_since"] = _begin_of(first or FIRST_MONTH)
    if last:
        given["established_before"] = _begin_of(_next(last))
    return given


def _of_units(
    session: Session, units: Scope, given: Mapping[str, Any], *, order: tuple[Any, ...], limit: int
) -> Sequence[TaskRow]:
    wanted = _wanted(tuple(name for name in given if name in _CONDITIONS), order, limit)
    return wanted.read(session, {**given, "units": units})


@lru_cache(maxsize=256)
def _wanted(conditions: tuple[str, ...], order: tuple[Any, ...], limit: int) -> Prepared:
    """Made once for each choice of filters: putting it together takes longer than asking it.

    Only the page that everybody opens is kept planned.
    """
    unit = (
        sa.func.unnest(sa.cast(sa.bindparam("units", type_=sa.Text()), postgresql.ARRAY(sa.Uuid())))
        .table_valued("unit_id")
        .render_derived()
    )
    most: Any = sa.literal_column(str(limit))
    first = (
        sa.select(_task.id)
        .where(
            _task.unit_id == unit.c.unit_id,
            _task.established_at.is_not(None),
            _task.state != sa.literal_column(f"'{State.CANCELLED}'"),
        )
        .where(*(_CONDITIONS[name] for name in conditions))
        .order_by(*order)
        .limit(most)
        .lateral("first")
    )
    ids = sa.select(first.c.id).select_from(unit.join(first, sa.true()))
    shown = [_task[name] for name in ("id", *_SHOWN)]
    added = (
        _HOLDERS.label("holders"),
        _HAS_OWN_DAYS.label("has_own_days"),
        CALENDAR_STATE.label("calendar_state"),
    )
    wanted = sa.select(*shown, *added).where(_task.id.in_(ids)).order_by(*order).limit(most)
    return Prepared(wanted, planned_once=limit == DEFAULT_LIMIT + 1 and conditions == ("is_late",))


def _begin_of(month: int) -> datetime:
    return begin_of(date(month // 100, month % 100, 1))


def _next(month: int) -> int:
    return month_of(date(month // 100 + month % 100 // 12, month % 100 % 12 + 1, 1))
