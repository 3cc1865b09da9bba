"""Numbers without gaps: each series counts 1, 2, 3 … and no number is ever reissued, changed or skipped.

A number is taken inside the caller's transaction. The series' row stays locked until that transaction ends, so a
rollback leaves no gap: the next caller waits, and then gets the number that was not used.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.db import FoundationBase


class NumberSeries(FoundationBase):
    """One series (say, one issuing code in one year) and the last number it gave."""

    __tablename__ = "number_series"
    __table_args__ = (sa.CheckConstraint("last >= 0", name="last_not_negative"),)

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")


class NumberTaken(FoundationBase):
    """Which number went to which subject; such a row is final, which triggers in the database see to."""

    __tablename__ = "number_taken"
    __table_args__ = (sa.UniqueConstraint("series", "subject"),)

    series: Mapped[str] = mapped_column(sa.ForeignKey("number_series.series"), primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    subject: Mapped[UUID]
    taken_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


def take_number(session: Session, *, series: str, subject: UUID) -> int:
    """The next number of the series for this subject, or the one that the subject already has.

    Blocks while another transaction that took a number of the same series is still open. Take numbers late in a
    transaction, and those of several series in one fixed order.
    """
    _lock_series(session, series)
    # Only now, behind the lock, does this statement see what every earlier taker committed (READ COMMITTED).
    if number := find_number(session, series=series, subject=subject):
        return number
    number = session.execute(
        sa.update(NumberSeries)
        .where(NumberSeries.series == series)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.execute(sa.insert(NumberTaken).values(series=series, number=number, subject=subject))
    return number


def find_number(session: Session, *, series: str, subject: UUID) -> int | None:
    """The number that the subject has in the series, if it took one."""
    held = sa.select(NumberTaken.number).where(NumberTaken.series == series, NumberTaken.subject == subject)
    return session.execute(held).scalar_one_or_none()


def last_number(session: Session, *, series: str) -> int:
    """The last number that the series gave, which is how many there are; 0 when it has given none."""
    return session.scalar(sa.select(NumberSeries.last).where(NumberSeries.series == series)) or 0


def list_last_numbers(session: Session, *, prefix: str) -> dict[str, int]:
    """The last numbers of all series whose names begin so, by name."""
    named = NumberSeries.series.startswith(prefix, autoescape=True)
    return dict(session.execute(sa.select(NumberSeries.series, NumberSeries.last).where(named)).all())


def open_series(session: Session, *, series: str, last: int) -> None:
    """Let a series begin after `last`, for an office that gave numbers elsewhere before.

    A series that exists stays as it is.
    """
    session.execute(insert(NumberSeries).values(series=series, last=last).on_conflict_do_nothing())


def _lock_series(session: Session, series: str) -> None:
    open_series(session, series=series, last=0)
    session.execute(
        sa.select(NumberSeries.last).where(NumberSeries.series == series).with_for_update()
    ).scalar_one()
