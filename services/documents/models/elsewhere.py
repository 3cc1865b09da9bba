"""What other services have to do with documents: minutes that are to be drafted, tasks that supervise a document."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models.base import Base


class ApprovedMinutes(Base):
    """Approved minutes (纪要) that are to be drafted, or were: `told` is what meetings said of them.

    While `document_id` is empty they wait, with the reason; the newest approval counts.
    """

    __tablename__ = "approved_minutes"
    __table_args__ = (
        sa.Index(
            "ix_approved_minutes_waiting", "approved_at", postgresql_where=sa.text("document_id IS NULL")
        ),
    )

    minutes_id: Mapped[UUID] = mapped_column(primary_key=True)
    approved_at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
    correlation_id: Mapped[UUID]
    causation_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")


class DocumentTask(Base):
    """A supervised task (督查事项) as its document shows it.

    Events may come in any order, so a row may know its light before its document; without one it is shown nowhere.
    `light_at` and `state_at` are when those were so, and nothing older replaces them.
    """

    __tablename__ = "document_task"
    __table_args__ = (sa.Index("ix_document_task_document_id", "document_id", "task_id"),)

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    light: Mapped[str] = mapped_column(default="")
    light_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="")
    state_at: Mapped[datetime | None]
    in_time: Mapped[bool | None]
    conclusion: Mapped[str] = mapped_column(default="")
