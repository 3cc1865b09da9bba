"""Reading work items and the flow of a document."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.domain.states import DispatchState
from services.documents.models import Document
from services.documents.queries.visibility import acting_posts
from shared.auth import Actor
from shared.events.work import ItemRole
from shared.flow.models import FlowInstance, ItemStatus, WorkItem
from shared.flow.work import form_of


def get_item(session: Session, document: Document, item_id: UUID) -> WorkItem:
    """A work item of the document; Problem 404 when it has no such item."""
    item = session.get(WorkItem, item_id)
    if item is None or item.subject_id != document.id:
        raise errors.item_not_found(item_id)
    return item


def find_instance(session: Session, document: Document) -> FlowInstance | None:
    """The document's running or ended flow."""
    return session.get(FlowInstance, document.flow_instance_id) if document.flow_instance_id else None


def find_held_item(session: Session, actor: Actor, document: Document, *, now: datetime) -> WorkItem | None:
    """An item of the document that the actor has to do, in its own post before one that it stands in for."""
    posts = acting_posts(session, actor, now=now)
    wanted = open_work(document).where(WorkItem.post_id.in_(posts))
    held = session.scalars(wanted).all()
    return min(held, key=lambda item: posts.index(item.post_id), default=None)


def is_partly_signed(session: Session, document: Document) -> bool:
    """Whether some of those who have to sign this text have done so, while others have not."""
    if document.state != DispatchState.APPROVING:
        return False
    waiting = open_work(document).with_only_columns(WorkItem.arrival_id)
    signed = sa.select(WorkItem.id).where(
        WorkItem.arrival_id.in_(waiting), WorkItem.status == ItemStatus.DONE
    )
    return session.scalars(signed.limit(1)).first() is not None


def open_work(document: Document) -> sa.Select[WorkItem]:
    """The items that still have to be done; copies to read are not among them."""
    return sa.select(WorkItem).where(
        WorkItem.instance_id == document.flow_instance_id,
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.role != ItemRole.READER,
    )


def show_form(session: Session, document: Document, item_id: UUID) -> dict[str, Any]:
    """What the holder of an item is asked, whom to choose for which step, and where it may be returned to."""
    form = form_of(session, get_item(session, document, item_id).id)
    shown = {part.name: getattr(form, part.name) for part in fields(form)}
    return {**shown, "answer_by": document.answer_by or _asked_by_sender(document)}


def _asked_by_sender(document: Document) -> date | None:
    """The day that the sender of an incoming document asks for (请于…前反馈)."""
    asked = document.elements.get("answer_by")
    return date.fromisoformat(asked) if asked and document.direction == "incoming" else None
