"""What becomes of the tasks (督查事项) that supervise a document, as its own page shows them.

Supervision tells it in events that may come in any order and twice; each writes only what it knows, and nothing older
replaces what is newer. Which document is meant is said by the registration alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents.commands.history import keep_act
from services.documents.domain.tasks import TaskState
from services.documents.models import Document, DocumentTask
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import looks_after
from shared.events.base import Event
from shared.events.supervision import (
    TaskCancelled,
    TaskClosed,
    TaskEstablished,
    TaskLightTurned,
    TaskRegistered,
    TaskRejected,
)

_STEP = "督查督办"


def follow_task(session: Session, actor: Actor, clock: Clock, *, event: Event) -> None:
    """Keep what an event says of a task; its document's history says when one begins and how it ends."""
    _FOLLOWED[type(event)](session, actor, event)


def _registered(session: Session, actor: Actor, event: TaskRegistered) -> None:
    document = _document_of(session, event)
    if document is None:
        return
    told = _known(session, event.task_id)
    known = told is not None and told.document_id is not None
    _put(session, event.task_id, document_id=document.id, title=event.title, due_on=event.due_on)
    _put_state(session, event.task_id, TaskState.REGISTERED, at=event.registered_at)
    if not known:
        _keep(session, actor, document.id, at=event.registered_at, verb="task_registered", what=event.title)
        _keep_end(session, actor, event.task_id)


def _established(session: Session, actor: Actor, event: TaskEstablished) -> None:
    _put(session, event.task_id, number=event.number)
    _put_state(session, event.task_id, TaskState.ESTABLISHED, at=event.established_at)


def _rejected(session: Session, actor: Actor, event: TaskRejected) -> None:
    _put_state(session, event.task_id, TaskState.REJECTED, at=event.rejected_at, conclusion=event.reason)


def _turned(session: Session, actor: Actor, event: TaskLightTurned) -> None:
    table = DocumentTask.__table__.c
    newer = sa.or_(table.light_at.is_(None), table.light_at < event.turned_at)
    _put(session, event.task_id, where=newer, light=event.light.value, light_at=event.turned_at)


def _closed(session: Session, actor: Actor, event: TaskClosed) -> None:
    _put(session, event.task_id, number=event.number)
    changed = _put_state(
        session,
        event.task_id,
        TaskState.CLOSED,
        at=event.closed_at,
        in_time=event.in_time,
        conclusion=event.conclusion,
    )
    if changed:
        _keep_end(session, actor, event.task_id)


def _cancelled(session: Session, actor: Actor, event: TaskCancelled) -> None:
    changed = _put_state(
        session, event.task_id, TaskState.CANCELLED, at=event.cancelled_at, conclusion=event.reason
    )
    if changed:
        _keep_end(session, actor, event.task_id)


_FOLLOWED: Mapping[type[Event], Callable[[Session, Actor, Any], None]] = {
    TaskRegistered: _registered,
    TaskEstablished: _established,
    TaskRejected: _rejected,
    TaskLightTurned: _turned,
    TaskClosed: _closed,
    TaskCancelled: _cancelled,
}


# What the history of the document says of a task's end, and under which verb.
_ENDS: Mapping[str, tuple[str, str]] = {
    TaskState.CLOSED: ("task_closed", "{number} 已办结：{conclusion}"),
    TaskState.CANCELLED: ("task_cancelled", "已撤销：{conclusion}"),
}


def _document_of(session: Session, event: TaskRegistered) -> Document | None:
    """The document that a task comes from, if it is one of ours that the supervising organ looks after.

    Whoever registers by hand may name any document; what the suite made of one itself is taken as it is.
    """
    if event.origin is None or event.origin.system != "documents":
        return None
    document = session.get(Document, event.origin.id)
    if document is None or event.doer.person_id is None:
        return document
    return document if looks_after(session, event.unit_id, document.owner_unit_id) else None


def _known(session: Session, task_id: UUID) -> DocumentTask | None:
    return session.get(DocumentTask, task_id, populate_existing=True)


def _put(
    session: Session, task_id: UUID, *, where: sa.ColumnElement[bool] | None = None, **columns: Any
) -> bool:
    """Write these columns; whether anything was written."""
    empty = {"title": "", "number": "", "light": "", "state": "", "conclusion": ""}
    row = insert(DocumentTask).values(task_id=task_id, **{**empty, **columns})
    written = row.on_conflict_do_update(index_elements=["task_id"], set_=columns, where=where)
    return session.execute(written.returning(DocumentTask.task_id)).first() is not None


def _put_state(session: Session, task_id: UUID, state: TaskState, *, at: datetime, **columns: Any) -> bool:
    """Write a state unless a later one is known; whether it was written.

    A part of a task is registered and established at one instant.
    """
    table = DocumentTask.__table__.c
    at_once = sa.and_(table.state_at == at, table.state == TaskState.REGISTERED.value)
    newer = sa.or_(table.state_at.is_(None), table.state_at < at, at_once)
    return _put(session, task_id, where=newer, state=state.value, state_at=at, **columns)


def _keep(session: Session, actor: Actor, document_id: UUID, *, at: datetime, verb: str, what: str) -> None:
    """One line in the history of the document, if it is one of ours."""
    document = session.get(Document, document_id)
    if document is not None:
        keep_act(session, actor, document, at=at, verb=verb, step=_STEP, outcome=what)


def _keep_end(session: Session, actor: Actor, task_id: UUID) -> None:
    """One line when a task has ended, as soon as it is known which document it is about."""
    task = _known(session, task_id)
    if task is None or task.document_id is None or task.state_at is None or task.state not in _ENDS:
        return
    verb, said = _ENDS[task.state]
    what = said.format(number=task.number, conclusion=task.conclusion)
    _keep(session, actor, task.document_id, at=task.state_at, verb=verb, what=what)
