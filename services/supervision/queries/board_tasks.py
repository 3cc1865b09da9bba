"""The tasks behind the board's counts: which are late, how late, and who holds them.

Each organ of the scope is looked through by itself along an index, only as far as the page goes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, load_only

from services.supervision.domain.board import FIRST_MONTH, month_of
from services.supervision.domain.deadlines import begin_of
from services.supervision.domain.running_days import RunningDays
from services.supervision.domain.sources import SOURCE_LABELS
from services.supervision.domain.states import LIGHT_LABELS, STATE_LABELS
from services.supervision.models import Task
from services.supervision.queries.scope import list_scope
from shared.auth import Actor
from shared.calendar_days import EVERY_UNIT, CalendarDay, work_calendar
from shared.clock import local_date
from shared.directory import list_posts
from shared.events.supervision import Light
from shared.events.work import ItemRole
from shared.flow.models import ItemStatus, WorkItem
from shared.web.paging import Page, make_page, read_cursor
from shared.workdays import DayKind, WorkCalendar

# The leader of a task: whoever gave the instruction, else who approved it.
LEADER = sa.func.coalesce(Task.instructor_post_id, Task.leader_post_id)
_EQUAL = {"lead_unit_id": Task.lead_unit_id, "source": Task.source, "leader_post_id": LEADER}
_SHOWN = (
    "number", "title", "source", "unit_id", "unit_name", "lead_unit_id", "lead_unit_name", "leader_name", "state",
    "light", "progress", "extensions", "assigned_at", "original_due_at", "due_at", "closed_at", "suspended_at",
    "closure_asked_at", "instructor_name",
)  # fmt: skip


def page_late(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """Late tasks, the longest late first, with how many working days and who has to do something now."""
    after = tuple(read_cursor(query["after"], datetime, UUID)) if query.get("after") else None
    limit = query["limit"]
    tasks = find_late(session, actor, query=query, limit=limit + 1, after=after)
    page = make_page(tasks, limit, lambda task: (task.due_at, task.id))
    return Page(rows_of(session, page.items, now=now), page.next)


def find_late(
    session: Session,
    actor: Actor,
    *,
    query: Mapping[str, Any],
    limit: int,
    after: tuple[Any, ...] | None = None,
) -> list[Task]:
    """The tasks with a red light, by the date that they missed."""
    conditions = [Task.light == Light.RED.value, *_conditions(query)]
    if after:
        conditions.append(sa.tuple_(Task.due_at, Task.id) > sa.tuple_(*after))
    units = list_scope(session, actor, unit_id=query["unit_id"])
    return _of_units(session, units, conditions, order=(Task.due_at, Task.id), limit=limit)


def page_board_tasks(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The tasks that the board counts under the same filters, newest first."""
    conditions = [*_conditions(query), *([Task.light == query["light"]] if query.get("light") else [])]
    if query.get("after"):
        conditions.append(Task.id < read_cursor(query["after"], UUID)[0])
    units = list_scope(session, actor, unit_id=query["unit_id"])
    limit = query["limit"]
    tasks = _of_units(session, units, conditions, order=(Task.id.desc(),), limit=limit + 1)
    page = make_page(tasks, limit, lambda task: (task.id,))
    return Page(rows_of(session, page.items, now=now), page.next)


def rows_of(session: Session, tasks: Sequence[Task], *, now: datetime) -> list[dict[str, Any]]:
    """Tasks as the board lists them."""
    holders = list_holders_of(session, [task.id for task in tasks])
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
            "holders": holders.get(task.id, []),
        }
        for task in tasks
    ]


def list_holders_of(session: Session, task_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """For each task, the posts that have an open item of it, copies to read left out."""
    items = session.execute(
        sa.select(WorkItem.subject_id, WorkItem.post_id, WorkItem.step_name)
        .where(
            WorkItem.subject_id.in_(task_ids),
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.role != ItemRole.READER,
        )
        .order_by(WorkItem.received_at, WorkItem.id)
    ).all()
    cards = list_posts(session, {item.post_id for item in items})
    found: dict[UUID, list[dict[str, Any]]] = {}
    for item in items:
        card = cards.get(item.post_id)
        holder = {
            "post_id": item.post_id,
            "name": card.label if card else "已撤销的岗位",
            "step": item.step_name,
        }
        found.setdefault(item.subject_id, []).append(holder)
    return found


def late_days(session: Session, tasks: Sequence[Task], *, now: datetime) -> dict[UUID, Decimal]:
    """By how many working days of its lead unit each late task is late; left out where no calendar says it."""
    spans = {task.id: span for task in tasks if (span := _late_span(task, now))}
    if not spans:
        return {}
    first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    calendars = _calendars(session, {_calendar_unit(task) for task in tasks}, since=first)
    known = {unit: RunningDays(calendar, first, last) for unit, calendar in calendars.items()}
    found: dict[UUID, Decimal] = {}
    for task in tasks:
        if task.id in spans:
            counted = known.get(_calendar_unit(task), known[EVERY_UNIT]).between(*spans[task.id])
            found |= {} if counted is None else {task.id: counted}
    return found


def _late_span(task: Task, now: datetime) -> tuple[date, date] | None:
    """What was reported is judged by the time of the report, and a resting task by when it was put to rest."""
    judged = task.closure_asked_at or task.suspended_at or now
    if task.light != Light.RED or task.due_at is None or judged <= task.due_at:
        return None
    return local_date(task.due_at), local_date(judged)


def _calendars(session: Session, units: Collection[UUID], *, since: date) -> dict[UUID, WorkCalendar]:
    """The national calendar, under `EVERY_UNIT`, and those of the units that have days of their own."""
    national = work_calendar(session, since=since)
    rows = session.execute(
        sa.select(CalendarDay.unit_id, CalendarDay.day, CalendarDay.kind).where(
            CalendarDay.unit_id.in_(units), CalendarDay.unit_id != EVERY_UNIT
        )
    )
    own: dict[UUID, dict[date, DayKind]] = {}
    for unit_id, day, kind in rows:
        own.setdefault(unit_id, {})[day] = DayKind(kind)
    return {
        EVERY_UNIT: national,
        **{unit_id: WorkCalendar(national=national.national, own=days) for unit_id, days in own.items()},
    }


def _calendar_unit(task: Task) -> UUID:
    return task.lead_unit_id or task.unit_id


def _conditions(query: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    conditions = [Task.established_at.is_not(None), Task.state != "cancelled"]
    conditions += [column == query[name] for name, column in _EQUAL.items() if query.get(name)]
    first, last = query.get("month_from"), query.get("month_to")
    if first or last:
        conditions.append(Task.established_at >= _begin_of(first or FIRST_MONTH))
    if last:
        conditions.append(Task.established_at < _begin_of(_next(last)))
    return conditions


def _of_units(
    session: Session, units: Sequence[UUID], conditions: Sequence[Any], *, order: Sequence[Any], limit: int
) -> list[Task]:
    unit = (
        sa.func.unnest(sa.cast(list(units), postgresql.ARRAY(sa.Uuid())))
        .table_valued("unit_id")
        .render_derived()
    )
    first = (
        sa.select(Task.id)
        .where(Task.unit_id == unit.c.unit_id, *conditions)
        .order_by(*order)
        .limit(limit)
        .lateral("first")
    )
    ids = sa.select(first.c.id).select_from(unit.join(first, sa.true()))
    wanted = (
        sa.select(Task).where(Task.id.in_(ids)).options(load_only(*(getattr(Task, name) for name in _SHOWN)))
    )
    return list(session.scalars(wanted.order_by(*order).limit(limit)))


def _begin_of(month: int) -> datetime:
    return begin_of(date(month // 100, month % 100, 1))


def _next(month: int) -> int:
    return month_of(date(month // 100 + month % 100 // 12, month % 100 % 12 + 1, 1))
