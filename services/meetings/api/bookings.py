"""Routes for booking rooms: once, as a series, for a meeting; approval, changes, and checking in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.meetings.commands.rooms import booking as commands
from services.meetings.commands.rooms.changing import (
    Changed,
    cancel_booking,
    change_booking,
    hand_over_booking,
)
from services.meetings.commands.rooms.using import check_in
from services.meetings.domain.rooms import Slot
from services.meetings.models import RoomBooking
from services.meetings.queries import rooms as queries
from services.meetings.queries.visibility import get_meeting
from services.meetings.schemas import rooms as shapes
from shared.permissions import Permission
from shared.web import Call, Page, make_page, read_cursor, route

BOOK = Permission.MEETINGS_BOOK
READ = Permission.MEETINGS_READ
BOOKING = "/room-bookings/<uuid:booking_id>"
REQUEST = "/room-requests/<uuid:request_id>"


class BookingRoutes:
    """Whoever may book sees who has a room; what for, only those whom it concerns."""

    @route(
        "POST",
        "/room-bookings",
        permission=BOOK,
        body=shapes.BookingFormSchema,
        returns=shapes.BookingsSchema,
        status=201,
    )
    def book_room(self, call: Call) -> dict[str, Any]:
        """预订会议室, 可按规则重复; 冲突时一次列明全部原因"""
        asked = dict(call.body)
        slot = Slot(asked.pop("starts_at"), asked.pop("ends_at"))
        return _shown(call, commands.book_room(call.session, call.actor, call.clock, slot=slot, **asked))

    @route(
        "GET",
        "/room-bookings",
        permission=READ,
        query=shapes.BookingsQuery,
        page_of=shapes.BookingSchema,
    )
    def list_bookings(self, call: Call) -> Page[Any]:
        """会议室预订, 或本人的预订"""
        asked = call.query
        since, until, limit = asked["since"], asked["until"], asked["limit"]
        if asked["meeting_id"]:
            get_meeting(call.session, call.actor, asked["meeting_id"], now=call.clock.now())
        rows = queries.list_bookings(
            call.session,
            call.actor,
            now=call.clock.now(),
            room_id=asked["room_id"],
            meeting_id=asked["meeting_id"],
            period=queries.open_period(since, until),
            mine=asked["mine"],
            after=tuple(read_cursor(asked["after"], datetime, UUID)) if asked["after"] else None,
            limit=limit,
        )
        page = make_page(rows, limit, lambda row: (row.starts_at, row.id))
        return Page(_shown(call, page.items)["bookings"], page.next)

    @route("GET", BOOKING, permission=READ, returns=shapes.BookingSchema)
    def show_booking(self, call: Call, booking_id: UUID) -> Any:
        """一次预订"""
        return _shown(call, [queries.get_booking(call.session, call.actor, booking_id)])["bookings"][0]

    @route("PATCH", BOOKING, permission=BOOK, body=shapes.BookingChangesSchema, returns=shapes.ChangedSchema)
    def change_booking(self, call: Call, booking_id: UUID) -> dict[str, Any]:
        """修改预订: 本次、本次及以后、全部; 已开始的和他人的不动"""
        return _changed(
            call,
            change_booking(
                call.session,
                call.actor,
                call.clock,
                booking_id=booking_id,
                expected_revision=call.expected_revision(),
                **call.body,
            ),
        )

    @route(
        "POST",
        f"{BOOKING}/cancel",
        permission=BOOK,
        body=shapes.BookingEndSchema,
        returns=shapes.ChangedSchema,
    )
    def cancel_booking(self, call: Call, booking_id: UUID) -> dict[str, Any]:
        """取消预订: 本次、本次及以后、全部"""
        return _changed(
            call, cancel_booking(call.session, call.actor, call.clock, booking_id=booking_id, **call.body)
        )

    @route(
        "POST",
        f"{BOOKING}/hand-over",
        permission=BOOK,
        body=shapes.HandOverSchema,
        returns=shapes.BookingSchema,
    )
    def hand_over_booking(self, call: Call, booking_id: UUID) -> Any:
        """把一次预订转交他人"""
        booking = hand_over_booking(call.session, call.actor, call.clock, booking_id=booking_id, **call.body)
        return _shown(call, [booking])["bookings"][0]

    @route("POST", f"{BOOKING}/check-in", permission=READ, returns=shapes.BookingSchema)
    def check_in(self, call: Call, booking_id: UUID) -> Any:
        """登记使用会议室"""
        booking = check_in(call.session, call.actor, call.clock, booking_id=booking_id)
        return _shown(call, [booking])["bookings"][0]

    @route("GET", REQUEST, permission=READ, returns=shapes.BookingsSchema)
    def show_request(self, call: Call, request_id: UUID) -> dict[str, Any]:
        """一次预订申请的全部时段"""
        found = queries.list_request(call.session, call.actor, request_id, now=call.clock.now())
        return _shown(call, found)

    @route(
        "POST",
        f"{REQUEST}/decide",
        permission=Permission.MEETINGS_ROOMS_MANAGE,
        body=shapes.RoomDecisionSchema,
        returns=shapes.BookingsSchema,
    )
    def decide_request(self, call: Call, request_id: UUID) -> dict[str, Any]:
        """审批预订申请"""
        decided = commands.decide_request(
            call.session, call.actor, call.clock, request_id=request_id, **call.body
        )
        return _shown(call, decided)


def _shown(call: Call, bookings: Any) -> dict[str, Any]:
    found: list[RoomBooking] = list(bookings)
    return {"bookings": queries.show_bookings(call.session, call.actor, found, now=call.clock.now())}


def _changed(call: Call, done: Changed) -> dict[str, Any]:
    return {
        "changed": _shown(call, done.changed)["bookings"],
        "kept": _shown(call, done.kept)["bookings"],
    }
