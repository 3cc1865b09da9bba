"""What the pictures of taken rooms show."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings.domain.rooms import WEEKDAYS, Slot, minutes_of
from services.meetings.models import Room, RoomBooking, RoomClosure
from services.meetings.pictures.occupancy import Bar, Row
from services.meetings.queries.rooms import (
    get_room,
    list_closures,
    list_held,
    list_rooms,
    local_days,
    show_bookings,
)
from shared.auth import Actor
from shared.clock import Clock


def day_of_rooms(session: Session, actor: Actor, clock: Clock, *, day: date) -> tuple[str, list[Row]]:
    """Title and lines for one day of all rooms that are open to the actor."""
    rooms = list_rooms(session, actor)
    period = local_days(day, 1)
    held = list_held(session, [room.id for room in rooms], period)
    labels = _labels(session, actor, clock, held)
    rows = [_row(session, room, room.name, day, held, labels) for room in rooms]
    return f"{day:%Y年%m月%d日} 周{WEEKDAYS[day.weekday()]} 会议室使用", rows


def week_of_room(
    session: Session, actor: Actor, clock: Clock, *, room_id: UUID, day: date
) -> tuple[str, list[Row]]:
    """Title and lines for seven days of one room."""
    room = get_room(session, actor, room_id)
    held = list_held(session, [room.id], local_days(day, 7))
    labels = _labels(session, actor, clock, held)
    days = [day + timedelta(days=number) for number in range(7)]
    rows = [
        _row(session, room, f"{one:%m月%d日} 周{WEEKDAYS[one.weekday()]}", one, held, labels) for one in days
    ]
    return f"{room.name} {day:%Y年%m月%d日}起一周使用", rows


def _row(
    session: Session,
    room: Room,
    label: str,
    day: date,
    held: list[RoomBooking],
    labels: dict[UUID, str],
) -> Row:
    whole = local_days(day, 1)
    closed = [
        _closed(one)
        for one in list_closures(session, room.id, since=whole.starts_at)
        if one.starts_at < whole.ends_at
    ]
    bars = [
        Bar(slot=Slot(one.starts_at, one.ends_at), state=one.state, label=labels[one.id])
        for one in held
        if one.room_id == room.id and Slot(one.starts_at, one.ends_at).meets(whole)
    ]
    windows = [
        (minutes_of(one["opens"]), minutes_of(one["closes"]))
        for one in room.hours
        if one["weekday"] == day.isoweekday()
    ]
    return Row(label=label, midnight=whole.starts_at, open_minutes=windows, bars=[*closed, *bars])


def _labels(session: Session, actor: Actor, clock: Clock, held: list[RoomBooking]) -> dict[UUID, str]:
    shown = show_bookings(session, actor, held, now=clock.now())
    return {one["id"]: one["title"] or f"{one['booker_unit_name']}{one['booker_name']}" for one in shown}


def _closed(closure: RoomClosure) -> Bar:
    return Bar(slot=Slot(closure.starts_at, closure.ends_at), state="closed", label=closure.reason)
