"""Changing bookings: moving, handing over and giving up; of a series one, one and all following, or all.

What is past or under way, and what belongs to somebody else, is never touched; the answer says what was left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.history import keep_act
from services.meetings.commands.rooms.booking import asks_approval, request_approval
from services.meetings.commands.rooms.holding import check_slots, end_settled_requests, hold, tell_bookers
from services.meetings.domain.rooms import BOOKING_LABELS, CHANGEABLE, HOLDING, BookingState, Scope, Slot
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.errors import rooms as errors
from services.meetings.models import Room, RoomBooking
from services.meetings.queries.rooms import get_booking, is_bookers, keeps, lock_known_room
from services.meetings.queries.visibility import acting_posts
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_post
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What was changed, and what was left alone for being past, under way or somebody else's."""

    changed: Sequence[RoomBooking]
    kept: Sequence[RoomBooking]


def change_booking(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    booking_id: UUID,
    scope: Scope = Scope.THIS,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    title: str | None = None,
    expected_revision: int | None = None,
) -> Changed:
    """Give a booking another time or title, and the others in scope the same shift and length: all of them or none.

    A room that needs approval is asked for anew when the time changes.
    """
    room, booking = _lock(session, actor, booking_id)
    if expected_revision not in (None, booking.revision):
        raise errors.room_changed()
    _refuse_not_ones_own(session, actor, clock, booking)
    chosen = _in_scope(session, actor, clock, booking, scope)
    begin, end = starts_at or booking.starts_at, ends_at or booking.ends_at
    if starts_at and not ends_at:
        end = begin + (booking.ends_at - booking.starts_at)
    if title is not None:
        refuse_secret(title)
        for one in chosen.changed:
            one.title = title
    if (begin, end) != (booking.starts_at, booking.ends_at):
        _move(session, actor, clock, room, booking, Slot(begin, end), chosen.changed)
    for one in chosen.changed:
        one.revision += 1
        keep_act(
            session, actor, one.id, at=clock.now(), verb="change_booking", step="修改预订",
            details={"scope": scope.value},
        )  # fmt: skip
    session.flush()
    return chosen


def cancel_booking(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    booking_id: UUID,
    scope: Scope = Scope.THIS,
    reason: str = "",
) -> Changed:
    """Give a booking up; those who manage the room may take a single one away from its booker, who is told why."""
    room, booking = _lock(session, actor, booking_id)
    taken_away = not is_bookers(session, actor, booking, now=clock.now())
    if taken_away and not keeps(session, actor, room):
        raise errors.not_your_booking(booking.booker_name)
    _refuse_fixed(clock, booking)
    if taken_away:
        if not reason:
            raise errors.refusal_unexplained()
        chosen = Changed(changed=[booking], kept=[])
    else:
        chosen = _in_scope(session, actor, clock, booking, scope)
    for one in chosen.changed:
        end_booking(session, actor, clock, one, BookingState.CANCELLED, verb="cancel_booking", reason=reason)
    end_settled_requests(session, actor, clock, [one.request_id for one in chosen.changed])
    if taken_away:
        tell_bookers(session, actor, clock, room, [booking], what=f"被取消：{reason}"[:60])
    return chosen


def hand_over_booking(
    session: Session, actor: Actor, clock: Clock, *, booking_id: UUID, to_post_id: UUID
) -> RoomBooking:
    """Pass one booking on to another post; from then on its former owner's series edits leave it alone.

    Problem 422 for a post that could not have booked the room itself.
    """
    room, booking = _lock(session, actor, booking_id)
    _refuse_not_ones_own(session, actor, clock, booking)
    card = get_post(session, to_post_id)
    organ = get_organ(session, card.unit_id)
    if Permission.MEETINGS_BOOK not in card.permissions:
        raise errors.cannot_book(card.label)
    if not room.open_to_all and organ.id != room.unit_id:
        raise errors.room_not_open(room.name, room.unit_name, card.label)
    before = booking.booker_name
    booking.booker_post_id = to_post_id
    booking.booker_person_id = card.person_ids[0] if len(card.person_ids) == 1 else None
    booking.booker_name = "、".join(card.holders) or card.title
    booking.booker_unit_id, booking.booker_unit_name = organ.id, organ.name
    booking.revision += 1
    keep_act(
        session, actor, booking.id, at=clock.now(), verb="hand_over_booking", step="转交预订",
        outcome=card.label, details={"from": before},
    )  # fmt: skip
    tell_bookers(session, actor, clock, room, [booking], what=f"由{before}转交")
    return booking


def end_booking(
    session: Session,
    actor: Actor,
    clock: Clock,
    booking: RoomBooking,
    state: BookingState,
    *,
    verb: str,
    reason: str,
) -> None:
    """Let others have the room from now on."""
    booking.state, booking.reason = state.value, reason
    booking.settled_at, booking.settled_by_name = clock.now(), actor.person_name
    booking.revision += 1
    keep_act(
        session, actor, booking.id, at=clock.now(), verb=verb, step=BOOKING_LABELS[state], opinion=reason
    )


def move_bookings(
    session: Session, clock: Clock, room: Room, moves: Sequence[tuple[RoomBooking, Slot]]
) -> None:
    """Give bookings their new times, all of them or none; Problem 409 with everything in the way."""
    slots = [slot for _, slot in moves]
    check_slots(session, clock, room, slots)

    def write() -> None:
        for booking, slot in moves:
            booking.starts_at, booking.ends_at = slot.starts_at, slot.ends_at

    hold(session, room, slots, write, but=[booking.id for booking, _ in moves])


def _move(
    session: Session,
    actor: Actor,
    clock: Clock,
    room: Room,
    booking: RoomBooking,
    slot: Slot,
    chosen: Sequence[RoomBooking],
) -> None:
    shift, length = slot.starts_at - booking.starts_at, slot.ends_at - slot.starts_at
    moves = [(one, Slot(one.starts_at + shift, one.starts_at + shift + length)) for one in chosen]
    move_bookings(session, clock, room, moves)
    if asks_approval(session, actor, room):
        before = [one.request_id for one in chosen]
        request_approval(session, actor, clock, room, chosen)
        end_settled_requests(session, actor, clock, before)


def _in_scope(session: Session, actor: Actor, clock: Clock, booking: RoomBooking, scope: Scope) -> Changed:
    if scope is Scope.THIS or booking.series_id is None:
        return Changed(changed=[booking], kept=[])
    wanted = sa.select(RoomBooking).where(
        RoomBooking.series_id == booking.series_id, RoomBooking.state.in_(HOLDING)
    )
    if scope is Scope.FOLLOWING:
        wanted = wanted.where(RoomBooking.starts_at >= booking.starts_at)
    of_series = list(session.scalars(wanted.order_by(RoomBooking.starts_at)))
    own = set(acting_posts(session, actor, now=clock.now()))
    free = [
        one
        for one in of_series
        if one.booker_post_id in own and one.state in CHANGEABLE and one.starts_at > clock.now()
    ]
    return Changed(changed=free, kept=[one for one in of_series if one not in free])


def _refuse_not_ones_own(session: Session, actor: Actor, clock: Clock, booking: RoomBooking) -> None:
    if not is_bookers(session, actor, booking, now=clock.now()):
        raise errors.not_your_booking(booking.booker_name)
    _refuse_fixed(clock, booking)


def _refuse_fixed(clock: Clock, booking: RoomBooking) -> None:
    if booking.state not in CHANGEABLE:
        raise errors.booking_fixed(BOOKING_LABELS[booking.state])
    if booking.starts_at <= clock.now():
        raise errors.booking_fixed("已经开始")


def _lock(session: Session, actor: Actor, booking_id: UUID) -> tuple[Room, RoomBooking]:
    found = get_booking(session, actor, booking_id)
    room = lock_known_room(session, found.room_id)
    return room, session.get_one(RoomBooking, booking_id, populate_existing=True, with_for_update=True)
