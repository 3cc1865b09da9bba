"""Writing groups of an item's columns, each unless a later event has written it already."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.mobile.models import Base, InboxItem, StartedWork, SubjectFacts

# What the callers have to know of a row once it is written.
_TOLD: dict[type[Base], tuple[str, ...]] = {
    InboxItem: ("received_at", "state", "post_id", "acted_person_id", "for_person_id"),
    StartedWork: ("person_id",),
    SubjectFacts: ("title", "urgency", "number"),
}


def merge(
    session: Session, model: type[Base], key: UUID, *, sequence: int, groups: Mapping[str, Mapping[str, Any]]
) -> sa.Row[Any] | None:
    """The row with those groups as of that event, as far as it is told; None when the event is no news to any."""
    statement = _statement(model, tuple((group, tuple(facts)) for group, facts in groups.items()))
    row = {"id": key, **{f"{group}_sequence": sequence for group in groups}}
    for facts in groups.values():
        row |= facts
    return session.execute(statement, row).one_or_none()


def lock_subject(session: Session, subject_id: UUID) -> sa.Row[Any]:
    """The names of a subject, locked until commit, whether they are known or not."""
    return session.execute(_LOCK_SUBJECT, {"id": subject_id}).one()


@cache
def _statement(model: type[Base], groups: tuple[tuple[str, tuple[str, ...]], ...]) -> Any:
    """Made once for each kind of event, for it is run for all of them."""
    table: Any = model.__table__
    row = insert(table)
    written, is_news = {}, []
    for group, facts in groups:
        mark = f"{group}_sequence"
        is_later = table.c[mark] < row.excluded[mark]
        is_news.append(is_later)
        for name in (mark, *facts):
            written[name] = sa.case((is_later, row.excluded[name]), else_=table.c[name])
    return row.on_conflict_do_update(index_elements=["id"], set_=written, where=sa.or_(*is_news)).returning(
        *(table.c[name] for name in _TOLD[model])
    )


def _lock_statement() -> Any:
    table: Any = SubjectFacts.__table__
    row = insert(table)
    # Writing the id over itself locks the row until commit, also when it has just been made.
    return row.on_conflict_do_update(index_elements=["id"], set_={"id": row.excluded.id}).returning(
        *(table.c[name] for name in _TOLD[SubjectFacts])
    )


_LOCK_SUBJECT = _lock_statement()
