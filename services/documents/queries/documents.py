"""Reading one document, and what belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from services.documents import errors
from services.documents.domain.states import RECEIPT_LABELS, label_of
from services.documents.domain.tasks import LIGHT_LABELS, TASK_STATE_LABELS
from services.documents.models import (
    Document,
    DocumentAct,
    DocumentFile,
    DocumentTask,
    DocumentVersion,
    Receipt,
)
from services.documents.queries.visibility import get_readable
from shared.auth import Actor
from shared.events.base import load_fields
from shared.events.origin import Origin
from shared.events.supervision import Light
from shared.web.paging import Page, make_page, read_cursor

# What a receiving unit does not see of a document that was issued to it.
_INSIDE_ONLY: Mapping[str, Any] = {
    "facts": {},
    "drafter_name": "",
    "handling": None,
    "origin": None,
}
_SENT_ROLES = ("rendered", "attachment")
_COLUMNS = [column.key for column in sa.inspect(Document).columns if column.key != "terms"]


def show_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> dict[str, Any]:
    """A document with its newest text and its files; a receiving unit sees what was issued to it."""
    document, inside = get_readable(session, actor, document_id, now=now)
    view = view_of(session, document)
    if inside:
        return {**view, "tasks": list_tasks(session, document.id)}
    sent = [file for file in view["files"] if file.role in _SENT_ROLES]
    return {**view, **_INSIDE_ONLY, "files": sent}


def view_of(session: Session, document: Document) -> dict[str, Any]:
    """A document as `DocumentSchema` shows it."""
    version = session.get_one(DocumentVersion, (document.id, document.version_number))
    return {**summary_of(document), "body": version.body, "files": list_files(session, document.id)}


def view_of_new(document: Document, body: Sequence[str]) -> dict[str, Any]:
    """The same of a document that was begun a moment ago with that text, and has no files yet."""
    return {**summary_of(document), "body": body, "files": []}


def summary_of(document: Document) -> dict[str, Any]:
    """A document's columns, with the Chinese name of its state."""
    columns = {name: getattr(document, name) for name in _COLUMNS}
    return {**columns, "state_label": label_of(document.direction, document.state)}


def origin_of(document: Document) -> Origin | None:
    """The item of another service that led to a document, if any."""
    return load_fields(Origin, document.origin) if document.origin else None


def list_tasks(session: Session, document_id: UUID) -> list[dict[str, Any]]:
    """The tasks that supervise a document, oldest first."""
    wanted = sa.select(DocumentTask).where(DocumentTask.document_id == document_id)
    return [
        {
            **{column.key: getattr(task, column.key) for column in sa.inspect(DocumentTask).columns},
            "state_label": TASK_STATE_LABELS.get(task.state, ""),
            "light_label": LIGHT_LABELS.get(task.light, ""),
            # A task that is done is late when it was done late.
            "late": task.in_time is False or task.light == Light.RED,
            "link": f"/tasks/{task.task_id}",
        }
        for task in session.scalars(wanted.order_by(DocumentTask.task_id))
    ]


def list_files(session: Session, document_id: UUID, *, role: str | None = None) -> list[DocumentFile]:
    """The files of a document that were not removed, by role and place."""
    wanted = sa.select(DocumentFile).where(
        DocumentFile.document_id == document_id, DocumentFile.removed_at.is_(None)
    )
    if role:
        wanted = wanted.where(DocumentFile.role == role)
    return list(session.scalars(wanted.order_by(DocumentFile.role, DocumentFile.position, DocumentFile.id)))


def get_readable_file(
    session: Session, actor: Actor, document_id: UUID, file_id: UUID, *, now: datetime
) -> DocumentFile:
    """A file that the actor may read; Problem 404 for another's document, and for an inside file to who received it."""
    document, inside = get_readable(session, actor, document_id, now=now)
    file = get_file(session, document.id, file_id)
    if not inside and file.role not in _SENT_ROLES:
        raise errors.file_not_found(file_id)
    return file


def get_file(session: Session, document_id: UUID, file_id: UUID) -> DocumentFile:
    """One file of a document; Problem 404 when it has no such file."""
    found = session.get(DocumentFile, file_id)
    if found is None or found.document_id != document_id or found.removed_at:
        raise errors.file_not_found(file_id)
    return found


def list_versions(session: Session, document_id: UUID) -> list[DocumentVersion]:
    """Every state of the text, oldest first."""
    wanted = sa.select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    return list(session.scalars(wanted.order_by(DocumentVersion.number)))


def page_versions(session: Session, document_id: UUID, *, query: Mapping[str, Any]) -> Page[DocumentVersion]:
    """The same, page by page and without the texts."""
    wanted = sa.select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    if query.get("after"):
        wanted = wanted.where(DocumentVersion.number > read_cursor(query["after"], int)[0])
    without_text = wanted.options(defer(DocumentVersion.body), defer(DocumentVersion.elements))
    rows = session.scalars(without_text.order_by(DocumentVersion.number).limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda version: (version.number,))


def get_version(session: Session, document_id: UUID, number: int) -> DocumentVersion:
    """One state of the text; Problem 404 when the document has no such version."""
    found = session.get(DocumentVersion, (document_id, number))
    if found is None:
        raise errors.version_not_found(number)
    return found


def list_acts(session: Session, document_id: UUID) -> list[DocumentAct]:
    """The history, oldest first."""
    wanted = sa.select(DocumentAct).where(DocumentAct.document_id == document_id)
    return list(session.scalars(wanted.order_by(DocumentAct.at, DocumentAct.id)))


def page_acts(session: Session, document_id: UUID, *, query: Mapping[str, Any]) -> Page[DocumentAct]:
    """The same, page by page."""
    wanted = sa.select(DocumentAct).where(DocumentAct.document_id == document_id)
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(DocumentAct.at, DocumentAct.id) > sa.tuple_(*last))
    ordered = wanted.order_by(DocumentAct.at, DocumentAct.id)
    rows = session.scalars(ordered.limit(query["limit"] + 1)).all()
    return make_page(rows, query["limit"], lambda act: (act.at, act.id))


def list_receipts(session: Session, document_id: UUID) -> list[dict[str, Any]]:
    """How far every receiving unit has got, by name."""
    wanted = sa.select(Receipt).where(Receipt.document_id == document_id).order_by(Receipt.unit_name)
    return [
        {
            **{column.key: getattr(receipt, column.key) for column in sa.inspect(Receipt).columns},
            "state_label": RECEIPT_LABELS[receipt.state],
        }
        for receipt in session.scalars(wanted)
    ]
