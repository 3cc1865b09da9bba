"""What documents does by itself: bring issued documents to their receiving units, and keep its directory."""

from services.documents import SERVICE
from services.documents.commands.deliver import deliver_document, deliver_waiting
from services.documents.commands.draft_minutes import draft_waiting_minutes, take_minutes
from services.documents.commands.supervised import follow_task
from shared.events.documents import DocumentIssued
from shared.events.meetings import MinutesApproved
from shared.events.supervision import (
    TaskCancelled,
    TaskClosed,
    TaskEstablished,
    TaskLightTurned,
    TaskRegistered,
    TaskRejected,
)
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory


class DocumentsWorker(KeepsDirectory):
    """Handles events and timers of documents."""

    name = "documents.worker"
    service = SERVICE

    @on_event(DocumentIssued)
    def deliver(self, delivery: Delivery) -> None:
        """Bring an issued document to its receiving units."""
        document_id = delivery.envelope.subject
        deliver_document(delivery.session, delivery.actor, delivery.clock, document_id=document_id)

    @on_event(MinutesApproved)
    def draft_minutes(self, delivery: Delivery) -> None:
        """Draft approved minutes as a 纪要 of the organ that held the meeting."""
        approved = delivery.event
        take_minutes(
            delivery.session, delivery.actor, delivery.clock, blobs=delivery.blobs, approved=approved
        )

    @on_event(TaskRegistered, TaskEstablished, TaskRejected, TaskLightTurned, TaskClosed, TaskCancelled)
    def follow_tasks(self, delivery: Delivery) -> None:
        """Show on a document what becomes of the tasks that supervise it."""
        follow_task(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @timer(seconds=60)
    def draft_minutes_again(self, tick: Tick) -> None:
        """Try again what could not be drafted."""
        draft_waiting_minutes(tick.session, tick.clock, blobs=tick.blobs)

    @timer(seconds=60)
    def deliver_again(self, tick: Tick) -> None:
        """Try again what could not be delivered."""
        deliver_waiting(tick.session, tick.actor, tick.clock)
