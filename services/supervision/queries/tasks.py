"""Reading one task, and what belongs to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.states import LIGHT_LABELS, SLIP_LABELS, STATE_LABELS, VERB_LABELS
from services.supervision.models import Task, TaskAct, TaskFile
from services.supervision.queries.acts import actions_of
from services.supervision.queries.course import (
    list_feedback,
    list_files,
    list_goals,
    list_links_for,
    list_parties,
    list_parts,
    list_requests,
    list_rests,
    list_slips,
)
from services.supervision.queries.visibility import get_task
from shared.auth import Actor
from shared.flow.models import WorkItem
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(Task).columns if column.key != "terms"]


def show_task(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> dict[str, Any]:
    """A task with all that belongs to it, and what the viewer may do about it now."""
    task = get_task(session, actor, task_id, now=now)
    return {
        **summary_of(task),
        "parties": list_parties(session, task.id),
        "goals": list_goals(session, task.id),
        "feedback": list_feedback(session, task.id),
        "requests": list_requests(session, task.id),
        "rests": list_rests(session, task.id),
        "slips": [
            {**_columns_of(slip), "colour_label": SLIP_LABELS[slip.colour]}
            for slip in list_slips(session, task.id)
        ],
        "links": list_links_for(session, actor, task.id, now=now),
        "files": list_files(session, task.id),
        "parts": [summary_of(part) for part in list_parts(session, actor, task.id, now=now)],
        "actions": actions_of(session, actor, task, now=now),
    }


def summary_of(task: Task) -> dict[str, Any]:
    """A task's columns, with the Chinese names of its state and light."""
    columns = {name: getattr(task, name) for name in _COLUMNS}
    days = None if task.half_days is None else task.half_days / 2
    labels = {"state_label": STATE_LABELS[task.state], "light_label": LIGHT_LABELS[task.light]}
    return {**columns, **labels, "days": days, "origin": _origin(task)}


def page_acts(session: Session, task_id: UUID, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The history, oldest first, page by page."""
    wanted = sa.select(TaskAct).where(TaskAct.task_id == task_id)
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(TaskAct.at, TaskAct.id) > sa.tuple_(*last))
    ordered = wanted.order_by(TaskAct.at, TaskAct.id)
    rows = session.scalars(ordered.limit(query["limit"] + 1)).all()
    page = make_page(rows, query["limit"], lambda act: (act.at, act.id))
    return Page([{**_columns_of(act), "verb_label": VERB_LABELS[act.verb]} for act in page.items], page.next)


def get_file(session: Session, task: Task, file_id: UUID) -> TaskFile:
    """A file of the task; Problem 404 when it has no such file."""
    file = session.get(TaskFile, file_id)
    if file is None or file.task_id != task.id:
        raise errors.file_not_found(file_id)
    return file


def get_item(session: Session, task: Task, item_id: UUID) -> WorkItem:
    """A work item of the task; Problem 404 when it has no such item."""
    item = session.get(WorkItem, item_id)
    if item is None or item.subject_id != task.id:
        raise errors.item_not_found(item_id)
    return item


def record_digest(task: Task) -> str:
    """Where the record (督查事项办理单) is kept; Problem 404 before the task is over."""
    if not task.record_digest:
        raise errors.record_not_there(task.title)
    return task.record_digest


def _origin(task: Task) -> dict[str, Any] | None:
    if task.origin_id is None:
        return None
    names = ("system", "kind", "id", "title", "number", "link")
    return {name: getattr(task, f"origin_{name}") for name in names}


def _columns_of(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns}
