"""Lists, counts and single items of a person's inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile import errors
from services.mobile.domain.boxes import DONE_STATES, READER, Box, State
from services.mobile.models import InboxItem, StartedWork
from services.mobile.queries.boxes import Filters, Shelf, shelf_of, shown_to
from services.mobile.queries.cards import ItemCard, cards_of_items, cards_of_works
from services.mobile.queries.viewer import Viewer
from shared.web.paging import Page, make_page, read_cursor

EVERYTHING = Filters()
MOST_EXPORTED = 10_000


def list_box(
    session: Session,
    viewer: Viewer,
    box: Box,
    filters: Filters,
    *,
    now: datetime,
    after: str | None,
    limit: int,
) -> Page[ItemCard]:
    """A page of one box, newest first."""
    shelf = shelf_of(box, viewer, filters, now=now)
    rows = _rows(session, shelf, after=after, limit=limit + 1)
    page: Page[Any] = make_page(rows, limit, lambda row: (getattr(row, shelf.at.key), row.id))
    return Page(_cards(session, viewer, page.items, now=now), page.next)


def list_for_export(
    session: Session, viewer: Viewer, box: Box, filters: Filters, *, now: datetime
) -> list[ItemCard]:
    """The whole box for a spreadsheet; Problem 422 when it is too long for one."""
    rows = _rows(session, shelf_of(box, viewer, filters, now=now), after=None, limit=MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise errors.export_too_long(MOST_EXPORTED)
    return _cards(session, viewer, rows, now=now)


def count_boxes(
    session: Session, viewer: Viewer, filters: Filters = EVERYTHING, *, now: datetime
) -> dict[str, int]:
    """How many rows each box has, by the conditions that list them; `overdue` counts the late ones to do."""
    shelves = {box.value: shelf_of(box, viewer, filters, now=now) for box in Box}
    late = Filters(**{**vars(filters), "overdue": True})
    overdue = shelf_of(Box.TODO, viewer, late, now=now)
    if filters.overdue is False:
        overdue = Shelf(table=InboxItem, condition=sa.false(), at=InboxItem.received_at)
    counts = [
        sa.select(sa.func.count())
        .select_from(shelf.table)
        .where(shelf.condition)
        .scalar_subquery()
        .label(name)
        for name, shelf in {**shelves, "overdue": overdue}.items()
    ]
    return dict(session.execute(sa.select(*counts)).mappings().one())


def find_item(session: Session, viewer: Viewer, item_id: UUID, *, now: datetime) -> ItemCard | None:
    """The item, or the work that the person started, of that id; None when it is not the person's to see."""
    item = session.scalars(
        sa.select(InboxItem).where(InboxItem.id == item_id, shown_to(viewer))
    ).one_or_none()
    if item is not None:
        return cards_of_items(session, viewer, [item], now=now)[0]
    own = shelf_of(Box.STARTED, viewer, EVERYTHING, now=now)
    work = session.scalars(
        sa.select(StartedWork).where(StartedWork.id == item_id, own.condition)
    ).one_or_none()
    return cards_of_works(session, [work], now=now)[0] if work else None


def get_item(session: Session, viewer: Viewer, item_id: UUID, *, now: datetime) -> ItemCard:
    """The same; Problem 404 when it is not the person's to see."""
    card = find_item(session, viewer, item_id, now=now)
    if card is None:
        raise errors.item_not_found()
    return card


def box_of(card: ItemCard, viewer: Viewer) -> Box | None:
    """In which box a card lies now; None for one that shows in no box, such as a withdrawn one."""
    if card.is_work:
        return Box.STARTED
    for_reading = card.role == READER
    if card.state == State.OPEN:
        return Box.TO_READ if for_reading else Box.TODO
    acted = viewer.person_id in (card.acted_person_id, card.for_person_id)
    if acted and card.state in DONE_STATES:
        return Box.READ if for_reading else Box.DONE
    return None


def _rows(session: Session, shelf: Shelf, *, after: str | None, limit: int) -> Sequence[Any]:
    wanted = sa.select(shelf.table).where(shelf.condition)
    if after is not None:
        moment, last_id = read_cursor(after, datetime, UUID)
        place = sa.tuple_(sa.literal(moment, shelf.at.type), sa.literal(last_id, shelf.table.id.type))
        wanted = wanted.where(sa.tuple_(shelf.at, shelf.table.id) < place)
    return session.scalars(wanted.order_by(shelf.at.desc(), shelf.table.id.desc()).limit(limit)).all()


def _cards(session: Session, viewer: Viewer, rows: Sequence[Any], *, now: datetime) -> list[ItemCard]:
    if rows and isinstance(rows[0], StartedWork):
        return cards_of_works(session, rows, now=now)
    return cards_of_items(session, viewer, rows, now=now)
