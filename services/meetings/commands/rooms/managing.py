"""Keeping an organ's rooms: new ones, changes, closed periods, and giving a room up."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.history import keep_act
from services.meetings.domain.rooms import Slot, hours_faults
from services.meetings.errors import rooms as errors
from services.meetings.models import Room, RoomClosure
from services.meetings.queries.rooms import keeps, list_held, lock_room
from services.meetings.queries.visibility import organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_unit
from shared.ids import new_id

# The far end of a room's future bookings.
_FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
_SHAPE = ("name", "location", "capacity", "equipment", "hours", "needs_approval", "open_to_all", "note")


def add_room(session: Session, actor: Actor, clock: Clock, *, room: Mapping[str, Any]) -> Room:
    """Add a room to the actor's organ."""
    organ = get_unit(session, organ_of(session, actor))
    _check(session, organ.id, room, but=None)
    made = Room(
        **{name: room[name] for name in _SHAPE if name in room},
        id=new_id(),
        unit_id=organ.id,
        unit_name=organ.name,
        made_at=clock.now(),
    )
    session.add(made)
    session.flush()
    keep_act(session, actor, made.id, at=clock.now(), verb="add_room", step="设立会议室")
    return made


def revise_room(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    room_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None,
) -> Room:
    """Change what is said of a room; bookings that stand are not touched. Problem 412 when somebody was quicker."""
    room = lock_as_keeper(session, actor, room_id)
    if expected_revision not in (None, room.revision):
        raise errors.room_changed()
    _check(session, room.unit_id, changes, but=room.id)
    stated = {name: changes[name] for name in _SHAPE if name in changes}
    for name, value in stated.items():
        setattr(room, name, value)
    room.revision += 1
    keep_act(
        session, actor, room.id, at=clock.now(), verb="revise_room", step="修改会议室",
        details={"changed": sorted(stated)},
    )  # fmt: skip
    return room


def retire_room(session: Session, actor: Actor, clock: Clock, *, room_id: UUID) -> Room:
    """Give a room up; Problem 409 while somebody has it booked."""
    room = lock_as_keeper(session, actor, room_id)
    _refuse_over_bookings(session, room, Slot(clock.now(), _FOR_EVER))
    room.retired_at = clock.now()
    room.revision += 1
    keep_act(session, actor, room.id, at=clock.now(), verb="retire_room", step="撤销会议室")
    return room


def close_room(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    room_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> RoomClosure:
    """Close a room for a time (停用); Problem 409 with the bookings that stand in it."""
    room = lock_as_keeper(session, actor, room_id)
    if ends_at <= starts_at:
        raise errors.booking_ends_before(starts_at, ends_at)
    if ends_at <= clock.now():
        raise errors.booking_past(ends_at)
    _refuse_over_bookings(session, room, Slot(starts_at, ends_at))
    closure = RoomClosure(
        id=new_id(),
        room_id=room.id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(closure)
    keep_act(
        session, actor, room.id, at=clock.now(), verb="close_room", step="停用会议室", opinion=reason,
        details={"from": starts_at.isoformat(), "to": ends_at.isoformat()},
    )  # fmt: skip
    return closure


def reopen_room(session: Session, actor: Actor, clock: Clock, *, room_id: UUID, closure_id: UUID) -> None:
    """Take a closed period back."""
    room = lock_as_keeper(session, actor, room_id)
    closure = session.get(RoomClosure, closure_id)
    if closure is None or closure.room_id != room.id or closure.lifted_at:
        raise errors.closure_not_found(closure_id)
    closure.lifted_at = clock.now()
    keep_act(session, actor, room.id, at=clock.now(), verb="reopen_room", step="恢复使用")


def lock_as_keeper(session: Session, actor: Actor, room_id: UUID) -> Room:
    """The room under lock, for those who manage it; others get 404 or 403."""
    room = lock_room(session, actor, room_id)
    if not keeps(session, actor, room):
        raise errors.not_room_keeper(room.name)
    if room.retired_at:
        raise errors.room_retired(room.name)
    return room


def _check(session: Session, unit_id: UUID, room: Mapping[str, Any], *, but: UUID | None) -> None:
    if "hours" in room and (faults := hours_faults(room["hours"])):
        raise errors.hours_wrong(faults)
    if "name" in room:
        same = sa.select(Room.id).where(
            Room.unit_id == unit_id, Room.name == room["name"], Room.retired_at.is_(None)
        )
        if set(session.scalars(same)) - {but}:
            raise errors.room_name_taken(room["name"])


def _refuse_over_bookings(session: Session, room: Room, period: Slot) -> None:
    if held := list_held(session, [room.id], period):
        labels = [
            f"{booking.booker_unit_name}{booking.booker_name} {Slot(booking.starts_at, booking.ends_at).label}"
            for booking in held
        ]
        raise errors.closure_hits_bookings(labels)
