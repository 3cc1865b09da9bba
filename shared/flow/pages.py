"""Work items of one subject, page by page, as people see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.directory import list_posts
from shared.flow.models import WorkItem
from shared.web.paging import Page, make_page, read_cursor

_COLUMNS = [column.key for column in sa.inspect(WorkItem).columns]


def page_items(session: Session, subject_id: UUID, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A subject's work items in the order in which they were given out, each with the post that has it."""
    wanted = sa.select(WorkItem).where(WorkItem.subject_id == subject_id)
    if query["status"]:
        wanted = wanted.where(WorkItem.status == query["status"])
    if query.get("after"):
        last = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(WorkItem.received_at, WorkItem.id) > sa.tuple_(*last))
    ordered = wanted.order_by(WorkItem.received_at, WorkItem.id)
    rows = session.scalars(ordered.limit(query["limit"] + 1)).all()
    page = make_page(rows, query["limit"], lambda item: (item.received_at, item.id))
    cards = list_posts(session, {item.post_id for item in page.items})
    shown = [
        {
            **{name: getattr(item, name) for name in _COLUMNS},
            "holder": cards[item.post_id].label if item.post_id in cards else "",
        }
        for item in page.items
    ]
    return Page(shown, page.next)
