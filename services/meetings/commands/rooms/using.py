"""Using a room: checking in, giving back what nobody entered, and following the meeting that it was booked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.history import keep_act
from services.meetings.commands.rooms.booking import booker_asks_approval, request_approval
from services.meetings.commands.rooms.changing import end_booking, move_bookings
from services.meetings.commands.rooms.holding import end_settled_requests, tell_bookers
from services.meetings.domain.rooms import BOOKING_LABELS, CHANGEABLE, BookingState, Slot
from services.meetings.errors import rooms as errors
from services.meetings.local_rules import ROOM_RULES
from services.meetings.models import Invitation, Meeting, Room, RoomBooking
from services.meetings.queries.meetings import find_invitation_of, rule
from services.meetings.queries.rooms import get_booking, is_bookers, keeps, lock_known_room
from services.meetings.queries.visibility import acting_posts
from shared.auth import Actor
from shared.clock import Clock
from shared.errors import Problem

BATCH = 100


def check_in(session: Session, actor: Actor, clock: Clock, *, booking_id: UUID) -> RoomBooking:
    """Somebody is in the room: who booked it, who manages it, or who is invited to the meeting; it stays theirs."""
    found = get_booking(session, actor, booking_id)
    room = lock_known_room(session, found.room_id)
    booking = session.get_one(RoomBooking, booking_id, populate_existing=True, with_for_update=True)
    if not _may_enter(session, actor, clock, room, booking):
        raise errors.not_your_booking(booking.booker_name)
    if booking.state == BookingState.IN_USE:
        return booking
    if booking.state != BookingState.BOOKED or booking.ends_at <= clock.now():
        label = BOOKING_LABELS[booking.state] if booking.state != BookingState.BOOKED else "已经结束"
        raise errors.booking_fixed(label)
    minutes: int = rule(session, ROOM_RULES, room.unit_id, clock.today())["check_in_minutes"]
    if clock.now() < booking.starts_at - timedelta(minutes=minutes):
        raise errors.too_early_to_check_in(minutes)
    _enter(session, actor, clock, booking, at=clock.now())
    return booking


def check_in_for_meeting(session: Session, actor: Actor, clock: Clock, *, meeting: Meeting) -> None:
    """Somebody signed in at the meeting, so that the room of that time is in use; those of later days are not yet."""
    # Sign-in opens before the meeting and so before its room may be anybody's.
    reached = max(clock.now(), meeting.starts_at)
    wanted = sa.select(RoomBooking).where(
        RoomBooking.meeting_id == meeting.id,
        RoomBooking.state == BookingState.BOOKED,
        RoomBooking.starts_at <= reached,
        RoomBooking.ends_at > clock.now(),
    )
    for booking in session.scalars(wanted.with_for_update(skip_locked=True)):
        _enter(session, actor, clock, booking, at=clock.now())


def release_unused(session: Session, actor: Actor, clock: Clock, *, most: int = BATCH) -> int:
    """Give back the rooms that nobody entered some minutes after the beginning (rule `rooms`); safe to repeat.

    In the time of its meeting a room counts as entered when somebody has signed in there, or it has begun, and is not
    over. Requests on which nobody decided before their time are over too. Returns how many rooms others can have now.
    """
    released = 0
    for unit_id in _units_waiting(session, clock.now()):
        minutes = rule(session, ROOM_RULES, unit_id, clock.today())["release_after_minutes"]
        before = clock.now() - timedelta(minutes=minutes)
        due = session.execute(_unentered(unit_id, before).limit(most)).all()
        for booking, came_at in due:
            if came_at is not None:
                # Of a meeting that goes on for days the later rooms are entered when their day begins.
                _enter(session, actor, clock, booking, at=max(came_at, booking.starts_at))
                continue
            reason = f"开始后 {minutes} 分钟无人签到"
            end_booking(session, actor, clock, booking, BookingState.RELEASED, verb="release", reason=reason)
            room = session.get_one(Room, booking.room_id)
            tell_bookers(session, actor, clock, room, [booking], what="无人使用，已释放")
            released += 1
    return released + _end_undecided(session, actor, clock, most=most)


def follow_moved_meeting(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> None:
    """A meeting has another time: its rooms move along where they are free then, else they are given back.

    A room that needs approval is asked for anew. Whoever booked is told of that, and of a room that could not follow.
    """
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        return
    slot = Slot(meeting.starts_at, meeting.ends_at)
    for found in _open_bookings(session, clock, meeting_id):
        # The room first and then the booking, in the order of everybody who changes bookings.
        room = lock_known_room(session, found.room_id)
        booking = session.get_one(RoomBooking, found.id, populate_existing=True, with_for_update=True)
        if booking.state not in CHANGEABLE:
            continue
        covered = booking.starts_at <= slot.starts_at and slot.ends_at <= booking.ends_at
        if covered or booking.series_id:
            continue
        try:
            with session.begin_nested():
                _move_along(session, actor, clock, room, booking, slot)
        except Problem as problem:
            reason = f"会议改期，{problem.detail}"
            _free(session, actor, clock, [booking], reason=reason)
            tell_bookers(session, actor, clock, room, [booking], what="未能随会议改期，请另行预订")
            continue
        booking.revision += 1
        keep_act(session, actor, booking.id, at=clock.now(), verb="follow_meeting", step="随会议改期")


def _move_along(
    session: Session, actor: Actor, clock: Clock, room: Room, booking: RoomBooking, slot: Slot
) -> None:
    """Another time of a room that needs approval is asked for, as whoever booked it would have to."""
    move_bookings(session, clock, room, [(booking, slot)])
    if booker_asks_approval(session, room, booking):
        before = [booking.request_id]
        request_approval(session, actor, clock, room, [booking])
        end_settled_requests(session, actor, clock, before)
        tell_bookers(session, actor, clock, room, [booking], what="已随会议改期，重新报请审批")


def free_rooms_of(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> None:
    """A meeting was called off: others can have its rooms."""
    for room_id in sorted({one.room_id for one in _open_bookings(session, clock, meeting_id)}):
        lock_known_room(session, room_id)
    bookings = _open_bookings(session, clock, meeting_id, lock=True)
    _free(session, actor, clock, bookings, reason="会议已取消")


def _free(
    session: Session, actor: Actor, clock: Clock, bookings: Sequence[RoomBooking], *, reason: str
) -> None:
    for booking in bookings:
        end_booking(
            session, actor, clock, booking, BookingState.CANCELLED, verb="cancel_booking", reason=reason
        )
    end_settled_requests(session, actor, clock, [booking.request_id for booking in bookings])


def _open_bookings(
    session: Session, clock: Clock, meeting_id: UUID, *, lock: bool = False
) -> list[RoomBooking]:
    wanted = sa.select(RoomBooking).where(
        RoomBooking.meeting_id == meeting_id,
        RoomBooking.state.in_(CHANGEABLE),
        RoomBooking.ends_at > clock.now(),
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(wanted.order_by(RoomBooking.room_id, RoomBooking.starts_at)))


def _enter(session: Session, actor: Actor, clock: Clock, booking: RoomBooking, *, at: datetime) -> None:
    booking.state = BookingState.IN_USE.value
    booking.checked_in_at, booking.checked_in_by_name = at, actor.person_name
    booking.revision += 1
    keep_act(session, actor, booking.id, at=clock.now(), verb="check_in", step="登记使用")


def _may_enter(session: Session, actor: Actor, clock: Clock, room: Room, booking: RoomBooking) -> bool:
    if is_bookers(session, actor, booking, now=clock.now()) or keeps(session, actor, room):
        return True
    posts = acting_posts(session, actor, now=clock.now())
    meeting_id = booking.meeting_id
    return bool(meeting_id and find_invitation_of(session, meeting_id, posts, standing_in=True))


def _units_waiting(session: Session, now: datetime) -> list[UUID]:
    wanted = (
        sa.select(Room.unit_id)
        .join(RoomBooking)
        .where(RoomBooking.state == BookingState.BOOKED, RoomBooking.starts_at <= now)
    )
    return list(session.scalars(wanted.distinct().order_by(Room.unit_id)))


def _unentered(unit_id: UUID, before: datetime) -> sa.Select[RoomBooking, datetime | None]:
    """Bookings that should have been entered by then, and when somebody came to their meeting, if anybody did."""
    # Bookings of another day, to get ready, or of a series that outlasts the meeting, stand for themselves.
    during = sa.and_(Meeting.starts_at < RoomBooking.ends_at, Meeting.ends_at > RoomBooking.starts_at)
    going_on = sa.or_(Meeting.ended_at.is_(None), Meeting.ended_at > RoomBooking.starts_at)
    # The room of a meeting may be booked earlier, to get it ready: the meeting's own beginning counts.
    begins = sa.case(
        (during, sa.func.greatest(RoomBooking.starts_at, Meeting.starts_at)), else_=RoomBooking.starts_at
    )
    arrived = (
        sa.select(sa.func.min(Invitation.arrived_at))
        .where(Invitation.meeting_id == RoomBooking.meeting_id)
        .correlate(RoomBooking)
        .scalar_subquery()
    )
    came = sa.func.coalesce(arrived, Meeting.began_at, type_=Meeting.began_at.type)
    return (
        sa.select(RoomBooking, sa.case((sa.and_(during, going_on), came)))
        .join(Room, Room.id == RoomBooking.room_id)
        .outerjoin(Meeting, Meeting.id == RoomBooking.meeting_id)
        .where(Room.unit_id == unit_id, RoomBooking.state == BookingState.BOOKED)
        .where(RoomBooking.starts_at <= before, begins <= before)
        .order_by(RoomBooking.starts_at, RoomBooking.id)
        .with_for_update(of=RoomBooking, skip_locked=True)
    )


def _end_undecided(session: Session, actor: Actor, clock: Clock, *, most: int) -> int:
    wanted = sa.select(RoomBooking).where(
        RoomBooking.state == BookingState.REQUESTED, RoomBooking.starts_at <= clock.now()
    )
    late = list(
        session.scalars(wanted.order_by(RoomBooking.starts_at).limit(most).with_for_update(skip_locked=True))
    )
    for booking in late:
        reason = "开始前没有审批"
        end_booking(session, actor, clock, booking, BookingState.REFUSED, verb="lapse", reason=reason)
        room = session.get_one(Room, booking.room_id)
        tell_bookers(session, actor, clock, room, [booking], what="开始前没有审批，申请已过期")
    end_settled_requests(session, actor, clock, [booking.request_id for booking in late])
    return len(late)
