"""What a step's own work is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.models import Document
from shared.auth import Actor
from shared.clock import Clock
from shared.events.documents import Doer
from shared.files import BlobStore
from shared.flow.models import WorkItem
from shared.history import absent_name, doer_of


@dataclass(frozen=True, kw_only=True)
class StepCase:
    """One step of one document being completed by one actor."""

    session: Session
    actor: Actor
    clock: Clock
    document: Document
    item: WorkItem
    blobs: BlobStore
    font_dir: str
    request: Mapping[str, Any]

    @property
    def absent_post_id(self) -> UUID | None:
        """The post that the actor stands in for; None when the item is the actor's own."""
        return self.item.post_id if self.item.post_id != self.actor.post_id else None

    @property
    def doer(self) -> Doer:
        """The actor as events name it, and for whom it was done."""
        return doer_of(self.actor, on_behalf_of=absent_name(self.session, self.absent_post_id))

    @property
    def on_behalf(self) -> Mapping[str, Any]:
        """For whom it was done, as the history keeps it."""
        absent = self.absent_post_id
        return {"on_behalf_post_id": absent, "on_behalf_name": absent_name(self.session, absent)}

    @property
    def outcome(self) -> str:
        outcome: str = self.request.get("outcome", "")
        return outcome

    @property
    def opinion(self) -> str:
        opinion: str = self.request.get("opinion", "")
        return opinion
