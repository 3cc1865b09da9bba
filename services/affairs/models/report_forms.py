"""One form for all (一表同享): recurring report forms, the fields they share, and what units filled in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class SharedField(Base):
    """A field of the dictionary that all forms share: what it is called, measured in, and which values it takes."""

    __tablename__ = "shared_field"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.CheckConstraint(
            "kind IN ('text', 'integer', 'number', 'date', 'boolean', 'choice')", name="kind_known"
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    measure: Mapped[str] = mapped_column(default="")
    choices: Mapped[list[str]]
    note: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class ReportForm(Base):
    """A recurring form of one organ: what it asks of which units, how often, and by when.

    `overlap` is what it asked that was collected already when it was proposed; such a form is `held` until somebody
    else than its proposer decides. `due_days` are working days after the end of a period.
    """

    __tablename__ = "report_form"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "name"),
        sa.Index("ix_report_form_unit_id", "unit_id", "id"),
        sa.CheckConstraint("period IN ('month', 'quarter', 'year')", name="period_known"),
        sa.CheckConstraint("state IN ('held', 'in_force', 'refused', 'ended')", name="state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    name: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    period: Mapped[str]
    due_days: Mapped[int] = mapped_column(sa.Integer)
    starts_on: Mapped[date]
    state: Mapped[str]
    overlap: Mapped[list[dict[str, Any]]]
    reason: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime]
    proposed_by_name: Mapped[str]
    proposed_by_post_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class ReportFormField(Base):
    """A field that a form asks for."""

    __tablename__ = "report_form_field"
    __table_args__ = (sa.Index("ix_report_form_field_field_code", "field_code"),)

    form_id: Mapped[UUID] = mapped_column(sa.ForeignKey("report_form.id"), primary_key=True)
    field_code: Mapped[str] = mapped_column(sa.ForeignKey("shared_field.code"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer)
    required: Mapped[bool]


class ReportFormUnit(Base):
    """A unit that must fill a form."""

    __tablename__ = "report_form_unit"
    __table_args__ = (sa.Index("ix_report_form_unit_unit_id", "unit_id"),)

    form_id: Mapped[UUID] = mapped_column(sa.ForeignKey("report_form.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_name: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)


class FieldValue(Base):
    """What a unit filled in for a field and period (`2026-11`, `2026Q4`, `2026`): once, whichever form asked first."""

    __tablename__ = "field_value"

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    field_code: Mapped[str] = mapped_column(sa.ForeignKey("shared_field.code"), primary_key=True)
    value: Mapped[Any] = mapped_column(postgresql.JSONB())
    form_id: Mapped[UUID] = mapped_column(sa.ForeignKey("report_form.id"))
    filled_at: Mapped[datetime]
    filled_by_name: Mapped[str]
    corrected_at: Mapped[datetime | None]


class FieldCorrection(Base):
    """A correction of a value: what it was, what it is, who and why."""

    __tablename__ = "field_correction"
    __table_args__ = (sa.Index("ix_field_correction_unit_id", "unit_id", "period", "field_code", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    period: Mapped[str]
    field_code: Mapped[str] = mapped_column(sa.ForeignKey("shared_field.code"))
    before: Mapped[Any] = mapped_column(postgresql.JSONB())
    after: Mapped[Any] = mapped_column(postgresql.JSONB())
    reason: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_id: Mapped[UUID | None]


class ReportFiling(Base):
    """One unit's filling of one form for one period; `work_id` is set while somebody has it to do."""

    __tablename__ = "report_filing"
    __table_args__ = (
        sa.UniqueConstraint("form_id", "unit_id", "period"),
        sa.Index("ix_report_filing_unit_id", "unit_id", "id"),
        sa.Index(
            "ix_report_filing_waiting",
            "id",
            postgresql_where=sa.text("state = 'open' AND work_id IS NULL"),
        ),
        sa.Index("ix_report_filing_open", "due_at", postgresql_where=sa.text("filed_at IS NULL")),
        sa.CheckConstraint("state IN ('open', 'filed', 'dropped')", name="state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_id: Mapped[UUID] = mapped_column(sa.ForeignKey("report_form.id"))
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    period: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    filed_by_name: Mapped[str] = mapped_column(default="")
    in_time: Mapped[bool | None]
    reused: Mapped[int] = mapped_column(sa.Integer, default=0)
    asked: Mapped[int] = mapped_column(sa.Integer, default=0)
    work_id: Mapped[UUID | None]
