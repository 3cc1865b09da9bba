"""What every worker does beside its own work: keep the local directory, and keep house."""

from datetime import timedelta

from shared.audit import seal_entries
from shared.directory import ACCESS_EVENTS, KEPT_EVENTS, forget_expired_revocations, keep, keep_access
from shared.messaging.delivery import Delivery, Tick
from shared.messaging.on_event import on_event
from shared.messaging.timer import timer
from shared.web.idempotency import forget_before

# Longer than any access token lives, with room for clocks that differ.
REVOCATIONS_MATTER = timedelta(hours=1)
ANSWERS_ARE_KEPT = timedelta(days=2)


class Upkeep:
    """A base of every worker class."""

    @timer(seconds=1)
    def seal_audit(self, tick: Tick) -> None:
        """Chain the newest entries of the audit log."""
        seal_entries(tick.session)

    @timer(seconds=600)
    def forget_old(self, tick: Tick) -> None:
        """Remove what serves nobody any more: revocations of expired tokens, answers to old requests."""
        now = tick.clock.now()
        forget_expired_revocations(tick.session, before=now - REVOCATIONS_MATTER)
        forget_before(tick.session, now - ANSWERS_ARE_KEPT)


class KeepsDirectory(Upkeep):
    """A base of every worker whose service is not identity: its local directory follows identity's events."""

    @on_event(*KEPT_EVENTS, order="contiguous")
    def directory(self, delivery: Delivery) -> None:
        """Bring the local directory up to date."""
        keep(delivery.session, delivery.event)

    @on_event(*ACCESS_EVENTS)
    def access(self, delivery: Delivery) -> None:
        """Let nobody wait for the end of access behind an import of thousands: it has a queue of its own."""
        keep_access(delivery.session, delivery.event)
