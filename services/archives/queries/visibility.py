"""Whose archives a person keeps: those of the own organ (机关) and of every unit below it in the directory."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.auth import Actor
from shared.directory import DirectoryUnit, list_line

# The directory is a tree, but events may show a loop for a moment while units change places.
DEEPEST = 20


def kept_by(session: Session, actor: Actor, owner: InstrumentedAttribute[UUID]) -> sa.ColumnElement[bool]:
    """The condition that the owning unit is one whose archives the actor keeps; the system keeps all."""
    if actor.is_system:
        return sa.true()
    organ_id = find_organ_id(session, actor)
    return owner.in_(_tree(organ_id)) if organ_id else sa.false()


def find_organ_id(session: Session, actor: Actor) -> UUID | None:
    """The organ of the actor's post: its unit, or the nearest above that may issue documents."""
    line = list_line(session, actor.unit_id) if actor.unit_id else []
    return next((unit.id for unit in line if unit.issues_documents), None)


def list_kept_fonds(session: Session, actor: Actor, *, fonds_code: str | None = None) -> list[DirectoryUnit]:
    """The units that the actor keeps and that have a fonds of their own, all or those of one number, in list order."""
    wanted = sa.select(DirectoryUnit).where(
        kept_by(session, actor, DirectoryUnit.id), DirectoryUnit.fonds_code.is_not(None)
    )
    if fonds_code is not None:
        wanted = wanted.where(DirectoryUnit.fonds_code == fonds_code)
    return list(session.scalars(wanted.order_by(DirectoryUnit.position, DirectoryUnit.code)))


def _tree(organ_id: UUID) -> Any:
    tree = (
        sa.select(DirectoryUnit.id, sa.literal(0).label("depth"))
        .where(DirectoryUnit.id == organ_id)
        .cte("tree", recursive=True)
    )
    below = (
        sa.select(DirectoryUnit.id, tree.c.depth + 1)
        .join(tree, DirectoryUnit.parent_id == tree.c.id)
        .where(tree.c.depth < DEEPEST)
    )
    return sa.select(tree.union_all(below).c.id)
