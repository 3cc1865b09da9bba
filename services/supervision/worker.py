"""What supervision does by itself: take up what other services tell, and see to tasks as time passes."""

from services.supervision import SERVICE
from services.supervision.commands import take_up
from services.supervision.commands.board import keep_board
from services.supervision.commands.close import Press
from services.supervision.commands.watch import wake_orphaned, watch_tasks
from shared.events.affairs import CaseOverdue, CaseStuck
from shared.events.documents import DocumentAnswerDemanded, DocumentClosed, DocumentIssued
from shared.events.meetings import DecisionRecorded
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory


class SupervisionWorker(KeepsDirectory):
    """Handles events and timers of supervision."""

    name = "supervision.worker"
    service = SERVICE

    @on_event(DecisionRecorded)
    def take_up_decision(self, delivery: Delivery) -> None:
        """Make a task of a meeting's decision."""
        take_up.take_up_decision(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(DocumentAnswerDemanded)
    def take_up_demand(self, delivery: Delivery) -> None:
        """Make a task of a document that has to be answered."""
        take_up.take_up_demand(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(CaseOverdue, CaseStuck)
    def take_up_case(self, delivery: Delivery) -> None:
        """Make a task of a late or stuck case."""
        take_up.take_up_case(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(DocumentIssued)
    def note_reply(self, delivery: Delivery) -> None:
        """Note that a task's origin was answered."""
        take_up.note_reply(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @on_event(DocumentClosed)
    def note_closed(self, delivery: Delivery) -> None:
        """Note that a task's origin is closed."""
        take_up.note_closed(delivery.session, delivery.actor, delivery.clock, event=delivery.event)

    @timer(seconds=5)
    def watch(self, tick: Tick) -> None:
        """Turn lights, send reminders and slips, and close what nobody rated."""
        press = Press(blobs=tick.blobs, font_dir=tick.settings.font_dir)
        watch_tasks(tick.session, tick.actor, tick.clock, press=press)

    @timer(seconds=60)
    def wake(self, tick: Tick) -> None:
        """Look at tasks that a post has which was abolished."""
        wake_orphaned(tick.session, tick.clock)

    @timer(seconds=10)
    def keep_board(self, tick: Tick) -> None:
        """Fold what changed into the board's counters."""
        keep_board(tick.session, today=tick.clock.today())
