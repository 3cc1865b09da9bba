"""Who may see which document; for everybody else it does not exist.

Those who take part see all of it: its drafter, everyone who has or had a work item on it, and the registry of the
organ that owns or jointly issues it. The registries of the receiving units see what was issued to them, and nothing
of how it came about.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import Document, DocumentAccess
from shared.auth import Actor
from shared.directory import get_organ, list_acting_posts
from shared.permissions import Permission

# What a delegation calls this service's work.
WORK_KIND = "documents"
# The reason of sight that shows a document from outside only.
AS_RECIPIENT = "recipient"


def acting_posts(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """The acting post, and the posts it stands in for in this service's work."""
    return list_acting_posts(session, actor, work_kind=WORK_KIND, now=now)


def holders_of(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """Under which names the actor may see documents: the posts it acts in, and its organ's registry when the post
    carries that permission."""
    holders = acting_posts(session, actor, now=now)
    if holders and actor.unit_id and actor.may(Permission.DOCUMENTS_REGISTRY):
        holders.append(get_organ(session, actor.unit_id).id)
    return holders


def get_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Document:
    """The document, if the actor takes part in it; Problem 404 otherwise."""
    return _find(session, actor, sa.select(Document), document_id, now=now)[0]


def lock_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Document:
    """The same, held until the end of the transaction, so that two people change it one after the other."""
    locked = sa.select(Document).with_for_update(of=Document).execution_options(populate_existing=True)
    return _find(session, actor, locked, document_id, now=now)[0]


def get_readable(
    session: Session, actor: Actor, document_id: UUID, *, now: datetime
) -> tuple[Document, bool]:
    """The document, if the actor takes part in it or received it, and whether it takes part; else Problem 404."""
    return _find(session, actor, sa.select(Document), document_id, now=now, outside=True)


def _find(
    session: Session,
    actor: Actor,
    wanted: sa.Select[Document],
    document_id: UUID,
    *,
    now: datetime,
    outside: bool = False,
) -> tuple[Document, bool]:
    inside = True
    if not actor.is_system:
        granted = sa.select(DocumentAccess.reason).where(
            DocumentAccess.document_id == document_id,
            DocumentAccess.holder_id.in_(holders_of(session, actor, now=now)),
        )
        reasons = set(session.scalars(granted))
        inside = bool(reasons - {AS_RECIPIENT})
        if not (inside or (outside and reasons)):
            raise errors.document_not_found(document_id)
    document = session.scalars(wanted.where(Document.id == document_id)).one_or_none()
    if document is None:
        raise errors.document_not_found(document_id)
    return document, inside
