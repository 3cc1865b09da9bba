"""Who may see which document: its drafter, everyone who has or had a work item on it, and the registry of a unit
that owns it or received it. For everybody else it does not exist."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import Document, DocumentAccess
from shared.auth import Actor
from shared.directory import get_organ, list_delegations_to
from shared.permissions import Permission


def holders_of(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """Under which names the actor may see documents: the acting post, the posts it stands in for, and its organ's
    registry when the post carries that permission."""
    if actor.post_id is None or actor.unit_id is None or actor.person_id is None:
        return []
    holders = [actor.post_id]
    delegations = list_delegations_to(session, [actor.post_id], person_id=actor.person_id, now=now)
    holders.extend(delegation.from_post_id for delegation in delegations)
    if actor.may(Permission.DOCUMENTS_REGISTRY):
        holders.append(get_organ(session, actor.unit_id).id)
    return holders


def visible_to(holders: list[UUID]) -> sa.ColumnElement[bool]:
    """The condition that a document may be seen under one of those names."""
    return sa.exists().where(DocumentAccess.document_id == Document.id, DocumentAccess.holder_id.in_(holders))


def get_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Document:
    """The document, if the actor may see it; Problem 404 otherwise."""
    return _get(session, actor, document_id, now=now, lock=False)


def lock_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Document:
    """The same, held until the end of the transaction, so that two people change it one after the other."""
    return _get(session, actor, document_id, now=now, lock=True)


def _get(session: Session, actor: Actor, document_id: UUID, *, now: datetime, lock: bool) -> Document:
    wanted = sa.select(Document).where(Document.id == document_id)
    if not actor.is_system:
        wanted = wanted.where(visible_to(holders_of(session, actor, now=now)))
    if lock:
        wanted = wanted.with_for_update(of=Document).execution_options(populate_existing=True)
    document = session.scalars(wanted).one_or_none()
    if document is None:
        raise errors.document_not_found(document_id)
    return document
