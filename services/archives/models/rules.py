"""Rules that differ by locality and unit: retention schedules by day, and how each fonds numbers its items."""

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


class FondsSetting(Base):
    """How a fonds (全宗) numbers its items and what it is called; a fonds without a row uses the defaults.

    Each division's archive counts its fonds by itself, so a fonds is named by both codes. `unit_codes` maps the id of
    an inner office to its 机构代码 in archival numbers; `default_unit_code` is for
    documents that name no office.
    """

    __tablename__ = "fonds_setting"

    division_code: Mapped[str] = mapped_column(primary_key=True)
    fonds_code: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    template: Mapped[str]
    category: Mapped[str]
    name: Mapped[str]
    archive_name: Mapped[str]
    archive_code: Mapped[str]
    default_unit_code: Mapped[str]
    unit_codes: Mapped[dict[str, str]]


class SettingChange(Base):
    """Who changed which setting, when, from what to what. Rows are only added."""

    __tablename__ = "setting_change"
    __table_args__ = (sa.Index("ix_setting_change_at", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    what: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
