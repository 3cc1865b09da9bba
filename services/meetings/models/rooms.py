"""Rooms, when they are closed, and who has them when."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class Room(Base):
    """A room of an organ, which others may book as well when it is `open_to_all`.

    `hours` is a list of `{weekday 1–7, opens "08:00", closes "18:00"}` on the office's wall clock. `number` is what
    the database keeps double bookings out by. `revision` is the ETag.
    """

    __tablename__ = "room"
    __table_args__ = (
        sa.CheckConstraint("capacity > 0", name="holds_somebody"),
        sa.Index(
            "uq_room_unit_id_name",
            "unit_id",
            "name",
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer, sa.Identity(), unique=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    name: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int] = mapped_column(sa.Integer)
    equipment: Mapped[list[str]]
    hours: Mapped[list[dict[str, Any]]]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    open_to_all: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class RoomClosure(Base):
    """A time in which a room cannot be had (停用): repair, a holiday."""

    __tablename__ = "room_closure"
    __table_args__ = (
        sa.Index("ix_room_closure_room_id", "room_id", "ends_at"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(sa.ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    lifted_at: Mapped[datetime | None]


class RoomSeries(Base):
    """A room booked again and again; `rule` is the recurrence as RFC 5545 writes it."""

    __tablename__ = "room_series"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(sa.ForeignKey("room.id"))
    title: Mapped[str]
    rule: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class RoomBooking(Base):
    """A room held by somebody for a time, by itself, for a meeting, or as one of a series.

    `request_id` names the request that has to be approved, with several occurrences or one. No two bookings that
    hold (`requested`, `booked`, `in_use`) share a moment of a room: the exclusion constraint says so, with the room's
    number as a range of one, which needs no extension. It can be deferred, so that a series moves as a whole.
    """

    __tablename__ = "room_booking"
    __table_args__ = (
        postgresql.ExcludeConstraint(
            (sa.text("int4range(room_no, room_no, '[]')"), "&&"),
            ("during", "&&"),
            using="gist",
            where=sa.text("state IN ('requested', 'booked', 'in_use')"),
            deferrable=True,
            initially="IMMEDIATE",
            name="ex_room_booking_no_double",
        ),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        sa.CheckConstraint(
            "state IN ('requested', 'booked', 'in_use', 'refused', 'cancelled', 'released')",
            name="state_known",
        ),
        sa.Index("ix_room_booking_room_id", "room_id", "starts_at"),
        sa.Index("ix_room_booking_booker_post_id", "booker_post_id", "starts_at", "id"),
        sa.Index("ix_room_booking_meeting_id", "meeting_id"),
        sa.Index("ix_room_booking_series_id", "series_id", "starts_at"),
        sa.Index("ix_room_booking_request_id", "request_id"),
        sa.Index(
            "ix_room_booking_waiting",
            "starts_at",
            postgresql_where=sa.text("state IN ('requested', 'booked')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(sa.ForeignKey("room.id"))
    room_no: Mapped[int] = mapped_column(sa.Integer)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    during: Mapped[Any] = mapped_column(
        postgresql.TSTZRANGE, sa.Computed("tstzrange(starts_at, ends_at)", persisted=True), deferred=True
    )
    title: Mapped[str]
    people: Mapped[int | None] = mapped_column(sa.Integer)
    state: Mapped[str]
    meeting_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("meeting.id"))
    series_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("room_series.id"))
    request_id: Mapped[UUID | None]
    booker_person_id: Mapped[UUID | None]
    booker_post_id: Mapped[UUID]
    booker_name: Mapped[str]
    booker_unit_id: Mapped[UUID]
    booker_unit_name: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    checked_in_at: Mapped[datetime | None]
    checked_in_by_name: Mapped[str] = mapped_column(default="")
