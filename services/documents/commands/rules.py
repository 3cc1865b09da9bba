"""Rules that differ by locality, set by an administrator, each change on record."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.models import AnnualQuotaRow, LengthLimitRow, SettingChange
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryUnit, get_unit
from shared.ids import new_id


def set_length_limit(
    session: Session, actor: Actor, clock: Clock, *, limit: Mapping[str, Any]
) -> LengthLimitRow:
    """Set the length limit of a scope from a day on, for all or for one organ."""
    if limit["unit_id"]:
        get_unit(session, limit["unit_id"])
    same = sa.select(LengthLimitRow).where(
        LengthLimitRow.scope == limit["scope"],
        LengthLimitRow.effective_from == limit["effective_from"],
        LengthLimitRow.unit_id.is_not_distinct_from(limit["unit_id"]),
    )
    row = session.scalars(same.with_for_update()).one_or_none()
    before = {"characters": row.characters} if row else {}
    if row is None:
        row = LengthLimitRow(id=new_id(), **limit)
        session.add(row)
    row.characters, row.source = limit["characters"], limit["source"]
    _note(session, actor, clock, what="length_limit", before=before, after=limit)
    return row


def set_quota(session: Session, actor: Actor, clock: Clock, *, quota: Mapping[str, Any]) -> AnnualQuotaRow:
    """Set how many documents may be issued under a code in a year (发文计划)."""
    _require_code(session, quota["code"])
    earlier = session.get(AnnualQuotaRow, (quota["code"], quota["year"]), with_for_update=True)
    before = {"documents": earlier.documents} if earlier else {}
    facts = {**quota, "set_at": clock.now(), "set_by_name": actor.person_name}
    row = insert(AnnualQuotaRow).values(**facts)
    session.execute(row.on_conflict_do_update(index_elements=["code", "year"], set_=facts))
    _note(session, actor, clock, what="annual_quota", before=before, after=quota)
    session.flush()
    return session.get_one(AnnualQuotaRow, (quota["code"], quota["year"]), populate_existing=True)


def _require_code(session: Session, code: str) -> None:
    in_use = sa.select(DirectoryUnit.id).where(
        DirectoryUnit.active, DirectoryUnit.issuing_codes.contains([code])
    )
    if session.scalars(in_use.limit(1)).first() is None:
        raise errors.issuing_code_nowhere(code)


def _note(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    session.add(
        SettingChange(
            id=new_id(),
            at=clock.now(),
            person_id=actor.person_id,
            person_name=actor.person_name,
            what=what,
            before=_plain(before),
            after=_plain(after),
        )
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | str | None) else str(value) for name, value in facts.items()
    }
