"""Over which units a figure may be asked: the acting post's organ and every unit below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile import errors
from shared.auth import Actor
from shared.directory import DirectoryUnit, get_organ

_unit = DirectoryUnit.__table__.c
_COLUMNS = (
    _unit.id, _unit.parent_id, _unit.name, _unit.short_name, _unit.level, _unit.division_code,
    _unit.issues_documents, _unit.active, _unit.position,
)  # fmt: skip
# The directory is a tree, but events may show a loop for a moment while units change places.
_DEEPEST = 20


def _tree() -> Any:
    tree = (
        sa.select(*_COLUMNS, sa.literal(0).label("depth"))
        .where(_unit.id == sa.bindparam("root"))
        .cte("tree", recursive=True)
    )
    below = sa.select(*_COLUMNS, tree.c.depth + 1).where(
        _unit.parent_id == tree.c.id, tree.c.depth < _DEEPEST
    )
    tree = tree.union_all(below)
    return sa.select(tree).order_by(tree.c.depth, tree.c.position, tree.c.id)


_TREE = _tree()


@dataclass(frozen=True)
class Scope:
    """A unit with everything below it, dissolved units included; nearest first."""

    root: UUID
    units: Mapping[UUID, Any]

    @cached_property
    def ids(self) -> list[UUID]:
        return list(self.units)

    @property
    def name(self) -> str:
        return str(self.units[self.root].name)

    def name_of(self, unit_id: UUID) -> str:
        """The unit's name; its id when the directory has not told it."""
        unit = self.units.get(unit_id)
        return unit.name if unit else str(unit_id)

    @cached_property
    def branches(self) -> Mapping[UUID, UUID]:
        """For each unit the one directly below the root that it belongs to; the root to itself."""
        branch = {self.root: self.root}
        for unit_id, unit in self.units.items():
            if unit_id != self.root:
                branch[unit_id] = unit_id if unit.parent_id == self.root else branch[unit.parent_id]
        return branch

    @cached_property
    def children(self) -> Sequence[UUID]:
        """The root and the units directly below it, in the directory's order."""
        return list(dict.fromkeys(self.branches[unit_id] for unit_id in self.units))


def scope_of(session: Session, actor: Actor, unit_id: UUID | None) -> Scope:
    """What was asked for within the actor's reach; Problem 404 for a unit beyond it."""
    assert actor.unit_id is not None
    reach = get_organ(session, actor.unit_id).id
    whole = _scope(session, reach)
    if unit_id is None or unit_id == reach:
        return whole
    if unit_id not in whole.units:
        raise errors.unit_not_found()
    return _scope(session, unit_id)


def _scope(session: Session, root: UUID) -> Scope:
    rows = session.execute(_TREE, {"root": root}).all()
    units: dict[UUID, Any] = {}
    for row in rows:
        units.setdefault(row.id, row)
    return Scope(root, units)
