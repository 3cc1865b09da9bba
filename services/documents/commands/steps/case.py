"""What a step's own work is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.documents.models import Document
from shared.auth import Actor
from shared.clock import Clock
from shared.files import BlobStore
from shared.flow.models import WorkItem


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
    def outcome(self) -> str:
        outcome: str = self.request.get("outcome", "")
        return outcome

    @property
    def opinion(self) -> str:
        opinion: str = self.request.get("opinion", "")
        return opinion
