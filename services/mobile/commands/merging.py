"""Writing one group of an item's columns, unless a later event has written it already."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.mobile.models import Base

Row = TypeVar("Row", bound=Base)


def merge(
    session: Session, model: type[Row], key: UUID, *, group: str, sequence: int, facts: Mapping[str, Any]
) -> Row | None:
    """The row with that group as of that event; None when the event is no news."""
    mark = f"{group}_sequence"
    row = insert(model).values(id=key, **{mark: sequence}, **facts)
    statement = row.on_conflict_do_update(
        index_elements=["id"],
        set_={name: row.excluded[name] for name in (mark, *facts)},
        where=getattr(model, mark) < row.excluded[mark],
    ).returning(model)
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
