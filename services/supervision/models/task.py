"""A supervised task (督查事项) with its parties, history, requests, feedback, plan, files and links."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.supervision.models.base import Base
from shared.history import ActColumns


class Task(Base):
    """One matter of one supervising organ.

    `unit_id` is the organ that supervises, `lead_unit_id` the lead (主办). The limit is a date (`due_on`) or a number
    of working half days (`half_days`) from the assignment; `due_at` is the date that holds, `original_due_at` the one
    of the assignment, `dated_at` when `due_at` came to hold. `next_at` is when something happens by itself next: a
    light turns, a reminder or slip is due, a feedback is missed, the time for rating ends. `revision` counts changes
    and is the ETag. `cause` tells apart what one item of another service can give rise to; `external_ref` is the
    number of an imported matter at its source.
    """

    __tablename__ = "task"
    __table_args__ = (
        sa.Index("ix_task_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_task_unit_id", "unit_id", "id"),
        sa.Index("ix_task_lead_unit_id", "lead_unit_id", "id"),
        sa.Index("ix_task_parent_id", "parent_id"),
        sa.Index("ix_task_origin_id", "origin_id"),
        sa.Index("ix_task_next_at", "next_at", postgresql_where=sa.text("next_at IS NOT NULL")),
        sa.Index(
            "uq_task_cause",
            "origin_system",
            "origin_id",
            "cause",
            unique=True,
            postgresql_where=sa.text("cause <> ''"),
        ),
        sa.Index(
            "uq_task_external_ref",
            "unit_id",
            "source",
            "external_ref",
            unique=True,
            postgresql_where=sa.text("external_ref <> ''"),
        ),
        sa.UniqueConstraint("unit_id", "number"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="progress_is_percent"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score_known"),
        sa.CheckConstraint("due_on IS NULL OR half_days IS NULL", name="one_limit"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    work_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    unit_name: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("task.id"))
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("task.id"))
    state: Mapped[str]
    rests_from: Mapped[str | None]

    source: Mapped[str]
    title: Mapped[str]
    content: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str] = mapped_column(default="")
    number: Mapped[str | None]
    external_ref: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    origin_system: Mapped[str] = mapped_column(default="")
    origin_kind: Mapped[str] = mapped_column(default="")
    origin_id: Mapped[UUID | None]
    origin_title: Mapped[str] = mapped_column(default="")
    origin_number: Mapped[str] = mapped_column(default="")
    origin_link: Mapped[str] = mapped_column(default="")
    instruction: Mapped[str] = mapped_column(default="")
    instructor_post_id: Mapped[UUID | None]
    instructor_name: Mapped[str] = mapped_column(default="")
    terms: Mapped[list[str]] = mapped_column(deferred=True)

    # The supervisor who looks after it, the leader who approved it or is shown it, and who has it in hand.
    officer_post_id: Mapped[UUID | None]
    leader_post_id: Mapped[UUID | None]
    leader_name: Mapped[str] = mapped_column(default="")
    lead_unit_id: Mapped[UUID | None]
    lead_unit_name: Mapped[str] = mapped_column(default="")
    lead_post_id: Mapped[UUID | None]
    holder_post_id: Mapped[UUID | None]
    holder_name: Mapped[str] = mapped_column(default="")

    due_on: Mapped[date | None]
    half_days: Mapped[int | None] = mapped_column(sa.Integer)
    original_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    dated_at: Mapped[datetime | None]
    extensions: Mapped[int] = mapped_column(sa.Integer, default=0)
    progress: Mapped[int] = mapped_column(sa.Integer, default=0)
    light: Mapped[str] = mapped_column(default="grey")
    light_turned_at: Mapped[datetime | None]
    sign_by: Mapped[datetime | None]
    feedback_half_days: Mapped[int | None] = mapped_column(sa.Integer)
    feedback_due_at: Mapped[datetime | None]
    rate_by: Mapped[datetime | None]
    next_at: Mapped[datetime | None]

    registered_at: Mapped[datetime]
    registered_by_name: Mapped[str] = mapped_column(default="")
    established_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    signed_for_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    closure_asked_at: Mapped[datetime | None]
    reported_in_time: Mapped[bool | None]
    conclusion: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    score: Mapped[int | None] = mapped_column(sa.Integer)
    rating: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    record_digest: Mapped[str] = mapped_column(default="")


class TaskParty(Base):
    """A unit that takes part: the lead (主办) or an assistant (协办)."""

    __tablename__ = "task_party"
    __table_args__ = (
        sa.CheckConstraint("role IN ('lead', 'assistant')", name="role_known"),
        sa.Index("uq_task_party_lead", "task_id", unique=True, postgresql_where=sa.text("role = 'lead'")),
        sa.Index("ix_task_party_unit_id", "unit_id", "task_id"),
    )

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit_name: Mapped[str]
    post_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(sa.Integer)


class TaskAct(ActColumns, Base):
    """One act in a task's history: who, in which post, on whose behalf, did what, saying what."""

    __tablename__ = "task_act"
    __table_args__ = (sa.Index("ix_task_act_task_id", "task_id", "at", "id"),)

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))


class TaskAccess(Base):
    """Who may see a task beside supervising staff: a post by itself, or a unit that takes part or leads the whole.

    For a unit (`lead`, `assistant`, `whole`) the reader needs a permission in it; `services.supervision.queries.
    visibility` says which.
    """

    __tablename__ = "task_access"
    __table_args__ = (
        sa.CheckConstraint(
            "reason IN ('lead', 'assistant', 'whole', 'work_item', 'instructor')", name="reason_known"
        ),
        sa.Index("ix_task_access_holder_id", "holder_id", "reason", "task_id"),
    )

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)


class TaskLink(Base):
    """An item of another service, or another task, that belongs to a task: what answers it, what follows from it."""

    __tablename__ = "task_link"
    __table_args__ = (sa.Index("ix_task_link_item_id", "item_id"),)

    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    system: Mapped[str]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]


class EarlyWord(Base):
    """That a document was answered (`reply`) or closed, for tasks of which it is the origin and that are made later.

    `unit_id` is the organ of the document that tells it.
    """

    __tablename__ = "early_word"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('reply', 'origin_closed')", name="kind_known"),
        sa.Index("ix_early_word_told_at", "told_at"),
    )

    origin_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    system: Mapped[str]
    item_kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    link: Mapped[str]
    answered_by_id: Mapped[UUID | None]
    told_at: Mapped[datetime]


class TaskFile(Base):
    """A file of a task: what it is about, or what proves what was done (佐证材料)."""

    __tablename__ = "task_file"
    __table_args__ = (sa.Index("ix_task_file_task_id", "task_id", "added_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(sa.ForeignKey("task.id"))
    title: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str]
    added_at: Mapped[datetime]
    added_by_person_id: Mapped[UUID | None]
    added_by_name: Mapped[str]
