"""Where a meeting takes place: in the room that is booked for it, else where its organisers say."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.rooms import BookingState
from services.meetings.domain.states import MeetingState
from services.meetings.models import Meeting, Room, RoomBooking

_SURE = (BookingState.BOOKED, BookingState.IN_USE)


def place_of(session: Session, meeting: Meeting) -> str:
    """The place; empty when neither a room is booked nor a place is stated."""
    return places_of(session, [meeting])[meeting.id]


def places_of(session: Session, meetings: Sequence[Meeting]) -> dict[UUID, str]:
    """The same for many. A called meeting is where its notice says, until another notice says otherwise."""
    begins = {meeting.id: meeting.starts_at for meeting in meetings if meeting.state == MeetingState.PLANNED}
    rooms = _rooms_at(session, begins)
    return {meeting.id: rooms.get(meeting.id, meeting.place) for meeting in meetings}


def find_room_at(session: Session, meeting_id: UUID, moment: datetime) -> str | None:
    """The name of the room that a meeting has then."""
    return _rooms_at(session, {meeting_id: moment}).get(meeting_id)


def list_rooms_of(session: Session, meeting: Meeting) -> list[Room]:
    """The rooms that are booked for its beginning, the one booked first before the others."""
    begins = meeting.starts_at
    wanted = (
        sa.select(Room)
        .join(RoomBooking)
        .where(RoomBooking.meeting_id == meeting.id, RoomBooking.state.in_(_SURE))
        .where(RoomBooking.starts_at <= begins, RoomBooking.ends_at > begins)
        .order_by(RoomBooking.made_at, RoomBooking.id)
    )
    return list(session.scalars(wanted))


def _rooms_at(session: Session, moments: dict[UUID, datetime]) -> dict[UUID, str]:
    """Of several rooms at one time the one booked first; what still waits for approval is no place yet."""
    if not moments:
        return {}
    wanted = (
        sa.select(RoomBooking.meeting_id, RoomBooking.starts_at, RoomBooking.ends_at, Room.name)
        .join(Room, Room.id == RoomBooking.room_id)
        .where(RoomBooking.meeting_id.in_(moments), RoomBooking.state.in_(_SURE))
        .order_by(RoomBooking.made_at, RoomBooking.id)
    )
    found: dict[UUID, str] = {}
    for meeting_id, starts_at, ends_at, name in session.execute(wanted):
        if meeting_id and starts_at <= moments[meeting_id] < ends_at:
            found.setdefault(meeting_id, name)
    return found
