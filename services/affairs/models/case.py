"""A case (办件) from application to its end, with what was filled in and handed in for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class Case(Base):
    """One application for one matter, handled by one organ on the version that was in force.

    `unit_id` is the organ that handles it and `applicant_unit_id` the one that applies. `flow_instance_id` is the
    matter's own flow, from acceptance on. `due_at` is the promise, moved by the time at which the clock stood still;
    `stopped_at` is set while it does. `verdict` is what the step that decides came to, `outcome` what was decided.
    Numbers are unique within the organ that handles. `revision` is the ETag.
    """

    __tablename__ = "affairs_case"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "number"),
        sa.Index("ix_affairs_case_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_affairs_case_matter_id", "matter_id", "applied_at"),
        sa.Index("ix_affairs_case_bundle_id", "bundle_id", postgresql_where=sa.text("bundle_id IS NOT NULL")),
        sa.Index("ix_affairs_case_applicant_unit_id", "applicant_unit_id", "id"),
        sa.Index(
            "ix_affairs_case_applicant_person_id",
            "applicant_person_id",
            "id",
            postgresql_where=sa.text("applicant_person_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_affairs_case_due_at",
            "due_at",
            postgresql_where=sa.text("state = 'handling' AND stopped_at IS NULL AND overdue_at IS NULL"),
        ),
        # Lists look for a rare value among the cases of an organ that has had many: without these through all of them.
        sa.Index("ix_affairs_case_state", "state", "id"),
        sa.Index("ix_affairs_case_outcome", "outcome", "id"),
        sa.Index("ix_affairs_case_channel", "channel", "id"),
        sa.Index("ix_affairs_case_late", "id", postgresql_where=sa.text("in_time IS false")),
        sa.Index(
            "ix_affairs_case_running",
            "due_at",
            postgresql_where=sa.text("decided_at IS NULL AND stopped_at IS NULL"),
        ),
        sa.Index("ix_affairs_case_rate_by", "rate_by", postgresql_where=sa.text("state = 'delivered'")),
        sa.CheckConstraint("channel IN ('web', 'phone', 'window')", name="channel_known"),
        sa.CheckConstraint("delivery IN ('online', 'window')", name="delivery_known"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score_known"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('granted', 'refused', 'withdrawn')", name="outcome_known"
        ),
        sa.CheckConstraint("(accepted_at IS NULL) = (due_at IS NULL)", name="due_from_acceptance"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    flow_instance_id: Mapped[UUID | None]
    bundle_id: Mapped[UUID | None]
    matter_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matter.id"))
    matter_version: Mapped[int] = mapped_column(sa.Integer)
    matter_name: Mapped[str]
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    instant: Mapped[bool]
    terms: Mapped[list[str]] = mapped_column(deferred=True)

    applicant_unit_id: Mapped[UUID]
    applicant_unit_name: Mapped[str]
    applicant_post_id: Mapped[UUID]
    applicant_person_id: Mapped[UUID | None]
    applicant_name: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    channel: Mapped[str]
    delivery: Mapped[str]
    form: Mapped[dict[str, Any]]

    applied_at: Mapped[datetime]
    promise: Mapped[str] = mapped_column(default="")
    promised_by_name: Mapped[str] = mapped_column(default="")
    promised_at: Mapped[datetime | None]
    completion_asked_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    missing: Mapped[list[dict[str, Any]]]
    accepted_at: Mapped[datetime | None]
    promised_days: Mapped[int] = mapped_column(sa.Integer)
    legal_days: Mapped[int] = mapped_column(sa.Integer)
    due_at: Mapped[datetime | None]
    original_due_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str | None]
    used_half_days: Mapped[int | None] = mapped_column(sa.Integer)
    in_time: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    delivered_at: Mapped[datetime | None]
    delivered_online: Mapped[bool | None]
    rate_by: Mapped[datetime | None]
    score: Mapped[int | None] = mapped_column(sa.Integer)
    comment: Mapped[str] = mapped_column(default="")
    rated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    record_digest: Mapped[str] = mapped_column(default="")
    trips: Mapped[int] = mapped_column(sa.Integer, default=0)


class CaseField(Base):
    """Where the value of one field of a case's form came from.

    `source` is `applicant`, or names what offered it (unit, person, case, document); `source_id` and `source_title`
    the item, `changed` says that the applicant changed what was offered.
    """

    __tablename__ = "case_field"

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_id: Mapped[UUID | None]
    source_title: Mapped[str] = mapped_column(default="")
    changed: Mapped[bool] = mapped_column(default=False)


class CaseMaterial(Base):
    """One material of a case, as its matter asked for it then, and how far it has come.

    `provided_by`, `state` and `source` are those of `domain/materials.py`. `source_id` and `source_title` name what a
    reused one came from, `department_unit_id` the organ that is asked for it; `valid_until` is its last good day.
    """

    __tablename__ = "case_material"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "code"),
        sa.Index("ix_case_material_awaited", "case_id", postgresql_where=sa.text("state = 'awaited'")),
        sa.Index("ix_case_material_due_at", "due_at", postgresql_where=sa.text("state = 'deferred'")),
        sa.CheckConstraint("provided_by IN ('applicant', 'department', 'system')", name="provider_known"),
        sa.CheckConstraint("source IN ('', 'given', 'reused', 'department', 'system')", name="source_known"),
        sa.CheckConstraint(
            "state IN ('missing', 'present', 'awaited', 'deferred', 'lapsed', 'declared', 'confirmed', 'false')",
            name="state_known",
        ),
        sa.CheckConstraint("state <> 'present' OR source <> ''", name="present_from_somewhere"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    code: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)
    provided_by: Mapped[str]
    required: Mapped[bool]
    state: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    source_id: Mapped[UUID | None]
    source_title: Mapped[str] = mapped_column(default="")
    department_unit_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("affairs_file.id"))
    due_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    given_by_name: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checked_by_name: Mapped[str] = mapped_column(default="")
    check_note: Mapped[str] = mapped_column(default="")
