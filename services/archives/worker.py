"""What archives does by itself: notes every closed document, and files what is due."""

from services.archives import SERVICE
from services.archives.commands.note_closing import note_closing
from services.archives.filer import file_due
from shared.events.documents import DocumentClosed
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory


class ArchivesWorker(KeepsDirectory):
    """Handles events and timers of archives."""

    name = "archives.worker"
    service = SERVICE

    @on_event(DocumentClosed)
    def note_closed(self, delivery: Delivery) -> None:
        """Keep that a document is due for filing; the filing itself is tried until it works."""
        closed = delivery.event
        assert isinstance(closed, DocumentClosed)
        note_closing(delivery.session, delivery.actor, delivery.clock, closed=closed)

    @timer(seconds=1)
    def file_documents(self, tick: Tick) -> None:
        """File what is due, each document in a transaction of its own."""
        file_due(tick.runtime)
