"""Which rows lie in which box: the one place that lists, counts, exports and streams agree on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.mobile.domain.boxes import DONE_STATES, READER, Box, State
from services.mobile.models import InboxItem, StartedWork
from services.mobile.queries.viewer import Viewer
from shared.search import found_by

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a person narrows a box to; None and empty mean everything."""

    system: str = ""
    kind: str = ""
    urgency: str = ""
    overdue: bool | None = None
    post_id: UUID | None = None
    subject_id: UUID | None = None
    q: str = ""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A box as a table, the condition for its rows, and the column that it is sorted by, newest first."""

    table: Any
    condition: Condition
    at: Any


def shelf_of(box: Box, viewer: Viewer, filters: Filters, *, now: datetime) -> Shelf:
    """What lies in that box of that person, narrowed."""
    if box is Box.STARTED:
        own = [StartedWork.person_id == viewer.person_id, StartedWork.opened_sequence > 0]
        narrowed = _narrowed(StartedWork, filters, _work_is_overdue(now))
        return Shelf(table=StartedWork, condition=sa.and_(*own, *narrowed), at=StartedWork.started_at)
    narrowed = _narrowed(InboxItem, filters, _item_is_overdue(now))
    condition = sa.and_(_lies_in(box, viewer), *narrowed)
    at = InboxItem.received_at if box in (Box.TODO, Box.TO_READ) else InboxItem.done_at
    return Shelf(table=InboxItem, condition=condition, at=at)


def shown_to(viewer: Viewer) -> Condition:
    """Items that the person has, had, or acted on, whatever their state."""
    return sa.and_(InboxItem.received_at.is_not(None), sa.or_(_held_by(viewer), _acted_by(viewer)))


def _lies_in(box: Box, viewer: Viewer) -> Condition:
    for_reading = InboxItem.role == READER
    part = for_reading if box in (Box.TO_READ, Box.READ) else sa.not_(for_reading)
    if box in (Box.TODO, Box.TO_READ):
        return sa.and_(
            InboxItem.state == State.OPEN.value,
            InboxItem.received_at.is_not(None),
            part,
            _held_by(viewer),
        )
    return sa.and_(
        _acted_by(viewer),
        InboxItem.received_at.is_not(None),
        InboxItem.state.in_([state.value for state in DONE_STATES]),
        part,
    )


def _held_by(viewer: Viewer) -> Condition:
    """Items of the person's own posts, and those that a delegation covers."""
    held: list[Condition] = [InboxItem.post_id.in_(viewer.posts)]
    for standing in viewer.standings:
        of_post = InboxItem.post_id == standing.post_id
        kinds = InboxItem.work_kind.in_(standing.work_kinds)
        held.append(sa.and_(of_post, kinds) if standing.work_kinds else of_post)
    return sa.or_(*held)


def _acted_by(viewer: Viewer) -> Condition:
    """What the person did, and what a colleague did in the person's name."""
    return sa.or_(InboxItem.acted_person_id == viewer.person_id, InboxItem.for_person_id == viewer.person_id)


def _narrowed(table: Any, filters: Filters, is_overdue: Condition) -> list[Condition]:
    plain = {name: getattr(filters, name) for name in ("system", "urgency", "post_id", "subject_id")}
    narrowed: list[Condition] = [getattr(table, name) == value for name, value in plain.items() if value]
    if filters.kind:
        narrowed.append(sa.or_(table.document_kind == filters.kind, table.subject_kind == filters.kind))
    if filters.overdue is not None:
        narrowed.append(is_overdue if filters.overdue else sa.not_(is_overdue))
    if filters.q:
        narrowed.append(found_by(table.terms, filters.q))
    return narrowed


def _item_is_overdue(now: datetime) -> Condition:
    """Past its deadline: still open now, or done too late."""
    late = InboxItem.deadline < sa.func.coalesce(InboxItem.done_at, now)
    return sa.func.coalesce(late, sa.false())


def _work_is_overdue(now: datetime) -> Condition:
    """Some item of the work is open and past its deadline."""
    return sa.exists().where(
        InboxItem.work_id == StartedWork.id,
        InboxItem.state == State.OPEN.value,
        InboxItem.deadline < now,
    )
