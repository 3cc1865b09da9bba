"""Assessment (督考合一): findings, published scores, appeals and corrections. What was published is never changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.supervision.models.base import Base

_POINTS = sa.Numeric(8, 2)


class Finding(Base):
    """What an assessor put down about a unit that no event tells; `event_id` is the event that told it."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.CheckConstraint("points > 0", name="points_are_taken_off"),
        sa.Index("ix_finding_unit_id", "unit_id", "id"),
        sa.Index("ix_finding_lead_unit_id", "lead_unit_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    lead_unit_id: Mapped[UUID]
    lead_unit_name: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    points: Mapped[Decimal] = mapped_column(_POINTS)
    task_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("task.id"))
    about_event_id: Mapped[UUID | None]
    reason: Mapped[str]
    on: Mapped[date]
    event_id: Mapped[UUID]
    recorded_at: Mapped[datetime]
    recorded_by_name: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str] = mapped_column(default="")
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class Assessment(Base):
    """The scores that an organ published for a period, as they were computed at `computed_at` by the named rules."""

    __tablename__ = "assessment"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "period_from", "period_to"),
        sa.CheckConstraint("period_from <= period_to", name="period_has_days"),
        sa.Index("ix_assessment_unit_id", "unit_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    title: Mapped[str]
    period_from: Mapped[date]
    period_to: Mapped[date]
    computed_at: Mapped[datetime]
    base: Mapped[Decimal] = mapped_column(_POINTS)
    rule_subject: Mapped[str]
    rule_revision: Mapped[int] = mapped_column(sa.Integer)
    appeal_by: Mapped[datetime | None]
    published_at: Mapped[datetime]
    published_by_name: Mapped[str]


class AssessmentScore(Base):
    """A unit's score as it was published, with every line of it."""

    __tablename__ = "assessment_score"
    __table_args__ = (sa.Index("ix_assessment_score_unit_id", "unit_id", "assessment_id"),)

    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_name: Mapped[str]
    score: Mapped[Decimal] = mapped_column(_POINTS)
    place: Mapped[int] = mapped_column(sa.Integer)
    lines: Mapped[list[dict[str, Any]]]


class Appeal(Base):
    """A unit's appeal against its published score (申诉); at most one waits for its answer."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.CheckConstraint("state IN ('made', 'accepted', 'refused')", name="state_known"),
        sa.Index(
            "uq_appeal_made",
            "assessment_id",
            "unit_id",
            unique=True,
            postgresql_where=sa.text("state = 'made'"),
        ),
        sa.Index("ix_appeal_unit_id", "unit_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id"))
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    line_keys: Mapped[list[str]]
    reason: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


class AppealFile(Base):
    """What proves an appeal."""

    __tablename__ = "appeal_file"
    __table_args__ = (sa.Index("ix_appeal_file_appeal_id", "appeal_id", "added_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(sa.ForeignKey("appeal.id"))
    name: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str]
    added_at: Mapped[datetime]
    added_by_name: Mapped[str]


class Correction(Base):
    """Points added to a published score, or taken off when negative; rows are only added."""

    __tablename__ = "correction"
    __table_args__ = (
        sa.CheckConstraint("points <> 0", name="points_change"),
        sa.Index("ix_correction_assessment_id", "assessment_id", "unit_id", "corrected_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assessment.id"))
    unit_id: Mapped[UUID]
    points: Mapped[Decimal] = mapped_column(_POINTS)
    line_keys: Mapped[list[str]]
    reason: Mapped[str]
    appeal_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("appeal.id"))
    corrected_at: Mapped[datetime]
    corrected_by_name: Mapped[str]
