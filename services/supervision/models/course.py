"""What happens while a task is worked on: plan, feedback, requests, rests, reminders and slips."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.supervision.models.base import Base


class TaskGoal(Base):
    """What the lead plans to have done by the end of a day (阶段目标)."""

    __tablename__ = "task_goal"
    __table_args__ = (sa.CheckConstraint("progress BETWEEN 1 AND 100", name="progress_is_percent"),)

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    progress: Mapped[int] = mapped_column(sa.Integer)
    text: Mapped[str] = mapped_column(default="")


class TaskFeedback(Base):
    """A report on a task: periodic feedback of the lead (`lead`), an assistant's part (`assistant`), or a reply
    document that was issued (`document`). `due_at` is the feedback asked for that it answered.
    """

    __tablename__ = "task_feedback"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('lead', 'assistant', 'document')", name="kind_known"),
        sa.Index("ix_task_feedback_task_id", "task_id", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))
    kind: Mapped[str]
    unit_id: Mapped[UUID]
    progress: Mapped[int] = mapped_column(sa.Integer)
    report: Mapped[str]
    problems: Mapped[str] = mapped_column(default="")
    in_time: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[datetime | None]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_id: Mapped[UUID | None]


class TaskRequest(Base):
    """The lead asked for more time (延期), or to return the task (退回); at most one waits for its answer."""

    __tablename__ = "task_request"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('extension', 'return')", name="kind_known"),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'lapsed')", name="state_known"),
        sa.Index("ix_task_request_task_id", "task_id", "asked_at"),
        sa.Index(
            "uq_task_request_asked", "task_id", unique=True, postgresql_where=sa.text("state = 'asked'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))
    kind: Mapped[str]
    unit_id: Mapped[UUID]
    reason: Mapped[str]
    until: Mapped[datetime | None]
    due_before: Mapped[datetime | None]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


class TaskRest(Base):
    """A time in which a task rested (中止) and its clock stood still."""

    __tablename__ = "task_rest"

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    reason: Mapped[str]
    due_before: Mapped[datetime | None]
    due_after: Mapped[datetime | None]


class TaskReminder(Base):
    """A set point that was seen to; the key keeps each to once per date."""

    __tablename__ = "task_reminder"

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True)
    post_ids: Mapped[list[UUID]]
    sent_at: Mapped[datetime]


class TaskSlip(Base):
    """A slip blue, orange or red that was issued: by the ladder once per colour and date, or by hand."""

    __tablename__ = "task_slip"
    __table_args__ = (
        sa.CheckConstraint("colour IN ('blue', 'orange', 'red')", name="colour_known"),
        sa.Index("ix_task_slip_task_id", "task_id", "issued_at"),
        sa.Index(
            "uq_task_slip_ladder",
            "task_id",
            "due_at",
            "colour",
            unique=True,
            postgresql_where=sa.text("NOT by_hand"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))
    due_at: Mapped[datetime]
    colour: Mapped[str]
    by_hand: Mapped[bool]
    issued_by_name: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID]
    to_post_id: Mapped[UUID | None]
    reason: Mapped[str]
    issued_at: Mapped[datetime]
