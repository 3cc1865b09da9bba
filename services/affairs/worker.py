"""What affairs does by itself: watch promises and dates, and follow what supervision makes of its cases."""

from services.affairs import SERVICE
from services.affairs.commands.bundle_follow import follow_case, watch_bundles
from services.affairs.commands.departments import see_to_departments
from services.affairs.commands.known import keep_document
from services.affairs.commands.report_opening import open_filings
from services.affairs.commands.seal import warn_of_end
from services.affairs.commands.supervised import end_task, note_established, take_task
from services.affairs.commands.watch import conclude_unrated, end_completions, find_overdue, lapse_materials
from services.affairs.means import Means
from shared.events import supervision as told
from shared.events.affairs import CaseDecided, CaseRefused, CaseResumed
from shared.events.base import Event
from shared.events.documents import DocumentIssued
from shared.events.supervision import (
    TaskCancelled,
    TaskClosed,
    TaskEstablished,
    TaskRegistered,
    TaskRejected,
)
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.messaging.upkeep import KeepsDirectory

# All that a task tells: what a case shows of it follows them in their order, and an order has no gaps.
TASK_EVENTS: tuple[type[Event], ...] = tuple(
    kind
    for kind in vars(told).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == told.__name__
    if kind.aggregate == "task"
)


class AffairsWorker(KeepsDirectory):
    """Handles events and timers of affairs."""

    name = "affairs.worker"
    service = SERVICE

    @on_event(*TASK_EVENTS, order="contiguous")
    def tasks(self, delivery: Delivery) -> None:
        """Show on a case what supervision makes of it."""
        if follow := _FOLLOW.get(type(delivery.event)):
            follow(delivery)

    @on_event(DocumentIssued)
    def known_documents(self, delivery: Delivery) -> None:
        """Keep what an organ issued, so that it can be handed in without uploading it."""
        keep_document(delivery.session, event=delivery.event)

    @on_event(CaseDecided, CaseRefused, CaseResumed)
    def bundles(self, delivery: Delivery) -> None:
        """Let a bundle go on when one of its cases is over, or its clock runs again."""
        follow_case(delivery.session, delivery.actor, delivery.clock, case_id=delivery.event.case_id)

    @timer(seconds=30)
    def watch_bundles(self, tick: Tick) -> None:
        """Note overdue bundles, and let those go on in which something waits without need."""
        watch_bundles(tick.session, tick.actor, tick.clock)

    @timer(seconds=60)
    def see_to_departments(self, tick: Tick) -> None:
        """Ask departments for what they provide, and take back what nobody needs any more."""
        see_to_departments(tick.session, tick.actor, tick.clock)

    @timer(seconds=300)
    def open_filings(self, tick: Tick) -> None:
        """Give units the report forms whose period is over."""
        open_filings(tick.session, tick.actor, tick.clock)

    # An instant matter is promised in minutes, so that a minute is long.
    @timer(seconds=10)
    def find_overdue(self, tick: Tick) -> None:
        """Tell of cases that were not decided by their promised date."""
        find_overdue(tick.session, tick.actor, tick.clock)

    @timer(seconds=60)
    def end_completions(self, tick: Tick) -> None:
        """Let clocks run again whose applicants did not complete in time."""
        end_completions(tick.session, tick.actor, tick.clock)

    @timer(seconds=60)
    def lapse_materials(self, tick: Tick) -> None:
        """Revoke results for which owed materials never came."""
        means = Means.of(tick.settings, tick.blobs)
        lapse_materials(tick.session, tick.actor, tick.clock, means=means)

    @timer(seconds=60)
    def conclude_unrated(self, tick: Tick) -> None:
        """Conclude cases for which the time for rating is over."""
        means = Means.of(tick.settings, tick.blobs)
        conclude_unrated(tick.session, tick.actor, tick.clock, means=means)

    @timer(seconds=86_400)
    def watch_seal(self, tick: Tick) -> None:
        """Warn when the certificate that signs results is soon over."""
        warn_of_end(tick.session, tick.clock)


def _registered(delivery: Delivery) -> None:
    take_task(delivery.session, delivery.actor, delivery.clock, event=delivery.event)


def _established(delivery: Delivery) -> None:
    note_established(delivery.session, task_id=delivery.event.task_id, number=delivery.event.number)


def _ended(delivery: Delivery) -> None:
    told = delivery.event
    state, outcome, moment = _ENDS[type(told)]
    end_task(
        delivery.session,
        delivery.actor,
        delivery.clock,
        task_id=told.task_id,
        state=state,
        outcome=getattr(told, outcome),
        ended_at=getattr(told, moment),
    )


_ENDS = {
    TaskClosed: ("closed", "conclusion", "closed_at"),
    TaskRejected: ("rejected", "reason", "rejected_at"),
    TaskCancelled: ("cancelled", "reason", "cancelled_at"),
}
_FOLLOW = {
    TaskRegistered: _registered,
    TaskEstablished: _established,
    TaskRejected: _ended,
    TaskCancelled: _ended,
    TaskClosed: _ended,
}
