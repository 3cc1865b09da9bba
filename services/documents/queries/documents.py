"""Reading documents: one, many, and what belongs to one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.domain.states import DISPATCH, INCOMING, RECEIPT
from services.documents.models import Document, DocumentAct, DocumentFile, DocumentVersion, Receipt
from services.documents.queries.visibility import get_document, holders_of, visible_to
from shared.auth import Actor
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

_STATE_LABELS: dict[str, Mapping[Any, str]] = {"dispatch": DISPATCH.labels, "incoming": INCOMING.labels}


def show_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> dict[str, Any]:
    """A document with its newest text and its files."""
    document = get_document(session, actor, document_id, now=now)
    return view_of(session, document)


def view_of(session: Session, document: Document) -> dict[str, Any]:
    """A document as `DocumentSchema` shows it."""
    version = session.get_one(DocumentVersion, (document.id, document.version_number))
    return {**summary_of(document), "body": version.body, "files": list_files(session, document.id)}


def summary_of(document: Document) -> dict[str, Any]:
    """A document's columns, with the Chinese name of its state."""
    columns = {column.key: getattr(document, column.key) for column in sa.inspect(Document).columns}
    return {**columns, "state_label": _STATE_LABELS[document.direction].get(document.state, document.state)}


def list_documents(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The documents that the actor may see, newest first, by keyset."""
    wanted = sa.select(Document).where(visible_to(holders_of(session, actor, now=now)))
    for name in ("direction", "state", "kind"):
        if query.get(name):
            wanted = wanted.where(getattr(Document, name) == query[name])
    if query.get("created_from"):
        wanted = wanted.where(Document.created_at >= query["created_from"])
    if query.get("created_to"):
        wanted = wanted.where(Document.created_at < query["created_to"])
    if query.get("q"):
        wanted = wanted.where(found_by(Document.terms, query["q"]))
    if query.get("after"):
        created_at, last_id = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(Document.created_at, Document.id) < (created_at, last_id))
    limit = query["limit"]
    rows = session.scalars(wanted.order_by(Document.created_at.desc(), Document.id.desc()).limit(limit + 1))
    page = make_page(list(rows), limit, lambda row: (row.created_at, row.id))
    return Page([summary_of(row) for row in page.items], page.next)


def list_files(session: Session, document_id: UUID, *, role: str | None = None) -> list[DocumentFile]:
    """The files of a document that were not removed, by role and place."""
    wanted = sa.select(DocumentFile).where(
        DocumentFile.document_id == document_id, DocumentFile.removed_at.is_(None)
    )
    if role:
        wanted = wanted.where(DocumentFile.role == role)
    return list(session.scalars(wanted.order_by(DocumentFile.role, DocumentFile.position, DocumentFile.id)))


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


def list_acts(session: Session, document_id: UUID) -> list[DocumentAct]:
    """The history, oldest first."""
    wanted = sa.select(DocumentAct).where(DocumentAct.document_id == document_id)
    return list(session.scalars(wanted.order_by(DocumentAct.at, DocumentAct.id)))


def list_receipts(session: Session, document_id: UUID) -> list[dict[str, Any]]:
    """How far every receiving unit has got, by name."""
    wanted = sa.select(Receipt).where(Receipt.document_id == document_id).order_by(Receipt.unit_name)
    return [
        {
            **{column.key: getattr(receipt, column.key) for column in sa.inspect(Receipt).columns},
            "state_label": RECEIPT.labels[receipt.state],  # type: ignore[index]
        }
        for receipt in session.scalars(wanted)
    ]
