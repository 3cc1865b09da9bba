"""What is known of every closed document (办结文件), and what became of it here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.archives.models.base import Base


class FilingState(StrEnum):
    """Waiting is a gap; filed is final; not filed may be overruled by a person."""

    WAITING = "waiting"
    FILED = "filed"
    NOT_FILED = "not_filed"


class ClosedDocument(Base):
    """A document that was closed and is to be decided on; written by the event alone, so that it always arrives.

    `dossier` names the JSON with all facts in the blob store (digest, size, media type, name). `reasons` say why the
    last attempt at filing failed; the next one is made at `next_attempt_at`. A filed row is final; one that is not to
    be filed waits again when that is overruled.
    """

    __tablename__ = "closed_document"
    __table_args__ = (
        sa.Index("ix_closed_document_due", "next_attempt_at", postgresql_where=sa.text("state = 'waiting'")),
        sa.Index(
            "ix_closed_document_gap",
            "closed_at",
            "document_id",
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_closed_document_owner_unit_id", "owner_unit_id", "closed_at", "document_id"),
        sa.Index("ix_closed_document_closed_at", "closed_at", "document_id"),
        sa.CheckConstraint("state IN ('waiting', 'filed', 'not_filed')", name="state_known"),
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    correlation_id: Mapped[UUID]
    direction: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    owner_unit_id: Mapped[UUID]
    closed_at: Mapped[datetime]
    dossier: Mapped[dict[str, Any]]
    noted_at: Mapped[datetime]

    state: Mapped[str] = mapped_column(default=FilingState.WAITING)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    last_attempt_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    reasons: Mapped[list[str]] = mapped_column(default=list)


class RetentionRuling(Base):
    """A person's word on how long a closed document is kept (保管期限), against the schedule; None: not to be filed.

    Rows are only added, and the latest one holds.
    """

    __tablename__ = "retention_ruling"
    __table_args__ = (
        sa.Index("ix_retention_ruling_document_id", "document_id", "at", "id"),
        sa.CheckConstraint("retention IN ('Y', 'D30', 'D10')", name="retention_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("closed_document.document_id"))
    retention: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_title: Mapped[str]
    unit_name: Mapped[str]


class NotFiledDecision(Base):
    """Why a closed document was first decided not to be filed (不归档): the row of the schedule, or whose word, and the
    sentence that explains it."""

    __tablename__ = "not_filed_decision"

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("closed_document.document_id"), primary_key=True)
    rule_code: Mapped[str]
    material: Mapped[str]
    source: Mapped[str]
    schedule_version: Mapped[str]
    explanation: Mapped[str]
    decided_at: Mapped[datetime]
