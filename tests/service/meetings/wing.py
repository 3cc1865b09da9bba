"""Rooms of the house and meetings in them, on a clock that stands still until it is told to move."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.commands.inviting import invite
from services.meetings.commands.planning import plan_meeting
from services.meetings.commands.rooms.booking import book_room
from services.meetings.commands.rooms.changing import change_booking
from services.meetings.commands.rooms.managing import add_room
from services.meetings.domain.rooms import Scope, Slot
from services.meetings.models import Invitation, Meeting, RoomBooking
from shared.clock import LOCAL_ZONE, FixedClock
from shared.flow.models import ItemStatus, WorkItem
from tests.service.meetings.house import House

# A Monday, half past nine in Pingxiang.
MONDAY = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
WORKING_HOURS = [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(1, 6)]


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """That time in November 2026 on the office's wall clock."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=LOCAL_ZONE) + timedelta(days=day - 1)


def slot(day: int, hour: int, until: int) -> Slot:
    return Slot(local(day, hour), local(day, until))


@dataclass
class Wing(House):
    """Books and holds without HTTP; a room is named by its id."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY))

    def room(self, *, by: str = "会务", **changes: Any) -> UUID:
        shape = {
            "name": f"第{len(self.units)}-{self.clock.at.timestamp()}会议室", "capacity": 20,
            "equipment": ["投影", "视频会议"], "hours": WORKING_HOURS, **changes,
        }  # fmt: skip
        with self.session() as session:
            return add_room(session, self.actor(by), self.clock, room=shape).id

    def book(self, by: str, room_id: UUID, when: Slot, **facts: Any) -> list[RoomBooking]:
        stated = {"title": "工作例会", **facts}
        with self.session() as session:
            return book_room(session, self.actor(by), self.clock, room_id=room_id, slot=when, **stated)

    def change(self, by: str, booking: RoomBooking, **changes: Any) -> tuple[list[UUID], list[UUID]]:
        """Ids of what was changed and of what was left alone."""
        stated = {"scope": Scope.THIS, **changes}
        with self.session() as session:
            done = change_booking(session, self.actor(by), self.clock, booking_id=booking.id, **stated)
            return [one.id for one in done.changed], [one.id for one in done.kept]

    def booking(self, booking_id: UUID) -> RoomBooking:
        with self.session() as session:
            return session.get_one(RoomBooking, booking_id)

    def bookings(self, room_id: UUID) -> list[RoomBooking]:
        with self.session() as session:
            wanted = sa.select(RoomBooking).where(RoomBooking.room_id == room_id)
            return list(session.scalars(wanted.order_by(RoomBooking.starts_at)))

    def meeting(self, *invited: str, at: Slot | None = None, called: bool = True) -> UUID:
        """A meeting of the city office, called without printing its notice."""
        when = at or slot(2, 10, 12)
        plan = {
            "kind": "专题会", "title": "电子文件归档专题会议", "starts_at": when.starts_at,
            "ends_at": when.ends_at, "place": "第一会议室", "chair_post_id": self.post_id("市长"),
        }  # fmt: skip
        with self.session() as session:
            actor = self.actor("会务")
            meeting = plan_meeting(session, actor, self.clock, plan=plan)
            invitees = [{"post_id": self.post_id(name)} for name in invited or ("财政局长", "数据局长")]
            invite(session, actor, self.clock, meeting_id=meeting.id, invitees=invitees)
            if called:
                meeting.state, meeting.number, meeting.year = "called", f"〔2026〕{meeting.id}号", 2026
                meeting.called_at = self.clock.now()
                grant_sight(session, meeting.id, [one["post_id"] for one in invitees])
                keep_act(session, actor, meeting.id, at=self.clock.now(), verb="call", step="通知会议")
            return meeting.id

    def seat(self, meeting_id: UUID, name: str) -> Invitation:
        with self.session() as session:
            wanted = sa.select(Invitation).where(
                Invitation.meeting_id == meeting_id, Invitation.post_id == self.post_id(name)
            )
            return session.scalars(wanted).one()

    def change_seat(self, meeting_id: UUID, name: str, **columns: Any) -> None:
        """Where the answer stands, as the commands of answering leave it."""
        with self.session() as session:
            seat = session.get_one(Invitation, self.seat(meeting_id, name).id)
            for key, value in columns.items():
                setattr(seat, key, value)
            posts: Iterable[UUID | None] = (seat.post_id, seat.stand_in_post_id)
            grant_sight(session, meeting_id, [post for post in posts if post])

    def change_meeting(self, meeting_id: UUID, **columns: Any) -> None:
        with self.session() as session:
            meeting = session.get_one(Meeting, meeting_id)
            for key, value in columns.items():
                setattr(meeting, key, value)
            meeting.revision += 1

    def open_steps(self, name: str) -> list[tuple[str, str]]:
        """What stands in somebody's inbox: step and role."""
        wanted = sa.select(WorkItem).where(
            WorkItem.post_id == self.post_id(name), WorkItem.status == ItemStatus.OPEN
        )
        with self.session() as session:
            return [(item.step_id, item.role) for item in session.scalars(wanted.order_by(WorkItem.id))]

    def at(self, moment: datetime) -> None:
        """Let it be that time."""
        self.clock.at = moment
