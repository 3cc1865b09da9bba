"""Writing bookings down so that none overlaps another, whoever else books at the same moment."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from psycopg2.errorcodes import EXCLUSION_VIOLATION
from sqlalchemy.orm import Session

from services.meetings.domain.rooms import BookingState, Slot
from services.meetings.domain.steps import WORK_KIND
from services.meetings.errors import rooms as errors
from services.meetings.local_rules import ROOM_RULES
from services.meetings.models import Room, RoomBooking
from services.meetings.queries.meetings import rule
from services.meetings.queries.rooms import conflicts_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts
from shared.events.work import ItemRole
from shared.flow.acts import Assignee, Subject
from shared.flow.duties import Duty, close_work, give_duty, open_work
from shared.flow.work import find_instance_of
from shared.ids import new_id
from shared.permissions import Permission

APPROVE = Duty(step_id="approve_booking", step_name="审批会议室预订", work_kind=WORK_KIND)
TOLD = Duty(step_id="booking_told", step_name="会议室预订告知", work_kind=WORK_KIND)
# Whoever stands in front of an empty room may take it from now; the way to the server takes a while.
_AT_ONCE = timedelta(minutes=5)


def hold(
    session: Session,
    room: Room,
    slots: Sequence[Slot],
    write: Callable[[], None],
    *,
    but: Collection[UUID] = (),
) -> None:
    """Let `write` add or move bookings so that they have these times; Problem 409 with everything in the way.

    The room is locked by the caller, so that the look before is sure among those who book here; what comes another way
    meets the database's own constraint and is answered alike.
    """
    if found := conflicts_of(session, room, slots, but=but):
        raise errors.room_taken(room.name, found)
    try:
        with session.begin_nested():
            # A series that moves by a day stands for a moment where its own next one was.
            session.execute(sa.text("SET CONSTRAINTS ex_room_booking_no_double DEFERRED"))
            write()
            session.flush()
            session.execute(sa.text("SET CONSTRAINTS ex_room_booking_no_double IMMEDIATE"))
    except sa.exc.IntegrityError as error:
        if getattr(error.orig, "pgcode", None) != EXCLUSION_VIOLATION:
            raise
        raise errors.room_taken(room.name, conflicts_of(session, room, slots, but=but)) from error


def check_slots(session: Session, clock: Clock, room: Room, slots: Sequence[Slot]) -> None:
    """Refuse times that end before they begin, are over, too long, too far ahead, or reach into each other."""
    limits = rule(session, ROOM_RULES, room.unit_id, clock.today())
    now = clock.now()
    for slot in slots:
        if slot.ends_at <= slot.starts_at:
            raise errors.booking_ends_before(slot.starts_at, slot.ends_at)
        if slot.starts_at < now - _AT_ONCE or slot.ends_at <= now:
            raise errors.booking_past(slot.starts_at)
        if slot.ends_at - slot.starts_at > timedelta(hours=limits["longest_hours"]):
            raise errors.booking_too_long(limits["longest_hours"])
        if slot.starts_at > now + timedelta(days=limits["ahead_days"]):
            raise errors.booking_too_far(limits["ahead_days"])
    ordered = sorted(slots)
    if any(one.meets(next_one) for one, next_one in pairwise(ordered)):
        raise errors.series_overlaps_itself()


def ask_approval(
    session: Session,
    actor: Actor,
    clock: Clock,
    room: Room,
    bookings: Sequence[RoomBooking],
    keepers: Iterable[UUID],
) -> None:
    """Let those who manage the room decide about these bookings, as one request."""
    request_id = new_id()
    first = min(bookings, key=lambda booking: booking.starts_at)
    often = f"等 {len(bookings)} 次" if len(bookings) > 1 else ""
    for booking in bookings:
        booking.request_id, booking.state = request_id, BookingState.REQUESTED.value
    title = f"{first.booker_name}申请预订{room.name}（{Slot(first.starts_at, first.ends_at).label}{often}）"
    subject = Subject(
        id=request_id,
        kind="room_request",
        title=title,
        link=f"/room-requests/{request_id}",
        document_kind="会议室预订",
    )
    open_work(session, actor, clock, subject=subject, unit_id=room.unit_id, name="会议室预订")
    duty = Duty(
        step_id=APPROVE.step_id, step_name=APPROVE.step_name, work_kind=WORK_KIND, deadline=first.starts_at
    )
    assignees = [Assignee(post_id, ItemRole.LEAD) for post_id in keepers]
    give_duty(session, actor, clock, subject_id=request_id, duty=duty, assignees=assignees)


def end_settled_requests(
    session: Session, actor: Actor, clock: Clock, requests: Iterable[UUID | None]
) -> None:
    """Nobody has to decide about requests of which nothing waits any more."""
    session.flush()
    for request_id in {one for one in requests if one}:
        waiting = sa.select(RoomBooking.id).where(
            RoomBooking.request_id == request_id, RoomBooking.state == BookingState.REQUESTED
        )
        instance = find_instance_of(session, request_id)
        if session.scalars(waiting.limit(1)).first() is None and instance and instance.status == "running":
            close_work(session, actor, clock, subject_id=request_id, stopped=True)


def tell_bookers(
    session: Session, actor: Actor, clock: Clock, room: Room, bookings: Sequence[RoomBooking], *, what: str
) -> None:
    """Give everybody who booked a copy to read of what became of it; who has left the post is told nothing."""
    by_post: dict[UUID, list[RoomBooking]] = {}
    for booking in bookings:
        by_post.setdefault(booking.booker_post_id, []).append(booking)
    in_force = list_posts(session, list(by_post))
    for post_id, told in by_post.items():
        if post_id not in in_force or post_id == actor.post_id:
            continue
        first = told[0]
        subject = Subject(
            id=new_id(),
            kind="room_booking",
            title=f"{room.name}（{Slot(first.starts_at, first.ends_at).label}）{what}",
            link=f"/room-bookings/{first.id}",
            document_kind="会议室预订",
        )
        open_work(session, actor, clock, subject=subject, unit_id=room.unit_id, name="会议室预订告知")
        reader = [Assignee(post_id, ItemRole.READER)]
        give_duty(session, actor, clock, subject_id=subject.id, duty=TOLD, assignees=reader)
        close_work(session, actor, clock, subject_id=subject.id)


KEEPER = Permission.MEETINGS_ROOMS_MANAGE
