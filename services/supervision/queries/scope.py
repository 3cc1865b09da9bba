"""Which organs a post speaks for: its own, and those that its organ's supervisors look after.

The unit tree decides. An organ looks after itself and everything under it; a general office (政府办公室, with its
督查室) speaks for the government whose office it is, so that it looks after everything under that.
"""

from collections.abc import Collection
from typing import NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision import errors
from shared.auth import Actor
from shared.db import Prepared
from shared.directory import DirectoryUnit, list_line

Scope = NewType("Scope", str)
"""Units as PostgreSQL writes an array of them: read by one statement and given to the next as it is."""

# The directory is a tree, but events may show a loop for a moment while units change places.
_DEEPEST = 20
GENERAL_OFFICE = "general_office"


# From a unit up to its organ, the head of all that this organ looks after, and everything under the head; of a single
# unit `shared.directory.looks_after` says the same.
_TREE = f"""
WITH RECURSIVE line AS (
    SELECT id, parent_id, kind, issues_documents, 0 AS distance FROM directory_unit WHERE id = :unit_id
    UNION ALL
    SELECT above.id, above.parent_id, above.kind, above.issues_documents, distance + 1
    FROM line JOIN directory_unit AS above ON above.id = line.parent_id
    WHERE NOT line.issues_documents AND distance < {_DEEPEST}
), organ AS (
    SELECT id, CASE WHEN kind = '{GENERAL_OFFICE}' THEN parent_id END AS head_id
    FROM line ORDER BY distance DESC LIMIT 1
), tree AS (
    -- The government of a general office may not be known here yet.
    SELECT coalesce(head.id, organ.id) AS id, 0 AS depth
    FROM organ LEFT JOIN directory_unit AS head ON head.id = organ.head_id
    UNION ALL
    SELECT below.id, depth + 1
    FROM tree JOIN directory_unit AS below ON below.parent_id = tree.id
    WHERE depth < {_DEEPEST}
)
SELECT array_agg(id)::text FROM tree
"""  # noqa: S608 (no input in it)
_LOOKED_AFTER = Prepared(
    sa.text(_TREE).bindparams(sa.bindparam("unit_id", type_=sa.Uuid())).columns(sa.column("ids", sa.Text())),
    planned_once=True,
)
_NAMES = sa.select(DirectoryUnit.id, DirectoryUnit.name).where(
    DirectoryUnit.id == sa.any_(sa.bindparam("ids", type_=postgresql.ARRAY(sa.Uuid())))
)


def own_units(session: Session, actor: Actor) -> list[UUID]:
    """The actor's unit and those above it up to its organ."""
    units: list[UUID] = []
    for unit in list_line(session, actor.unit_id) if actor.unit_id else []:
        units.append(unit.id)
        if unit.issues_documents:
            break
    return units


def organ_of_actor(session: Session, actor: Actor) -> UUID | None:
    """The organ of the acting post; None when the directory does not know it yet."""
    unit = session.get(DirectoryUnit, actor.unit_id) if actor.unit_id else None
    if unit is not None and unit.issues_documents:
        return unit.id
    units = own_units(session, actor)
    return units[-1] if units else None


def list_scope(session: Session, actor: Actor) -> list[UUID]:
    """All units that the acting post's organ looks after."""
    units = read_scope(session, actor)[1:-1]
    return [UUID(unit_id) for unit_id in units.split(",")] if units else []


def read_scope(session: Session, actor: Actor, *, unit_id: UUID | None = None) -> Scope:
    """The same for another statement, or one of these units; Problem 404 for a unit outside of them."""
    ((read,),) = _LOOKED_AFTER.rows(session, {"unit_id": actor.unit_id}) if actor.unit_id else ((None,),)
    units = Scope(read or "{}")
    if unit_id is None:
        return units
    if str(unit_id) not in units:
        raise errors.unit_out_of_scope(unit_id)
    return Scope(f"{{{unit_id}}}")


def unit_names(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of units, dissolved ones too."""
    return {row.id: row.name for row in session.execute(_NAMES, {"ids": list(unit_ids)})}
