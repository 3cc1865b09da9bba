"""What meetings decided (议定事项), and what became of it under supervision."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class Decision(Base):
    """One thing that somebody has to do; a draft until the minutes are approved, then it has its number.

    The columns that begin with `task_` are what supervision told of the task that it made of it. `task_state` is
    '' until there is one, then registered, established, rejected, cancelled or closed.
    """

    __tablename__ = "decision"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "position", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("task_id"),
        sa.Index("ix_decision_lead_unit_id", "lead_unit_id", "id"),
        sa.CheckConstraint(
            "task_state IN ('', 'registered', 'established', 'rejected', 'cancelled', 'closed')",
            name="task_state_known",
        ),
        sa.CheckConstraint("(number IS NULL) = (recorded_at IS NULL)", name="recorded_with_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    agenda_item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    position: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[str | None]
    text: Mapped[str]
    lead_unit_id: Mapped[UUID]
    lead_unit_name: Mapped[str]
    assistants: Mapped[list[dict[str, Any]]]
    due_on: Mapped[date]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    drafted_at: Mapped[datetime]
    drafted_by_name: Mapped[str]
    recorded_at: Mapped[datetime | None]

    waived_at: Mapped[datetime | None]
    waiver_reason: Mapped[str] = mapped_column(default="")
    waived_by_name: Mapped[str] = mapped_column(default="")

    task_id: Mapped[UUID | None]
    task_state: Mapped[str] = mapped_column(default="")
    task_number: Mapped[str] = mapped_column(default="")
    task_light: Mapped[str] = mapped_column(default="")
    task_due_at: Mapped[datetime | None]
    task_original_due_at: Mapped[datetime | None]
    task_extensions: Mapped[int] = mapped_column(sa.Integer, default=0)
    task_progress: Mapped[int | None] = mapped_column(sa.Integer)
    task_slips: Mapped[list[dict[str, Any]]]
    task_outcome: Mapped[str] = mapped_column(default="")
    task_in_time: Mapped[bool | None]
    task_ended_at: Mapped[datetime | None]
