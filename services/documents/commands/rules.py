"""Rules that differ by locality, set by an administrator, each change on record."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.local_rules import YEARLY_PLAN
from shared.auth import Actor
from shared.clock import Clock
from shared.dated_rules import RuleVersion, set_rule
from shared.directory import DirectoryUnit


def set_quota(session: Session, actor: Actor, clock: Clock, *, quota: Mapping[str, Any]) -> RuleVersion:
    """Set how many documents may be issued under a code in a year (发文计划)."""
    _require_code(session, quota["code"])
    return set_rule(
        session,
        actor,
        clock,
        table=YEARLY_PLAN,
        subject=quota["code"],
        value={"documents": quota["documents"]},
        valid_from=date(quota["year"], 1, 1),
        reason=quota["reason"],
    )


def _require_code(session: Session, code: str) -> None:
    in_use = sa.select(DirectoryUnit.id).where(
        DirectoryUnit.active, DirectoryUnit.issuing_codes.contains([code])
    )
    if session.scalars(in_use.limit(1)).first() is None:
        raise errors.issuing_code_nowhere(code)
