"""Topics (议题): calls for them, what units put forward, and the advice that others gave on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class TopicCall(Base):
    """A call for topics (征集议题) of an organ, to some units, until a closing day."""

    __tablename__ = "topic_call"
    __table_args__ = (
        sa.Index("ix_topic_call_unit_id", "unit_id", "id"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    meeting_kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    unit_ids: Mapped[list[UUID]]
    state: Mapped[str]
    correlation_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Topic(Base):
    """What a unit wants a meeting to decide.

    `unit_id` is the organ whose meeting it is for, `submitting_unit_id` the organ that put it forward. `coordinated`
    says how far the units involved agree, `coordination` how that came about (协调情况). `revision` is the ETag.
    `findings` are the warnings that were told when it was submitted and put up all the same.
    """

    __tablename__ = "topic"
    __table_args__ = (
        sa.Index("ix_topic_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_topic_unit_id", "unit_id", "state", "id"),
        sa.Index("ix_topic_meeting_id", "meeting_id"),
        sa.Index("ix_topic_call_id", "call_id"),
        sa.CheckConstraint(
            "coordinated IN ('none_needed', 'agreed', 'disputed', 'pending')", name="coordinated_known"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    submitting_unit_id: Mapped[UUID]
    submitting_unit_name: Mapped[str]
    call_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("topic_call.id"))
    meeting_kind: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]

    title: Mapped[str]
    content: Mapped[str]
    question: Mapped[str]
    units_involved: Mapped[list[dict[str, Any]]]
    coordinated: Mapped[str]
    coordination: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[dict[str, Any]]]
    terms: Mapped[list[str]] = mapped_column(deferred=True)

    submitter_person_id: Mapped[UUID | None]
    submitter_post_id: Mapped[UUID | None]
    submitter_name: Mapped[str]
    chair_post_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    pooled_at: Mapped[datetime | None]
    pool_reason: Mapped[str] = mapped_column(default="")
    meeting_id: Mapped[UUID | None]


class TopicAdvice(Base):
    """What one unit was asked on a topic (征求意见), and what it answered."""

    __tablename__ = "topic_advice"
    __table_args__ = (
        sa.Index("ix_topic_advice_topic_id", "topic_id", "asked_at"),
        sa.Index(
            "uq_topic_advice_waiting",
            "topic_id",
            "unit_id",
            unique=True,
            postgresql_where=sa.text("given_at IS NULL"),
        ),
        sa.CheckConstraint("stance IN ('agree', 'agree_with_changes', 'disagree')", name="stance_known"),
        sa.CheckConstraint("(stance IS NULL) = (given_at IS NULL)", name="given_with_stance"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(sa.ForeignKey("topic.id"))
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    post_ids: Mapped[list[UUID]]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    due_at: Mapped[datetime | None]
    stance: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime | None]
    given_by_name: Mapped[str] = mapped_column(default="")
    given_by_post: Mapped[str] = mapped_column(default="")
