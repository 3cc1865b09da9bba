"""What meetings does by itself: follow minutes, decisions and rooms, remind, close calls, conclude meetings."""

from services.meetings import SERVICE
from services.meetings.commands.closing import conclude_due
from services.meetings.commands.following import (
    follow_abandoned,
    follow_drafted,
    follow_issued,
    follow_task,
)
from services.meetings.commands.reminding import send_reminders
from services.meetings.commands.topics.calls import close_due_calls
from services.meetings.commands.vacancies import give_what_waits
from services.meetings.room_upkeep import KeepsRooms
from shared.events import supervision as told
from shared.events.documents import DocumentAbandoned, DocumentDrafted, DocumentIssued
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory

# All that a task tells: its decision follows them in their order, and an order has no gaps.
TASK_EVENTS = (
    told.TaskRegistered, told.TaskEstablished, told.TaskRejected, told.TaskAssigned, told.TaskSignedFor,
    told.TaskReturned, told.TaskFedBack, told.TaskFeedbackMissed, told.TaskReminded, told.TaskSlipIssued,
    told.TaskLightTurned, told.TaskExtensionAsked, told.TaskExtended, told.TaskExtensionRefused,
    told.TaskSuspended, told.TaskResumed, told.TaskClosureAsked, told.TaskSentBack, told.TaskClosed,
    told.TaskCancelled, told.TaskConcluded, told.TaskProposed, told.TaskReturnAsked, told.TaskReturnRefused,
    told.TaskPlanned, told.TaskHandedOver, told.TaskAssisted, told.TaskReviewed, told.TaskRated,
)  # fmt: skip


class MeetingsWorker(KeepsRooms, KeepsDirectory):
    """Handles events and timers of meetings."""

    name = "meetings.worker"
    service = SERVICE

    @on_event(DocumentDrafted)
    def minutes_drafted(self, delivery: Delivery) -> None:
        """Note that documents made a draft of approved minutes."""
        follow_drafted(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(DocumentIssued)
    def minutes_issued(self, delivery: Delivery) -> None:
        """Note that the 纪要 was issued."""
        follow_issued(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(DocumentAbandoned)
    def minutes_abandoned(self, delivery: Delivery) -> None:
        """Take minutes back that were given up as a document."""
        follow_abandoned(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(*TASK_EVENTS, order="contiguous")
    def tasks(self, delivery: Delivery) -> None:
        """Show on a decision what becomes of its task."""
        follow_task(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @timer(seconds=2)
    def conclude(self, tick: Tick) -> None:
        """Conclude closed meetings whose tasks are over."""
        conclude_due(tick.session, tick.actor, tick.clock, blobs=tick.blobs, font_dir=tick.settings.font_dir)

    @timer(seconds=30)
    def remind(self, tick: Tick) -> None:
        """Send the reminders that are due."""
        send_reminders(tick.session, tick.actor, tick.clock)

    @timer(seconds=60)
    def give_anew(self, tick: Tick) -> None:
        """Give organisers what an abolished post has still to do, or nobody could take."""
        give_what_waits(tick.session, tick.actor, tick.clock)

    @timer(seconds=30)
    def close_calls(self, tick: Tick) -> None:
        """Close calls for topics whose closing day is over."""
        close_due_calls(tick.session, tick.actor, tick.clock)
