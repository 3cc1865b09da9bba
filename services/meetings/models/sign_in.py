"""Signing in at a meeting's door, where people sit, and the addresses of private calendars."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class SignInSecret(Base):
    """What the codes on a meeting's sign-in screen are made with; it never leaves the service."""

    __tablename__ = "sign_in_secret"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class SignInScan(Base):
    """A code that a person has used; the key sees to it that nobody uses one twice."""

    __tablename__ = "sign_in_scan"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    step: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[UUID]
    scanned_at: Mapped[datetime]
    source: Mapped[str]


class SeatPlan(Base):
    """How the room of a meeting is laid out; `revision` is the ETag."""

    __tablename__ = "seat_plan"
    __table_args__ = (
        sa.CheckConstraint(
            "layout IN ('theatre', 'classroom', 'u_shape', 'round_table')", name="layout_known"
        ),
    )

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    layout: Mapped[str]
    settings: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class SeatTaken(Base):
    """Who sits where: `occupant_id` is an invitation, or the chair's post when the chair is not among those invited."""

    __tablename__ = "seat_taken"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "seat", deferrable=True, initially="DEFERRED"),)

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("seat_plan.meeting_id"), primary_key=True)
    occupant_id: Mapped[UUID] = mapped_column(primary_key=True)
    seat: Mapped[str]
    by_hand: Mapped[bool] = mapped_column(default=False)


class CalendarFeed(Base):
    """A person's private calendar address; only the digest of its secret is kept, and it ends when revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (sa.Index("ix_calendar_feed_person_id", "person_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
