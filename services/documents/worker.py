"""What documents does by itself: bring issued documents to their receiving units, and keep its directory."""

from services.documents import SERVICE
from services.documents.commands.deliver import deliver_document, deliver_waiting
from shared.events.documents import DocumentIssued
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

    @timer(seconds=60)
    def deliver_again(self, tick: Tick) -> None:
        """Try again what could not be delivered."""
        deliver_waiting(tick.session, tick.actor, tick.clock)
