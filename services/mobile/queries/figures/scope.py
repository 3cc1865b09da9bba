"""Over which units a figure may be asked: the acting post's organ and every unit below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile import errors
from shared.auth import Actor
from shared.directory import unit_unknown

_COLUMNS = "id, parent_id, name, level, division_code, issues_documents, active, position"
# The directory is a tree, but events may show a loop for a moment while units change places (20 is deep enough).
# The organ is the unit itself or the nearest above that may issue documents; what is above the organ has a depth below
# zero.
_REACH = (
    sa.text(
        f"""
    WITH RECURSIVE line AS (
        SELECT {_COLUMNS}, 0 AS distance FROM directory_unit WHERE id = :unit_id
        UNION ALL
        SELECT {", ".join(f"above.{name}" for name in _COLUMNS.split(", "))}, distance + 1
        FROM line JOIN directory_unit AS above ON above.id = line.parent_id WHERE distance < 20
    ), organ AS (
        SELECT id, distance FROM line WHERE issues_documents ORDER BY distance LIMIT 1
    ), tree AS (
        SELECT {_COLUMNS}, 0 AS depth FROM directory_unit WHERE id = (SELECT id FROM organ)
        UNION ALL
        SELECT {", ".join(f"below.{name}" for name in _COLUMNS.split(", "))}, depth + 1
        FROM tree JOIN directory_unit AS below ON below.parent_id = tree.id WHERE depth < 20
    )
    SELECT {_COLUMNS}, depth FROM tree
    UNION ALL
    SELECT {_COLUMNS}, (SELECT distance FROM organ) - distance FROM line
    WHERE distance > (SELECT distance FROM organ)
    ORDER BY depth, position, id
    """  # noqa: S608 (no input in it)
    )
    .bindparams(sa.bindparam("unit_id", type_=sa.Uuid()))
    .columns(*map(sa.column, (*_COLUMNS.split(", "), "depth")))
)


@dataclass(frozen=True)
class Scope:
    """A unit with everything below it, dissolved units included, nearest first; and what is above it, nearest first."""

    root: UUID
    units: Mapping[UUID, Any]
    above: Sequence[UUID] = ()

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

    def line_of(self, unit_id: UUID) -> list[UUID]:
        """A unit of the scope and those above it, also those above the scope, nearest first."""
        line = [unit_id]
        while line[-1] != self.root:
            line.append(self.units[line[-1]].parent_id)
        return [*line, *self.above]

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

    def below(self, unit_id: UUID) -> "Scope":
        """The part of the scope that is one of its units with everything below that."""
        return Scope(unit_id, dict(self._tree_of(unit_id)), self.line_of(unit_id)[1:])

    def _tree_of(self, root: UUID) -> Iterator[tuple[UUID, Any]]:
        inside = {root}
        # Nearest first, so that a unit comes after the one that it is in.
        for unit_id, unit in self.units.items():
            if unit_id == root or unit.parent_id in inside:
                inside.add(unit_id)
                yield unit_id, unit


def scope_of(session: Session, actor: Actor, unit_id: UUID | None) -> Scope:
    """What was asked for within the actor's reach; Problem 404 for a unit beyond it."""
    assert actor.unit_id is not None
    whole = _reach(session, actor.unit_id)
    if unit_id is None or unit_id == whole.root:
        return whole
    if unit_id not in whole.units:
        raise errors.unit_not_found()
    return whole.below(unit_id)


def _reach(session: Session, unit_id: UUID) -> Scope:
    """The unit's organ and everything below it."""
    rows = session.execute(_REACH, {"unit_id": unit_id}).all()
    units: dict[UUID, Any] = {}
    for row in rows:
        if row.depth >= 0:
            units.setdefault(row.id, row)
    if not units:
        raise unit_unknown(unit_id)
    above = [row.id for row in reversed(rows) if row.depth < 0]
    return Scope(next(iter(units)), units, above)
