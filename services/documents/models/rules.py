"""Rules that differ by locality: defaults are seeded by a migration, an administrator adds rows by date."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models.base import Base


class LengthLimitRow(Base):
    """From that day on, how many characters a document of this scope should not exceed; `unit_id` None is for all."""

    __tablename__ = "length_limit"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "scope", "effective_from", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID | None]
    scope: Mapped[str]
    characters: Mapped[int] = mapped_column(sa.Integer)
    effective_from: Mapped[date]
    source: Mapped[str]


class AnnualQuotaRow(Base):
    """How many documents may be issued under an issuing code in a year (发文计划)."""

    __tablename__ = "annual_quota"

    code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    documents: Mapped[int] = mapped_column(sa.Integer)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


class SettingChange(Base):
    """Who changed which local rule, when, from what to what."""

    __tablename__ = "setting_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    what: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
