"""The board's counters: how many tasks of which kind stand in which light, without looking at the tasks.

Triggers of the database keep them (migration supervision_0002): every change of a task adds rows to `BoardChange` in
the same transaction, so that they are exact and nobody waits for a counter; a timer folds those rows into `BoardCount`.
What is read is both together.
"""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.supervision.models.base import Base
from services.supervision.models.task import Task

# Stands where an id would: no lead, no leader, or, in a counter that leaves a dimension out, all of them together.
NOBODY = UUID(int=0)


class BoardChange(Base):
    """What one change of a task adds to its cell; not folded yet.

    `month` is when the task was established, as 202611. `handled` counts tasks that were given out, `running` those
    whose time goes on; `spent` is in working half days of the national calendar, to which each running task adds the
    half days of today's date since the calendar's first day.
    """

    __tablename__ = "board_change"
    __table_args__ = (sa.Index("ix_board_change_unit_id", "unit_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    unit_id: Mapped[UUID]
    lead_unit_id: Mapped[UUID]
    source: Mapped[str]
    leader_post_id: Mapped[UUID]
    light: Mapped[str]
    month: Mapped[int] = mapped_column(sa.Integer)
    tasks: Mapped[int] = mapped_column(sa.Integer)
    handled: Mapped[int] = mapped_column(sa.Integer)
    running: Mapped[int] = mapped_column(sa.Integer)
    spent: Mapped[int] = mapped_column(sa.BigInteger)


class BoardCount(Base):
    """The same, folded: one row for each light and each choice of dimensions, so that a question reads few rows.

    `level` says by bits which dimensions are told apart: 1 lead, 2 source, 4 leader. `period` is a month (202611), a
    year (2026), or 0 for all time.
    """

    __tablename__ = "board_count"

    level: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    lead_unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    leader_post_id: Mapped[UUID] = mapped_column(primary_key=True)
    light: Mapped[str] = mapped_column(primary_key=True)
    tasks: Mapped[int] = mapped_column(sa.BigInteger)
    handled: Mapped[int] = mapped_column(sa.BigInteger)
    running: Mapped[int] = mapped_column(sa.BigInteger)
    spent: Mapped[int] = mapped_column(sa.BigInteger)


class BoardDay(Base):
    """How many working half days the national calendar has up to the end of a day."""

    __tablename__ = "board_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    halves: Mapped[int] = mapped_column(sa.Integer)


class BoardBasis(Base):
    """Whether the calendar changed since the counters were made (one row)."""

    __tablename__ = "board_basis"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    stale: Mapped[bool]


# Late ones, the longest late first, of an organ or of one lead; and one light, newest first.
_LATE = Task.light == "red"
sa.Index("ix_task_late", Task.unit_id, Task.due_at, Task.id, postgresql_where=_LATE)
sa.Index(
    "ix_task_late_of_lead", Task.unit_id, Task.lead_unit_id, Task.due_at, Task.id, postgresql_where=_LATE
)
sa.Index("ix_task_light", Task.unit_id, Task.light, Task.id)
