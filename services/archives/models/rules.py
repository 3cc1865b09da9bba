"""Retention schedules by day and unit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.archives.models.base import Base


class RetentionScheduleVersion(Base):
    """A version of the retention schedule (保管期限表) from a day on, with the archive authority's consent.

    It holds for the organ `unit_id` and those below it that have none of their own; None is the schedule that every
    installation starts with. Versions are only added, because filed records name the one that they were decided by.
    """

    __tablename__ = "retention_schedule_version"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "version", postgresql_nulls_not_distinct=True),
        sa.UniqueConstraint("unit_id", "effective_from", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID | None]
    version: Mapped[str]
    effective_from: Mapped[date]
    approval: Mapped[str]
    rules: Mapped[list[dict[str, Any]]]
    put_at: Mapped[datetime]
    put_by_name: Mapped[str]
