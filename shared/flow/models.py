"""Definitions, running flows and work items, in the database of the service whose work they route."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import FoundationBase


class FlowStatus(StrEnum):
    """Where a running flow stands."""

    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


class ItemStatus(StrEnum):
    """Where a work item stands; only an open one can be worked on."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


class FlowDefinition(FoundationBase):
    """One uploaded version of a flow; a trigger keeps it as it is, since instances stay on theirs."""

    __tablename__ = "flow_definition"
    __table_args__ = (
        sa.UniqueConstraint("key", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str]
    digest: Mapped[str]
    xml: Mapped[bytes]
    uploaded_at: Mapped[datetime]
    uploaded_by_person_id: Mapped[UUID | None]
    uploaded_by_name: Mapped[str]


class FlowInstance(FoundationBase):
    """A subject on its way through a flow.

    Every verb locks this row first, so that acts on one flow come one after the other. `undo_state` is the state
    before the last completion, by `undo_item_id`, and lets exactly that one be withdrawn. Subject facts are the
    newest that the service gave; items keep those of their own time. Work of a simple life cycle has no definition.
    """

    __tablename__ = "flow_instance"
    __table_args__ = (
        sa.Index(
            "uq_flow_instance_running",
            "subject_id",
            unique=True,
            postgresql_where=sa.text("status = 'running'"),
        ),
        sa.Index("ix_flow_instance_subject_id", "subject_id"),
        sa.CheckConstraint("status IN ('running', 'ended', 'stopped')", name="status_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    definition_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("flow_definition.id"))
    subject_id: Mapped[UUID]
    subject_kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    document_kind: Mapped[str]
    urgency: Mapped[str]
    link: Mapped[str]
    unit_id: Mapped[UUID]
    correlation_id: Mapped[UUID]
    status: Mapped[str]
    state: Mapped[dict[str, Any]]
    undo_state: Mapped[dict[str, Any] | None]
    undo_item_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    started_by_person_id: Mapped[UUID | None]
    started_by_post_id: Mapped[UUID | None]
    started_by_unit_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class WorkItem(FoundationBase):
    """One post's part in one step of a flow, or its copy to read.

    `task_id` is the step's arrival in the engine's state and `arrival_id` the same for counting: items with one
    arrival decide together when the step is done. `opened_by_item_id` is the item whose completion opened this
    one, `closed_by_item_id` the item that made it needless.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        sa.Index(
            "ix_work_item_open",
            "post_id",
            sa.text("received_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index(
            "ix_work_item_done",
            "acted_person_id",
            sa.text("done_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("status = 'done'"),
        ),
        sa.Index("ix_work_item_post_id", "post_id", "subject_id"),
        sa.Index("ix_work_item_subject_id", "subject_id", "received_at"),
        sa.Index("ix_work_item_instance_id", "instance_id"),
        sa.Index(
            "ix_work_item_deadline",
            "deadline",
            postgresql_where=sa.text("status = 'open' AND deadline IS NOT NULL"),
        ),
        sa.CheckConstraint("role IN ('lead', 'assistant', 'signer', 'reader')", name="role_known"),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'returned', 'withdrawn', 'transferred', 'cancelled')",
            name="status_known",
        ),
        sa.CheckConstraint("(role = 'reader') = (task_id IS NULL)", name="reader_has_no_task"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(sa.ForeignKey("flow_instance.id"))
    subject_id: Mapped[UUID]
    step_id: Mapped[str]
    step_name: Mapped[str]
    task_id: Mapped[UUID | None]
    arrival_id: Mapped[UUID]
    post_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    role: Mapped[str]
    status: Mapped[str]
    work_kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    urgency: Mapped[str]
    sender_person_id: Mapped[UUID | None]
    sender_name: Mapped[str]
    sender_post_id: Mapped[UUID | None]
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    acted_person_id: Mapped[UUID | None]
    acted_person_name: Mapped[str] = mapped_column(default="")
    acted_post_id: Mapped[UUID | None]
    for_person_id: Mapped[UUID | None]
    for_post_id: Mapped[UUID | None]
    reminders: Mapped[int] = mapped_column(sa.Integer, default=0)
    reminded_at: Mapped[datetime | None]
    opened_by_item_id: Mapped[UUID | None]
    closed_by_item_id: Mapped[UUID | None]
