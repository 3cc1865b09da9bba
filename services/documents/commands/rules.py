"""Rules that differ by locality, set by an administrator, each change on record."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.local_rules import YEARLY_PLAN
from shared.auth import Actor
from shared.clock import Clock
from shared.dated_rules import RuleVersion, set_rule
from shared.directory import DirectoryUnit, require_administered_or_own
from shared.events.documents import DocumentQuotaSet
from shared.messaging.outbox import record


def set_quota(session: Session, actor: Actor, clock: Clock, *, quota: Mapping[str, Any]) -> RuleVersion:
    """Set how many documents may be issued under a code in a year (发文计划).

    Problem 404 unless the actor administers the organ that issues under it, or is of its office.
    """
    unit_id = _unit_of_code(session, quota["code"])
    require_administered_or_own(session, actor, unit_id)
    version = set_rule(
        session,
        actor,
        clock,
        table=YEARLY_PLAN,
        subject=quota["code"],
        value={"documents": quota["documents"]},
        valid_from=date(quota["year"], 1, 1),
        reason=quota["reason"],
    )
    told = DocumentQuotaSet(
        document_quota_id=uuid5(NAMESPACE_URL, f"urn:yiwang:documents:plan:{quota['code']}:{quota['year']}"),
        unit_id=unit_id,
        code=quota["code"],
        year=quota["year"],
        documents=quota["documents"],
        set_at=clock.now(),
    )
    record(session, actor, told)
    return version


def _unit_of_code(session: Session, code: str) -> UUID:
    in_use = sa.select(DirectoryUnit.id).where(
        DirectoryUnit.active, DirectoryUnit.issuing_codes.contains([code])
    )
    unit_id = session.scalars(in_use.order_by(DirectoryUnit.position, DirectoryUnit.id).limit(1)).first()
    if unit_id is None:
        raise errors.issuing_code_nowhere(code)
    return unit_id
