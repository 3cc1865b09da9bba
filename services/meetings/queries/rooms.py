"""Reading rooms: which there are for a reader, who has them when, and what stands in the way of a time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.rooms import (
    HOLDING,
    BookingState,
    Conflict,
    ConflictKind,
    Obstacle,
    Slot,
    find_conflicts,
    within_hours,
)
from services.meetings.errors import rooms as errors
from services.meetings.models import Room, RoomBooking, RoomClosure
from services.meetings.queries.visibility import acting_posts, organ_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE
from shared.permissions import Permission


def open_to(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """The rooms that the actor may book: those of the own organ, and those that are open to all."""
    return sa.or_(Room.open_to_all, Room.unit_id == organ_of(session, actor))


def list_rooms(session: Session, actor: Actor, *, retired: bool = False) -> list[Room]:
    """The rooms that are open to the actor, the own organ's first, then by name."""
    organ = organ_of(session, actor)
    wanted = sa.select(Room).where(open_to(session, actor))
    if not retired:
        wanted = wanted.where(Room.retired_at.is_(None))
    own_first = (sa.case((Room.unit_id == organ, 0), else_=1), Room.unit_name, Room.name, Room.id)
    return list(session.scalars(wanted.order_by(*own_first)))


def get_room(session: Session, actor: Actor, room_id: UUID) -> Room:
    """One room that is open to the actor; Problem 404."""
    return _room(session, actor, room_id, lock=False)


def lock_room(session: Session, actor: Actor, room_id: UUID) -> Room:
    """The same, held until the end of the transaction: whoever books it comes one after the other."""
    return _room(session, actor, room_id, lock=True)


def lock_known_room(session: Session, room_id: UUID) -> Room:
    """A room that somebody has already booked, held in the same way."""
    return session.get_one(
        Room, room_id, with_for_update={"key_share": True, "of": Room}, populate_existing=True
    )


def keeps(session: Session, actor: Actor, room: Room) -> bool:
    """Whether the actor manages this room."""
    if actor.is_system:
        return True
    may = actor.may(Permission.MEETINGS_ROOMS_MANAGE)
    return may and actor.post_id is not None and organ_of(session, actor) == room.unit_id


def list_closures(session: Session, room_id: UUID, *, since: datetime) -> list[RoomClosure]:
    """When the room is closed from a moment on, in order."""
    wanted = sa.select(RoomClosure).where(
        RoomClosure.room_id == room_id, RoomClosure.lifted_at.is_(None), RoomClosure.ends_at > since
    )
    return list(session.scalars(wanted.order_by(RoomClosure.starts_at, RoomClosure.id)))


def list_held(
    session: Session, room_ids: Collection[UUID], period: Slot, *, but: Collection[UUID] = ()
) -> list[RoomBooking]:
    """The bookings that keep others out of these rooms in a period, in order."""
    wanted = sa.select(RoomBooking).where(
        RoomBooking.room_id.in_(room_ids),
        RoomBooking.state.in_(HOLDING),
        RoomBooking.starts_at < period.ends_at,
        RoomBooking.ends_at > period.starts_at,
        RoomBooking.id.not_in(but),
    )
    return list(session.scalars(wanted.order_by(RoomBooking.starts_at, RoomBooking.id)))


def conflicts_of(
    session: Session, room: Room, slots: Sequence[Slot], *, but: Collection[UUID] = ()
) -> list[Conflict]:
    """Everything that stands in the way of these times in a room, without regard to the bookings `but`."""
    period = Slot(min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots))
    obstacles = [
        *_closed(list_closures(session, room.id, since=period.starts_at)),
        *(_obstacle(booking) for booking in list_held(session, [room.id], period, but=but)),
    ]
    return find_conflicts(slots, hours=room.hours, obstacles=obstacles)


def find_free(
    session: Session, actor: Actor, *, slot: Slot, capacity: int = 0, equipment: Collection[str] = ()
) -> list[Room]:
    """The rooms that can be had for that time, large enough and with all of the equipment, the smallest first."""
    wanted = sa.select(Room).where(
        open_to(session, actor),
        Room.retired_at.is_(None),
        Room.capacity >= capacity,
        Room.equipment.contains(list(equipment)),
        ~sa.exists().where(
            RoomBooking.room_id == Room.id,
            RoomBooking.state.in_(HOLDING),
            RoomBooking.starts_at < slot.ends_at,
            RoomBooking.ends_at > slot.starts_at,
        ),
        ~sa.exists().where(
            RoomClosure.room_id == Room.id,
            RoomClosure.lifted_at.is_(None),
            RoomClosure.starts_at < slot.ends_at,
            RoomClosure.ends_at > slot.starts_at,
        ),
    )
    rooms = session.scalars(wanted.order_by(Room.capacity, Room.name, Room.id))
    return [room for room in rooms if within_hours(slot, room.hours)]


def get_booking(session: Session, actor: Actor, booking_id: UUID) -> RoomBooking:
    """One booking of a room that is open to the actor; Problem 404."""
    wanted = sa.select(RoomBooking).join(Room).where(RoomBooking.id == booking_id, open_to(session, actor))
    booking = session.scalars(wanted).one_or_none()
    if booking is None:
        raise errors.booking_not_found(booking_id)
    return booking


def list_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> list[RoomBooking]:
    """The bookings of one request, for who asked and who manages the room; Problem 404."""
    wanted = sa.select(RoomBooking).where(RoomBooking.request_id == request_id)
    bookings = list(session.scalars(wanted.order_by(RoomBooking.starts_at)))
    if not bookings:
        raise errors.booking_not_found(request_id)
    room = session.get_one(Room, bookings[0].room_id)
    if not keeps(session, actor, room) and not is_bookers(session, actor, bookings[0], now=now):
        raise errors.booking_not_found(request_id)
    return bookings


def is_bookers(session: Session, actor: Actor, booking: RoomBooking, *, now: datetime) -> bool:
    """Whether the booking is the actor's: of the acting post, or of one that it stands in for."""
    return booking.booker_post_id in acting_posts(session, actor, now=now)


def list_bookings(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    room_id: UUID | None = None,
    meeting_id: UUID | None = None,
    period: Slot | None = None,
    mine: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[RoomBooking]:
    """Bookings of rooms that are open to the actor, by time; at most `limit + 1`."""
    wanted = sa.select(RoomBooking).join(Room).where(open_to(session, actor))
    if room_id:
        wanted = wanted.where(RoomBooking.room_id == room_id)
    if meeting_id:
        wanted = wanted.where(RoomBooking.meeting_id == meeting_id)
    if period:
        wanted = wanted.where(RoomBooking.starts_at < period.ends_at, RoomBooking.ends_at > period.starts_at)
    if mine:
        wanted = wanted.where(RoomBooking.booker_post_id.in_(acting_posts(session, actor, now=now)))
    else:
        wanted = wanted.where(RoomBooking.state.in_(HOLDING))
    if after:
        wanted = wanted.where(sa.tuple_(RoomBooking.starts_at, RoomBooking.id) > after)
    return list(session.scalars(wanted.order_by(RoomBooking.starts_at, RoomBooking.id).limit(limit + 1)))


def show_bookings(
    session: Session, actor: Actor, bookings: Iterable[RoomBooking], *, now: datetime
) -> list[dict[str, Any]]:
    """As a reader sees them: of somebody else's booking only who has the room, and when."""
    shown = list(bookings)
    wanted = sa.select(Room).where(Room.id.in_({booking.room_id for booking in shown}))
    rooms = {room.id: room for room in session.scalars(wanted)}
    posts = set(acting_posts(session, actor, now=now))
    kept = {room.id for room in rooms.values() if keeps(session, actor, room)}
    columns = [column.key for column in sa.inspect(RoomBooking).columns if column.key != "during"]
    told = []
    for booking in shown:
        mine = booking.booker_post_id in posts
        row = {name: getattr(booking, name) for name in columns}
        if not mine and booking.room_id not in kept:
            row |= _HIDDEN
        told.append({**row, "room_name": rooms[booking.room_id].name, "mine": mine})
    return told


def local_days(first: date, days: int) -> Slot:
    """So many whole days on the office's wall clock."""
    begin = datetime.combine(first, time(), LOCAL_ZONE)
    return Slot(begin, begin + timedelta(days=days))


def open_period(since: datetime | None, until: datetime | None) -> Slot | None:
    """The time between two moments of which either may be left open."""
    if since is None and until is None:
        return None
    return Slot(since or _BEGINNING, until or _END)


# What only those whom a booking concerns are told of it.
_HIDDEN = {"title": "", "reason": "", "people": None, "meeting_id": None, "request_id": None}
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
_END = datetime(9000, 1, 1, tzinfo=UTC)
_KINDS = {BookingState.REQUESTED.value: ConflictKind.PENDING}


def _obstacle(booking: RoomBooking) -> Obstacle:
    kind = ConflictKind.SERIES if booking.series_id else ConflictKind.BOOKING
    return Obstacle(
        kind=_KINDS.get(booking.state, kind),
        slot=Slot(booking.starts_at, booking.ends_at),
        what=f"{booking.booker_unit_name}{booking.booker_name}",
        series_id=str(booking.series_id) if booking.series_id else "",
    )


def _closed(closures: Iterable[RoomClosure]) -> list[Obstacle]:
    return [
        Obstacle(kind=ConflictKind.CLOSED, slot=Slot(one.starts_at, one.ends_at), what=one.reason)
        for one in closures
    ]


def _room(session: Session, actor: Actor, room_id: UUID, *, lock: bool) -> Room:
    wanted = sa.select(Room).where(Room.id == room_id, open_to(session, actor))
    if lock:
        # Weaker than the lock of a row that goes away, so that rows which only refer to the room do not wait for it.
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    room = session.scalars(wanted).one_or_none()
    if room is None:
        raise errors.room_not_found(room_id)
    return room
