"""Whose tasks the supervisors of an organ look at: those that their organ supervises, and the organs below it."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.queries.visibility import own_units
from shared.auth import Actor
from shared.directory import DirectoryUnit

# The directory is a tree, but events may show a loop for a moment while units change places.
_DEEPEST = 20


def organ_of_actor(session: Session, actor: Actor) -> UUID | None:
    """The organ of the acting post; None when the directory does not know it yet."""
    units = own_units(session, actor)
    return units[-1] if units else None


def list_scope(session: Session, actor: Actor, *, unit_id: UUID | None = None) -> list[UUID]:
    """The organ of the acting post and all units below it, or one of them; Problem 404 for a unit outside of it."""
    organ_id = organ_of_actor(session, actor)
    units = _list_tree(session, organ_id) if organ_id else []
    if unit_id is None:
        return units
    if unit_id not in units:
        raise errors.unit_out_of_scope(unit_id)
    return [unit_id]


def unit_names(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of units, dissolved ones too."""
    known = sa.select(DirectoryUnit.id, DirectoryUnit.name).where(DirectoryUnit.id.in_(unit_ids))
    return {row.id: row.name for row in session.execute(known)}


def _list_tree(session: Session, organ_id: UUID) -> list[UUID]:
    tree = (
        sa.select(DirectoryUnit.id, sa.literal(0).label("depth"))
        .where(DirectoryUnit.id == organ_id)
        .cte("tree", recursive=True)
    )
    below = (
        sa.select(DirectoryUnit.id, tree.c.depth + 1)
        .join(tree, DirectoryUnit.parent_id == tree.c.id)
        .where(tree.c.depth < _DEEPEST)
    )
    return list(session.scalars(sa.select(tree.union_all(below).c.id)))
