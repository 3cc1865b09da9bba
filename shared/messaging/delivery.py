"""What a worker's method is given: an event that arrived, or the tick of a timer, within one open transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.clock import Clock
from shared.config import Settings
from shared.events.base import Envelope
from shared.files import BlobStore
from shared.runtime_context import Runtime


@dataclass(frozen=True, kw_only=True)
class Work:
    """What every piece of a worker's work has: a session that is committed for it, who acts, and the time."""

    session: Session
    actor: Actor
    runtime: Runtime

    @property
    def clock(self) -> Clock:
        return self.runtime.clock

    @property
    def settings(self) -> Settings:
        return self.runtime.settings

    @property
    def blobs(self) -> BlobStore:
        return self.runtime.blobs


@dataclass(frozen=True, kw_only=True)
class Delivery(Work):
    """One event for one handler. The actor is the system, on the event's chain and because of the event."""

    envelope: Envelope

    @property
    def event(self) -> Any:
        """One of the events that the handler listens to; which one, only the handler knows."""
        return self.envelope.event


@dataclass(frozen=True, kw_only=True)
class Tick(Work):
    """One firing of a timer; the actor is the system on a chain of its own."""
