"""Lists of documents: by filters, by words, newest first, and only of what the reader takes part in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.models import Document, DocumentAccess
from services.documents.queries.documents import summary_of
from services.documents.queries.visibility import AS_RECIPIENT, holders_of
from shared.auth import Actor
from shared.search import found_by
from shared.web.paging import Page, make_page, read_cursor

_EQUAL = ("direction", "state", "kind", "urgency")


def list_documents(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """The documents that the actor takes part in, newest first, by keyset."""
    limit = query["limit"]
    after = read_cursor(query["after"], UUID)[0] if query.get("after") else None
    rows = _find(session, holders_of(session, actor, now=now), query, after=after, limit=limit + 1)
    page = make_page(rows, limit, lambda row: (row.id,))
    return Page([summary_of(row) for row in page.items], page.next)


def list_all(
    session: Session, actor: Actor, *, query: Mapping[str, Any], now: datetime, most: int
) -> list[dict[str, Any]]:
    """The newest of them in one piece, for an export."""
    rows = _find(session, holders_of(session, actor, now=now), query, after=None, limit=most)
    return [summary_of(row) for row in rows]


def _find(
    session: Session, holders: list[UUID], query: Mapping[str, Any], *, after: UUID | None, limit: int
) -> list[Document]:
    """Ids are given in order of time (RFC 9562 version 7), so that they sort and page the list by themselves.

    Each of the reader's names is looked through by itself, in the order of its index and only as far as the page
    goes: one pass over all of them would sort everything that a busy registry ever had.
    """
    if not holders:
        return []
    conditions = _conditions(query)
    seen = [_seen_by(holder, conditions, after=after, limit=limit) for holder in holders]
    ids = sa.union_all(*seen).subquery("seen").c.document_id
    found = sa.select(Document).where(Document.id.in_(sa.select(ids)))
    return list(session.scalars(found.order_by(Document.id.desc()).limit(limit)))


def _seen_by(
    holder: UUID, conditions: list[sa.ColumnElement[bool]], *, after: UUID | None, limit: int
) -> sa.Select[UUID]:
    """The newest under one name; the name stands in the statement, so that PostgreSQL knows how much it has."""
    seen = sa.select(DocumentAccess.document_id).where(
        DocumentAccess.holder_id == holder, DocumentAccess.reason != AS_RECIPIENT
    )
    if conditions:
        seen = seen.join(Document, Document.id == DocumentAccess.document_id).where(*conditions)
    if after:
        seen = seen.where(DocumentAccess.document_id < after)
    newest = seen.order_by(DocumentAccess.document_id.desc()).limit(limit).subquery()
    return sa.select(newest.c.document_id)


def _conditions(query: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    conditions = [getattr(Document, name) == query[name] for name in _EQUAL if query.get(name)]
    if query.get("created_from"):
        conditions.append(Document.created_at >= query["created_from"])
    if query.get("created_to"):
        conditions.append(Document.created_at < query["created_to"])
    if query.get("q"):
        conditions.append(found_by(Document.terms, query["q"]))
    return conditions
