"""What the figures (指标) are counted from: the facts of every item, what of them counts, and the sums.

Handlers only put facts down (`FigureChange`), in any order and as often as they come. One writer at a time counts them
in: it merges them into their item, sees what the item counts as now (`FigureEntry`), and moves the sums (`FigureSum`)
by the difference, all in one transaction. A page of figures reads sums alone; drilling down reads entries.
"""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.mobile.models.base import Base

SLOTS = tuple(f"m{place}" for place in range(1, 9))


class FigureChange(Base):
    """What one event says of one item, until it is counted in; repeating it is the same row."""

    __tablename__ = "figure_change"
    __table_args__ = (sa.UniqueConstraint("kind", "item_id", "facet", "rank"),)

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: Mapped[str]
    item_id: Mapped[UUID]
    facet: Mapped[str]
    rank: Mapped[int] = mapped_column(sa.BigInteger)
    facts: Mapped[dict[str, Any]]


class FigureItem(Base):
    """What is known of one item, by facet; a facet is only ever replaced by one of a higher rank.

    The rank of a facet is the sequence of the event that told it, so every order of arrival ends in the same row.
    """

    __tablename__ = "figure_item"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    number: Mapped[str]
    facets: Mapped[dict[str, Any]]


class FigureEntry(Base):
    """What an item counts as in one population, for one unit, from a day on.

    `until_day` is null where the item counts for the period that the day lies in; where it counts as long as it lasts,
    it is the day from which it does not count any more (LASTING while there is none). `m1` … are the population's
    measures in the order of their declaration.
    """

    __tablename__ = "figure_entry"
    __table_args__ = (
        sa.Index("ix_figure_entry_day", "population", "from_day", "item_id"),
        sa.Index("ix_figure_entry_unit", "population", "unit_id", "from_day", "item_id"),
        # The items behind 红灯率: few are red of all that ever were open, which would all be looked through.
        sa.Index(
            "ix_figure_entry_red",
            "from_day",
            "item_id",
            "until_day",
            postgresql_where=sa.text("population = 'tasks_open' AND m1 <> 0"),
        ),
    )

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    population: Mapped[str] = mapped_column(primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    unit_id: Mapped[UUID]
    until_day: Mapped[date | None]
    n: Mapped[int] = mapped_column(sa.Integer)
    m1: Mapped[int] = mapped_column(sa.Integer)
    m2: Mapped[int] = mapped_column(sa.Integer)
    m3: Mapped[int] = mapped_column(sa.Integer)
    m4: Mapped[int] = mapped_column(sa.Integer)
    m5: Mapped[int] = mapped_column(sa.Integer)
    m6: Mapped[int] = mapped_column(sa.Integer)
    m7: Mapped[int] = mapped_column(sa.Integer)
    m8: Mapped[int] = mapped_column(sa.Integer)


class FigureSum(Base):
    """By how much the sums of a population change on a day (grain `d`), or in the month (`m`) or year (`y`) that begins
    on it.
    """

    __tablename__ = "figure_sum"

    population: Mapped[str] = mapped_column(primary_key=True)
    grain: Mapped[str] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(sa.BigInteger)
    m1: Mapped[int] = mapped_column(sa.BigInteger)
    m2: Mapped[int] = mapped_column(sa.BigInteger)
    m3: Mapped[int] = mapped_column(sa.BigInteger)
    m4: Mapped[int] = mapped_column(sa.BigInteger)
    m5: Mapped[int] = mapped_column(sa.BigInteger)
    m6: Mapped[int] = mapped_column(sa.BigInteger)
    m7: Mapped[int] = mapped_column(sa.BigInteger)
    m8: Mapped[int] = mapped_column(sa.BigInteger)
