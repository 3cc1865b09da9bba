"""What is known of every closed document (办结文件), and what became of it here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.archives.models.base import Base


class FilingState(StrEnum):
    """Waiting is a gap; the other two are final."""

    WAITING = "waiting"
    FILED = "filed"
    NOT_FILED = "not_filed"


class ClosedDocument(Base):
    """A document that was closed and is to be decided on; written by the event alone, so that it always arrives.

    `dossier` names the JSON with all facts in the blob store (digest, size, media type, name). `reasons` say why the
    last attempt at filing failed; the next one is made at `next_attempt_at`. A decided row is final.
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


class NotFiledDecision(Base):
    """Why a closed document is not filed (不归档): the row of the schedule, and the sentence that explains it."""

    __tablename__ = "not_filed_decision"

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("closed_document.document_id"), primary_key=True)
    rule_code: Mapped[str]
    material: Mapped[str]
    source: Mapped[str]
    schedule_version: Mapped[str]
    explanation: Mapped[str]
    decided_at: Mapped[datetime]
