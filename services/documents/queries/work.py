"""Reading work items and the flow of a document."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import Document
from shared.directory import list_posts
from shared.flow.models import FlowInstance, ItemStatus, WorkItem


def get_item(session: Session, document: Document, item_id: UUID) -> WorkItem:
    """A work item of the document; Problem 404 when it has no such item."""
    item = session.get(WorkItem, item_id)
    if item is None or item.subject_id != document.id:
        raise errors.item_not_found(item_id)
    return item


def find_instance(session: Session, document: Document) -> FlowInstance | None:
    """The document's running or ended flow."""
    return session.get(FlowInstance, document.flow_instance_id) if document.flow_instance_id else None


def list_items(session: Session, document: Document, *, open_only: bool = False) -> list[dict[str, Any]]:
    """The document's work items in the order in which they were given out, each with the post that has it."""
    wanted = sa.select(WorkItem).where(WorkItem.subject_id == document.id)
    if open_only:
        wanted = wanted.where(WorkItem.status == ItemStatus.OPEN)
    items = session.scalars(wanted.order_by(WorkItem.received_at, WorkItem.id)).all()
    cards = list_posts(session, {item.post_id for item in items})
    columns = [column.key for column in sa.inspect(WorkItem).columns]
    return [
        {
            **{name: getattr(item, name) for name in columns},
            "holder": cards[item.post_id].label if item.post_id in cards else "",
        }
        for item in items
    ]
