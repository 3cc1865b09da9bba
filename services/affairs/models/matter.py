"""Matters (事项) of the catalogue, with all their versions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class Matter(Base):
    """One matter of one organ, the same through all versions; its code is its organ's alone for ever.

    From `withdrawn_on` nobody can apply for it any more. `revision` counts changes of drafts and is the ETag.
    """

    __tablename__ = "matter"
    __table_args__ = (sa.UniqueConstraint("unit_id", "code"), sa.Index("ix_matter_unit_id", "unit_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    code: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    withdrawn_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(default="")


class MatterVersion(Base):
    """One version of what the catalogue says of a matter; a published one never changes.

    `materials` are the rules of `domain/materials.py`, `form` a JSON Schema, `joint` the departments that take part
    (`unit_id`, `unit_name`, `post_id` that does their part when nobody else is chosen). Days are working days;
    `promised_minutes` from the acceptance on is the promise of an instant matter (即办件).
    """

    __tablename__ = "matter_version"
    __table_args__ = (
        sa.UniqueConstraint("matter_id", "number"),
        sa.Index(
            "uq_matter_version_draft", "matter_id", unique=True, postgresql_where=sa.text("state = 'draft'")
        ),
        sa.Index("ix_matter_version_in_force", "matter_id", "effective_on", "number"),
        sa.Index("ix_matter_version_terms", "terms", postgresql_using="gin"),
        sa.CheckConstraint("state IN ('draft', 'published')", name="state_known"),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at_a_time"),
        sa.CheckConstraint("state = 'draft' OR effective_on IS NOT NULL", name="published_from_a_day"),
        sa.CheckConstraint("promised_days <= legal_days", name="promise_within_law"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matter.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str]
    name: Mapped[str]
    parent_name: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    office_id: Mapped[UUID | None]
    office_name: Mapped[str] = mapped_column(default="")
    applicants: Mapped[list[str]]
    basis: Mapped[list[str]]
    conditions: Mapped[list[str]]
    instant: Mapped[bool]
    legal_days: Mapped[int] = mapped_column(sa.Integer)
    promised_days: Mapped[int] = mapped_column(sa.Integer)
    promised_minutes: Mapped[int] = mapped_column(sa.Integer, server_default="60")
    original_materials: Mapped[int] = mapped_column(sa.Integer)
    materials: Mapped[list[dict[str, Any]]]
    original_trips: Mapped[int] = mapped_column(sa.Integer)
    trips: Mapped[int] = mapped_column(sa.Integer)
    channels: Mapped[list[str]]
    form: Mapped[dict[str, Any]]
    flow_key: Mapped[str]
    joint: Mapped[list[dict[str, Any]]]
    handler_post_ids: Mapped[list[UUID]]
    decider_post_ids: Mapped[list[UUID]]
    result_name: Mapped[str] = mapped_column(default="")
    result_code: Mapped[str] = mapped_column(default="")
    delivery: Mapped[list[str]]
    fee: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    supervision_contact: Mapped[str] = mapped_column(default="")
    confidential: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    terms: Mapped[list[str]] = mapped_column(deferred=True)
    effective_on: Mapped[date | None]
    saved_at: Mapped[datetime]
    saved_by_name: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str] = mapped_column(default="")

    @property
    def online(self) -> bool:
        """Whether it can be done from end to end without anybody coming."""
        return (
            not self.confidential
            and bool({"web", "phone"} & set(self.channels))
            and "online" in self.delivery
        )
