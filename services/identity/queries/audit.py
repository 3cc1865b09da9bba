"""The audit log of this service, for the audit administrator."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit import AuditEntry


def list_audit_entries(
    session: Session,
    *,
    person_id: UUID | None,
    action: str | None,
    outcome: str | None,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[AuditEntry]:
    """Entries that match, latest first, `limit + 1` at most."""
    found = sa.select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if person_id is not None:
        found = found.where(AuditEntry.person_id == person_id)
    if action:
        found = found.where(AuditEntry.action == action)
    if outcome:
        found = found.where(AuditEntry.outcome == outcome)
    if since is not None:
        found = found.where(AuditEntry.at >= since)
    if until is not None:
        found = found.where(AuditEntry.at < until)
    if after is not None:
        found = found.where(sa.tuple_(AuditEntry.at, AuditEntry.id) < sa.tuple_(*after))
    return list(session.scalars(found.limit(limit + 1)))
