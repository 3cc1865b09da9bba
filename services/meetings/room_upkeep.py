"""What becomes of rooms by itself: unused ones are given back, and they follow their meetings."""

from services.meetings.commands.rooms.using import follow_moved_meeting, free_rooms_of, release_unused
from shared.events.meetings import MeetingCancelled, MeetingRescheduled
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer


class KeepsRooms:
    """A part of the worker."""

    @on_event(MeetingRescheduled)
    def move_rooms(self, delivery: Delivery) -> None:
        """Let the rooms of a meeting follow it to its new time."""
        meeting_id = delivery.event.meeting_id
        follow_moved_meeting(delivery.session, delivery.actor, delivery.clock, meeting_id=meeting_id)

    @on_event(MeetingCancelled)
    def free_rooms(self, delivery: Delivery) -> None:
        """Give back the rooms of a meeting that was called off."""
        meeting_id = delivery.event.meeting_id
        free_rooms_of(delivery.session, delivery.actor, delivery.clock, meeting_id=meeting_id)

    @timer(seconds=30)
    def release_rooms(self, tick: Tick) -> None:
        """Give back rooms that nobody entered."""
        release_unused(tick.session, tick.actor, tick.clock)
