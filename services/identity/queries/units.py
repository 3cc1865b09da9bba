"""Units: one, and many."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.errors import unit_not_found
from services.identity.models import Post, Unit


def get_unit(session: Session, unit_id: UUID) -> Unit:
    """The unit in force; Problem 404 when there is none."""
    unit = session.get(Unit, unit_id)
    if unit is None or unit.dissolved_at is not None:
        raise unit_not_found()
    return unit


def list_units(
    session: Session,
    *,
    parent_id: UUID | None,
    search: str | None,
    after: tuple[int, UUID] | None,
    limit: int,
) -> list[Unit]:
    """Units in force in list order, `limit + 1` at most: those below a parent, or with the text in a name."""
    found = sa.select(Unit).where(Unit.dissolved_at.is_(None)).order_by(Unit.position, Unit.id)
    if parent_id is not None:
        found = found.where(Unit.parent_id == parent_id)
    if search:
        found = found.where(
            sa.or_(
                Unit.name.contains(search, autoescape=True), Unit.short_name.contains(search, autoescape=True)
            )
        )
    if after is not None:
        found = found.where(sa.tuple_(Unit.position, Unit.id) > sa.tuple_(*after))
    return list(session.scalars(found.limit(limit + 1)))


def count_below(session: Session, unit_id: UUID) -> tuple[int, int]:
    """How many units stand directly below, and how many posts the unit has."""
    units = session.scalar(
        sa.select(sa.func.count()).where(Unit.parent_id == unit_id, Unit.dissolved_at.is_(None))
    )
    posts = session.scalar(
        sa.select(sa.func.count()).where(Post.unit_id == unit_id, Post.abolished_at.is_(None))
    )
    return units or 0, posts or 0
