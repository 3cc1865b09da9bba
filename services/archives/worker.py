"""What archives does by itself: notes every item that was closed, and files what is due."""

from services.archives import SERVICE
from services.archives.commands.note_closing import note_closing
from services.archives.domain.closing import closing_of
from services.archives.filer import file_due
from shared.events.affairs import CaseConcluded
from shared.events.documents import DocumentClosed
from shared.events.meetings import MeetingConcluded
from shared.events.supervision import TaskConcluded
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
        self._note(delivery)

    @on_event(MeetingConcluded, TaskConcluded, CaseConcluded)
    def note_concluded(self, delivery: Delivery) -> None:
        """The same for a meeting, a supervised task and a case of internal affairs."""
        self._note(delivery)

    @timer(seconds=1)
    def file_documents(self, tick: Tick) -> None:
        """File what is due, each item in a transaction of its own."""
        file_due(tick.runtime)

    def _note(self, delivery: Delivery) -> None:
        closed = closing_of(delivery.event)
        note_closing(delivery.session, delivery.actor, delivery.clock, closed=closed)
