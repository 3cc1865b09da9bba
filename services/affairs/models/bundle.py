"""One-thing bundles (一件事): what belongs together, and each application for one of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base
from shared.history import DeedColumns


class Bundle(Base):
    """One bundle, the same through all versions; `unit_id` is the organ that takes applications in (一门受理)."""

    __tablename__ = "bundle"
    __table_args__ = (sa.UniqueConstraint("unit_id", "code"), sa.Index("ix_bundle_unit_id", "unit_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    code: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    withdrawn_on: Mapped[date | None]
    withdraw_reason: Mapped[str] = mapped_column(default="")


class BundleVersion(Base):
    """One version of a bundle; a published one never changes.

    `parts` are its matters in the order of the definition: `matter_id`, and in `after` the matters that must be granted
    before. `intake_post_ids` are the posts that check applications; when empty, whoever has the right to.
    """

    __tablename__ = "bundle_version"
    __table_args__ = (
        sa.UniqueConstraint("bundle_id", "number"),
        sa.Index(
            "uq_bundle_version_draft", "bundle_id", unique=True, postgresql_where=sa.text("state = 'draft'")
        ),
        sa.CheckConstraint("state IN ('draft', 'published')", name="state_known"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at_a_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bundle_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bundle.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str]
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    parts: Mapped[list[dict[str, Any]]]
    intake_post_ids: Mapped[list[UUID]]
    saved_at: Mapped[datetime]
    saved_by_name: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str] = mapped_column(default="")


class BundleApplication(Base):
    """One application for a bundle, on the version that was in force; its cases name it in `bundle_id`.

    `promised_days` is the longest path, and `due_at` its end, counted from the acceptance. `missing` is what the intake
    asked to be completed. `revision` is the ETag.
    """

    __tablename__ = "bundle_application"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "number"),
        sa.Index("ix_bundle_application_bundle_id", "bundle_id", "id"),
        sa.Index(
            "ix_bundle_application_due_at",
            "due_at",
            postgresql_where=sa.text("finished_at IS NULL AND overdue_at IS NULL"),
        ),
        sa.CheckConstraint(
            "state IN ('checking', 'completing', 'under_way', 'finished', 'not_accepted', 'withdrawn')",
            name="state_known",
        ),
        sa.CheckConstraint("channel IN ('web', 'phone', 'window')", name="channel_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    work_id: Mapped[UUID | None]
    bundle_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bundle.id"))
    bundle_version: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    state: Mapped[str]
    applicant_unit_id: Mapped[UUID]
    applicant_unit_name: Mapped[str]
    applicant_post_id: Mapped[UUID]
    applicant_person_id: Mapped[UUID | None]
    applicant_name: Mapped[str]
    channel: Mapped[str]
    applied_at: Mapped[datetime]
    completion_asked_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    missing: Mapped[list[dict[str, Any]]]
    accepted_at: Mapped[datetime | None]
    promised_days: Mapped[int] = mapped_column(sa.Integer)
    due_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]
    in_time: Mapped[bool | None]


class BundlePart(Base):
    """The case of an application that is for one of its matters; `after` are the matters that it waits for."""

    __tablename__ = "bundle_part"
    __table_args__ = (
        sa.UniqueConstraint("case_id"),
        sa.Index("ix_bundle_part_open", "application_id", postgresql_where=sa.text("ended_at IS NULL")),
        sa.CheckConstraint(
            "state IN ('waiting', 'checking', 'handling', 'granted', 'refused', 'blocked', 'withdrawn')",
            name="state_known",
        ),
    )

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bundle_application.id"), primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matter.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    position: Mapped[int] = mapped_column(sa.Integer)
    after: Mapped[list[UUID]]
    promised_days: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class BundleAct(DeedColumns, Base):
    """One act of an application's history."""

    __tablename__ = "bundle_act"
    __table_args__ = (sa.Index("ix_bundle_act_application_id", "application_id", "at", "id"),)

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bundle_application.id"))


class BundleAccess(Base):
    """Who may see an application: a post, a person, or the windows of an organ, each with the reason."""

    __tablename__ = "bundle_access"
    __table_args__ = (sa.Index("ix_bundle_access_application_id", "application_id"),)

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bundle_application.id"), primary_key=True)
    reason: Mapped[str]
