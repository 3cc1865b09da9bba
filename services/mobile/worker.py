"""What mobile listens to: everything. Its handlers build the read model and nothing else does."""

from services.mobile import SERVICE, commands
from services.mobile.domain.changes import ITEM_EVENTS, WORK_EVENTS
from services.mobile.domain.counting import FACT_EVENTS
from shared.events.documents import DocumentNumbered, DocumentRevised
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import gathers, on_event, on_every_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory


class MobileWorker(KeepsDirectory):
    """The handlers and timers of mobile."""

    name = "mobile.worker"
    service = SERVICE

    @on_event(*ITEM_EVENTS, *WORK_EVENTS)
    def inbox(self, delivery: Delivery) -> None:
        commands.follow_work(delivery.session, delivery.envelope, delivery.clock)

    @on_event(DocumentRevised, DocumentNumbered)
    def naming(self, delivery: Delivery) -> None:
        commands.follow_naming(delivery.session, delivery.envelope, delivery.clock)

    @on_every_event
    @gathers
    def trace(self, delivery: Delivery) -> None:
        commands.keep_trace(delivery.session, delivery.envelope)

    @on_event(*FACT_EVENTS)
    @gathers
    def figures(self, delivery: Delivery) -> None:
        commands.note_facts(delivery.session, delivery.envelope)

    @timer(seconds=1)
    def count_figures(self, tick: Tick) -> None:
        commands.count_facts(tick.session)

    @timer(seconds=600)
    def prune(self, tick: Tick) -> None:
        commands.forget_old_changes(tick.session, tick.clock)
