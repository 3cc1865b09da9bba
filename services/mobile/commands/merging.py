"""Writing one group of an item's columns, unless a later event has written it already."""

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
    session: Session, model: type[Base], key: UUID, *, group: str, sequence: int, facts: Mapping[str, Any]
) -> sa.Row[Any] | None:
    """The row with that group as of that event, as far as it is told; None when the event is no news."""
    statement = _statement(model, group, tuple(facts))
    return session.execute(statement, {"id": key, f"{group}_sequence": sequence, **facts}).one_or_none()


def lock_subject(session: Session, subject_id: UUID) -> sa.Row[Any]:
    """The names of a subject, locked until commit, whether they are known or not."""
    return session.execute(_LOCK_SUBJECT, {"id": subject_id}).one()


@cache
def _statement(model: type[Base], group: str, facts: tuple[str, ...]) -> Any:
    """Made once for each kind of event, for it is run for all of them."""
    mark = f"{group}_sequence"
    table: Any = model.__table__
    row = insert(table)
    return row.on_conflict_do_update(
        index_elements=["id"],
        set_={name: row.excluded[name] for name in (mark, *facts)},
        where=table.c[mark] < row.excluded[mark],
    ).returning(*(table.c[name] for name in _TOLD[model]))


def _lock_statement() -> Any:
    table: Any = SubjectFacts.__table__
    row = insert(table)
    # Writing the id over itself locks the row until commit, also when it has just been made.
    return row.on_conflict_do_update(index_elements=["id"], set_={"id": row.excluded.id}).returning(
        *(table.c[name] for name in _TOLD[SubjectFacts])
    )


_LOCK_SUBJECT = _lock_statement()
