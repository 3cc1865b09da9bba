"""The audit log: who did what, when, from where, with what result, in a chain that shows any change.

An entry is written in the business transaction. A timer seals new entries in batches, giving each its number and
the hash over itself and its predecessor, so that writers never wait for each other on the chain's end.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.auth.actor import Actor
from shared.db import FoundationBase
from shared.ids import new_id

GENESIS = "0" * 64
SEALING_LOCK = 0x5345414C  # "SEAL"
SECRET_NAMES = ("password", "token", "secret", "code")


class AuditEntry(FoundationBase):
    """One act. `seal_number` and `seal` are empty until the entry has been chained."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_unsealed", "id", postgresql_where=sa.text("seal_number IS NULL")),
        sa.Index("ix_audit_entry_at", "at", "id"),
        sa.Index("ix_audit_entry_person_id", "person_id", "at"),
        sa.Index("ix_audit_entry_unit_id", "unit_id", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    service: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[str]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    source: Mapped[str]
    subject: Mapped[str]
    correlation_id: Mapped[UUID]
    details: Mapped[dict[str, Any]]
    seal_number: Mapped[int | None] = mapped_column(sa.BigInteger, unique=True)
    seal: Mapped[str | None]


_NOTE = sa.insert(AuditEntry.__table__)  # type: ignore[arg-type]


def note(
    session: Session,
    actor: Actor,
    *,
    at: datetime,
    action: str,
    outcome: str = "success",
    subject: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Keep an act; details under a name that speaks of a secret are left out."""
    session.execute(
        _NOTE,
        {
            "id": new_id(),
            "at": at,
            "service": session.info["service"],
            "action": action,
            "outcome": outcome,
            "person_id": actor.person_id,
            "person_name": actor.person_name,
            "post_id": actor.post_id,
            "unit_id": actor.unit_id,
            "source": actor.source,
            "subject": subject,
            "correlation_id": actor.correlation_id,
            "details": without_secrets(details or {}),
        },
    )


def success_noted(action: str, *, of: sa.FromClause, **given: sa.ColumnElement[Any]) -> sa.Insert:
    """The same for a command that is one statement: a successful act for each row of that, by what is given of it."""
    service = action.partition(".")[0]
    row = {
        "service": sa.literal_column(f"'{service}'"),
        "action": sa.literal_column(f"'{action}'"),
        "outcome": sa.literal_column("'success'"),
        "details": sa.literal_column("'{}'::jsonb"),
        **given,
    }
    return sa.insert(AuditEntry).from_select(list(row), sa.select(*row.values()).select_from(of))


def without_secrets(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details without what must never be written down, however deep it lies."""
    return {
        name: _without_secrets(item)
        for name, item in details.items()
        if not any(secret in name.lower() for secret in SECRET_NAMES)
    }


def _without_secrets(item: Any) -> Any:
    if isinstance(item, Mapping):
        return without_secrets(item)
    return [_without_secrets(part) for part in item] if isinstance(item, list | tuple) else item


def seal_entries(session: Session, *, limit: int = 1000) -> int:
    """Chain the entries that are not yet chained, oldest first; returns how many. One sealer at a time."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(SEALING_LOCK)))
    last = session.execute(
        sa.select(AuditEntry.seal_number, AuditEntry.seal)
        .where(AuditEntry.seal_number.is_not(None))
        .order_by(AuditEntry.seal_number.desc())
        .limit(1)
    ).first()
    number, seal = (last.seal_number or 0, last.seal or GENESIS) if last else (0, GENESIS)
    entries = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.seal_number.is_(None)).order_by(AuditEntry.id).limit(limit)
    ).all()
    for entry in entries:
        number += 1
        seal = _seal(entry, number, seal)
        entry.seal_number, entry.seal = number, seal
    session.flush()
    return len(entries)


def broken_links(session: Session) -> Iterator[int]:
    """The seal numbers whose entry was changed, removed or put in after sealing."""
    previous, expected = GENESIS, 1
    rows = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.seal_number.is_not(None))
        .order_by(AuditEntry.seal_number)
        .execution_options(yield_per=1000)
    )
    for entry in rows:
        number = entry.seal_number or 0
        if number != expected or entry.seal != _seal(entry, number, previous):
            yield number
        previous, expected = entry.seal or GENESIS, number + 1


def _seal(entry: AuditEntry, number: int, previous: str) -> str:
    facts = {
        column.key: _plain(getattr(entry, column.key))
        for column in sa.inspect(AuditEntry).columns
        if column.key not in ("seal", "seal_number")
    }
    text = json.dumps([previous, number, facts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value
