"""Units, one at a time."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.identity import errors
from services.identity.commands.directory import change_directory, require_scope
from services.identity.commands.telling import lock_directory
from services.identity.domain.directory import Wanted
from services.identity.domain.units import UnitFacts
from services.identity.models import Unit
from services.identity.queries.facts import load_directory
from services.identity.queries.units import get_unit
from shared.auth import Actor
from shared.clock import Clock


def register_unit(
    session: Session, actor: Actor, clock: Clock, *, parent_id: UUID | None, particulars: dict[str, Any]
) -> Unit:
    """Enter a unit in the directory, below one that the actor administers."""
    lock_directory(session)
    facts = UnitFacts(**particulars, parent_code=_parent_code(session, actor, parent_id))
    if facts.code in load_directory(session).units:
        raise errors.directory_refused({"code": [f"编码{facts.code}已被使用"]})
    carrier = change_directory(session, actor, clock, wanted=Wanted.of(units=[facts]))
    return get_unit(session, carrier.unit_ids[facts.code])


def correct_unit(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    unit_id: UUID,
    parent_id: UUID | None,
    particulars: dict[str, Any],
    expected_revision: int | None,
) -> Unit:
    """Rename, move or otherwise correct a unit; the code stays for good."""
    lock_directory(session)
    unit = get_unit(session, unit_id)
    require_scope(session, actor, unit.id)
    if expected_revision not in (None, unit.revision):
        raise errors.edited_meanwhile()
    before = load_directory(session).units[unit.code]
    parent_code = before.parent_code
    if parent_id != unit.parent_id:
        parent_code = _parent_code(session, actor, parent_id)
    wanted = Wanted.of(units=[replace(before, **particulars, parent_code=parent_code)])
    change_directory(session, actor, clock, wanted=wanted)
    return unit


def _parent_code(session: Session, actor: Actor, parent_id: UUID | None) -> str | None:
    if parent_id is None:
        return None
    require_scope(session, actor, parent_id)
    return get_unit(session, parent_id).code
