"""Lists of tasks: by filters, by words, newest first, and only of what the reader may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision.domain.deadlines import begin_of, end_of
from services.supervision.models import Task, TaskAccess, TaskParty
from services.supervision.queries.tasks import summary_of
from services.supervision.queries.visibility import Sight, sight_of
from shared.auth import Actor
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

_EQUAL = ("source", "light", "state", "urgency", "parent_id", "follows_id", "origin_id", "lead_unit_id")


def list_tasks(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The tasks that the actor may see, newest first, by keyset."""
    limit = query["limit"]
    after = read_cursor(query["after"], UUID)[0] if query.get("after") else None
    rows = find_tasks(session, actor, query=query, now=now, after=after, limit=limit + 1)
    page = make_page(rows, limit, lambda row: (row.id,))
    return Page([summary_of(row) for row in page.items], page.next)


def list_all(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime, most: int
) -> list[dict[str, Any]]:
    """The newest of them in one piece, for an export."""
    rows = find_tasks(session, actor, query=query, now=now, after=None, limit=most)
    return [summary_of(row) for row in rows]


def find_tasks(
    session: Session,
    actor: Actor,
    *,
    query: Mapping[str, Any],
    now: datetime,
    after: UUID | None,
    limit: int,
) -> list[Task]:
    """Ids are given in order of time, so that they sort and page the list by themselves.

    Each unit and each name by which the actor may see tasks is looked through by itself, only as far as the page goes.
    """
    sight, conditions = sight_of(session, actor, now=now), task_conditions(query)
    seen = [_seen_as(name, conditions, after=after, limit=limit) for name in sight.names]
    if sight.units:
        seen.append(_supervised(sight, conditions, after=after, limit=limit))
    if not seen:
        return []
    ids = sa.union_all(*seen).subquery("seen").c.task_id
    found = sa.select(Task).where(Task.id.in_(sa.select(ids)))
    return list(session.scalars(found.order_by(Task.id.desc()).limit(limit)))


def task_conditions(query: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    """The filters of a list as conditions on `Task`: unit (leading or assisting), leader, source, light, state, period,
    words.
    """
    conditions = [getattr(Task, name) == query[name] for name in _EQUAL if query.get(name)]
    if query.get("unit_id"):
        takes_part = sa.select(TaskParty.task_id).where(TaskParty.unit_id == query["unit_id"])
        conditions.append(Task.id.in_(takes_part))
    if query.get("leader_post_id"):
        leader = query["leader_post_id"]
        conditions.append(sa.or_(Task.leader_post_id == leader, Task.instructor_post_id == leader))
    if query.get("registered_from"):
        conditions.append(Task.registered_at >= begin_of(query["registered_from"]))
    if query.get("registered_to"):
        conditions.append(Task.registered_at <= end_of(query["registered_to"]))
    if query.get("due_from"):
        conditions.append(Task.due_at >= begin_of(query["due_from"]))
    if query.get("due_to"):
        conditions.append(Task.due_at <= end_of(query["due_to"]))
    if query.get("q"):
        conditions.append(found_by(Task.terms, query["q"]))
    return conditions


def _seen_as(
    name: tuple[UUID, str], conditions: list[sa.ColumnElement[bool]], *, after: UUID | None, limit: int
) -> sa.Select[Any]:
    holder, reason = name
    seen = sa.select(TaskAccess.task_id).where(TaskAccess.holder_id == holder, TaskAccess.reason == reason)
    if conditions:
        seen = seen.join(Task, Task.id == TaskAccess.task_id).where(*conditions)
    if after:
        seen = seen.where(TaskAccess.task_id < after)
    newest = seen.order_by(TaskAccess.task_id.desc()).limit(limit).subquery()
    return sa.select(newest.c.task_id)


def _supervised(
    sight: Sight, conditions: list[sa.ColumnElement[bool]], *, after: UUID | None, limit: int
) -> sa.Select[Any]:
    units = sa.cast(list(sight.units), postgresql.ARRAY(sa.Uuid()))
    unit = sa.func.unnest(units).table_valued("unit_id").render_derived()
    own = sa.select(Task.id.label("task_id")).where(Task.unit_id == unit.c.unit_id, *conditions)
    if after:
        own = own.where(Task.id < after)
    newest = own.order_by(Task.id.desc()).limit(limit).lateral("newest")
    return sa.select(newest.c.task_id).select_from(unit.join(newest, sa.true()))
