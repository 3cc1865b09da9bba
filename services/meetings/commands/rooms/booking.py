"""Booking a room: once or as a series, by hand or for a meeting; rooms that need it ask for approval first."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.duties import holders_for
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.commands.rooms.holding import (
    APPROVE,
    KEEPER,
    ask_approval,
    check_slots,
    hold,
    tell_bookers,
)
from services.meetings.domain.recurrence import Repeat, occurrences
from services.meetings.domain.rooms import BookingState, Slot
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.errors import rooms as errors
from services.meetings.local_rules import ROOM_RULES
from services.meetings.models import Room, RoomBooking, RoomSeries
from services.meetings.queries.meetings import list_invitations, rule
from services.meetings.queries.rooms import keeps, lock_known_room, lock_room
from services.meetings.queries.visibility import organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_unit, list_posts
from shared.flow.duties import close_work, fulfil_duty
from shared.ids import new_id


def book_room(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    room_id: UUID,
    slot: Slot,
    title: str,
    people: int | None = None,
    meeting_id: UUID | None = None,
    repeat: Mapping[str, Any] | None = None,
) -> list[RoomBooking]:
    """Hold a room for a time, or for every time of a series: all of them, or none.

    Problem 409 `meetings.room_taken` tells every conflict by kind, and which occurrences it hits.
    """
    refuse_secret(title)
    if meeting_id:
        meeting = lock_as_organiser(session, actor, clock, meeting_id)
        invited = len(list_invitations(session, meeting_id))
        people = people or max(invited, meeting.expected_people or 0) or None
    room = lock_room(session, actor, room_id)
    if room.retired_at:
        raise errors.room_retired(room.name)
    if people and people > room.capacity:
        raise errors.room_too_small(room.name, room.capacity, people)
    series, slots = _series(session, actor, clock, room, slot, title, repeat)
    check_slots(session, clock, room, slots)
    unit = get_unit(session, organ_of(session, actor))
    bookings = [
        RoomBooking(
            id=new_id(),
            room_id=room.id,
            room_no=room.number,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            title=title,
            people=people,
            state=BookingState.BOOKED.value,
            meeting_id=meeting_id,
            series_id=series.id if series else None,
            booker_person_id=actor.person_id,
            booker_post_id=actor.post_id,
            booker_name=actor.person_name,
            booker_unit_id=unit.id,
            booker_unit_name=unit.name,
            made_at=clock.now(),
        )
        for one in slots
    ]
    if series:
        session.add(series)
        session.flush()
    hold(session, room, slots, lambda: session.add_all(bookings))
    if asks_approval(session, actor, room):
        request_approval(session, actor, clock, room, bookings)
    for booking in bookings:
        keep_act(session, actor, booking.id, at=clock.now(), verb="book", step="预订会议室")
    session.flush()
    return bookings


def asks_approval(session: Session, actor: Actor, room: Room) -> bool:
    """Whether the actor has to ask for this room; those who manage it need not."""
    return room.needs_approval and not keeps(session, actor, room)


def booker_asks_approval(session: Session, room: Room, booking: RoomBooking) -> bool:
    """The same for whoever booked, when the service moves the booking along with its meeting."""
    if not room.needs_approval:
        return False
    card = list_posts(session, [booking.booker_post_id]).get(booking.booker_post_id)
    return (
        card is None or KEEPER not in card.permissions or get_organ(session, card.unit_id).id != room.unit_id
    )


def request_approval(
    session: Session, actor: Actor, clock: Clock, room: Room, bookings: Sequence[RoomBooking]
) -> None:
    """Ask those who manage the room; Problem 409 when there is nobody."""
    keepers = holders_for(session, room.unit_id, KEEPER, what="审批会议室预订")
    ask_approval(session, actor, clock, room, bookings, [card.post_id for card in keepers])


def decide_request(
    session: Session, actor: Actor, clock: Clock, *, request_id: UUID, granted: bool, opinion: str = ""
) -> list[RoomBooking]:
    """The word of those who manage the room on a request, for all of its occurrences; a refusal says why."""
    if not granted and not opinion:
        raise errors.refusal_unexplained()
    waiting = sa.select(RoomBooking).where(
        RoomBooking.request_id == request_id, RoomBooking.state == BookingState.REQUESTED
    )
    found = session.scalars(waiting.limit(1)).first()
    if found is None:
        raise errors.request_settled()
    room = lock_known_room(session, found.room_id)
    if not keeps(session, actor, room):
        raise errors.booking_not_found(request_id)
    bookings = list(session.scalars(waiting.order_by(RoomBooking.starts_at).with_for_update()))
    if not bookings:
        raise errors.request_settled()
    label = "同意" if granted else "不同意"
    duty = fulfil_duty(
        session, actor, clock, subject_id=request_id, step_id=APPROVE.step_id,
        outcome="grant" if granted else "refuse", outcome_label=label, opinion=opinion, alone=True,
    )  # fmt: skip
    for booking in bookings:
        booking.state = (BookingState.BOOKED if granted else BookingState.REFUSED).value
        booking.settled_at, booking.settled_by_name, booking.reason = clock.now(), actor.person_name, opinion
        booking.revision += 1
        keep_act(
            session, actor, booking.id, at=clock.now(), verb="grant" if granted else "refuse",
            step="审批会议室预订", outcome=label, opinion=opinion, duty=duty,
        )  # fmt: skip
    close_work(session, actor, clock, subject_id=request_id)
    tell_bookers(
        session, actor, clock, room, bookings, what="已同意" if granted else f"未同意：{opinion}"[:60]
    )
    return bookings


def _series(
    session: Session,
    actor: Actor,
    clock: Clock,
    room: Room,
    slot: Slot,
    title: str,
    asked: Mapping[str, Any] | None,
) -> tuple[RoomSeries | None, list[Slot]]:
    """The series and its times; a single booking has no series."""
    if asked is None:
        return None, [slot]
    if (asked.get("count") is None) == (asked.get("until") is None):
        raise errors.series_unbounded()
    if slot.ends_at <= slot.starts_at:
        raise errors.booking_ends_before(slot.starts_at, slot.ends_at)
    repeat = Repeat(
        frequency=asked["frequency"],
        interval=asked.get("interval", 1),
        weekdays=tuple(asked.get("weekdays") or ()),
        count=asked.get("count"),
        until=asked.get("until"),
        skip=frozenset(asked.get("skip") or ()),
    )
    most: int = rule(session, ROOM_RULES, room.unit_id, clock.today())["most_occurrences"]
    slots = occurrences(slot, repeat, most=most)
    if not slots:
        raise errors.series_empty()
    if len(slots) > most:
        raise errors.series_too_long(most)
    series = RoomSeries(
        id=new_id(),
        room_id=room.id,
        title=title,
        rule=repeat.text,
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    return series, slots
