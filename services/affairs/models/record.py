"""What is kept beside a case: history, sight, files, trips, stops of the clock, supervision, broken promises."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base
from shared.history import ActColumns


class CaseAct(ActColumns, Base):
    """One act of a case's history (办理过程)."""

    __tablename__ = "case_act"
    __table_args__ = (sa.Index("ix_case_act_case_id", "case_id", "at", "id"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))


class CaseAccess(Base):
    """Who may see a case: a post, a person, or the windows of an organ, each with the reason."""

    __tablename__ = "case_access"
    __table_args__ = (sa.Index("ix_case_access_case_id", "case_id"),)

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"), primary_key=True)
    reason: Mapped[str]


class AffairsFile(Base):
    """An uploaded file: its uploader's alone until it belongs to a case or is a matter's template."""

    __tablename__ = "affairs_file"
    __table_args__ = (
        sa.Index("ix_affairs_file_case_id", "case_id"),
        sa.CheckConstraint("case_id IS NULL OR matter_id IS NULL", name="of_one_thing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("affairs_case.id"))
    matter_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("matter.id"))
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str]
    name: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by_person_id: Mapped[UUID | None]
    uploaded_by_name: Mapped[str]


class Trip(Base):
    """Somebody came in person (跑动), and why."""

    __tablename__ = "trip"
    __table_args__ = (sa.Index("ix_trip_case_id", "case_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    noted_by_name: Mapped[str]


class ClockStop(Base):
    """A time at which the clock of a case stood still; `half_days` of working time when it is over."""

    __tablename__ = "clock_stop"
    __table_args__ = (
        sa.Index("uq_clock_stop_open", "case_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_clock_stop_case_id", "case_id"),
        sa.CheckConstraint("(ended_at IS NULL) = (half_days IS NULL)", name="counted_when_over"),
        sa.CheckConstraint("cause IN ('补正', '现场勘验', '专家评审', '公示')", name="cause_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    cause: Mapped[str]
    reason: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    half_days: Mapped[int | None] = mapped_column(sa.Integer)
    stopped_by_name: Mapped[str]


class SupervisedTask(Base):
    """What supervision told of a task (督查事项) that a case led to."""

    __tablename__ = "supervised_task"
    __table_args__ = (
        sa.Index("ix_supervised_task_case_id", "case_id"),
        sa.CheckConstraint(
            "state IN ('registered', 'established', 'rejected', 'cancelled', 'closed')", name="state_known"
        ),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    registered_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class BrokenPromise(Base):
    """A promise that did not hold: owed materials never came, or a declaration was false. It stays on record."""

    __tablename__ = "broken_promise"
    __table_args__ = (
        sa.UniqueConstraint("material_id"),
        sa.Index("ix_broken_promise_unit_id", "unit_id", "at"),
        sa.CheckConstraint("kind IN ('deferred', 'declared')", name="kind_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("affairs_case.id"))
    material_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case_material.id"))
    kind: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
