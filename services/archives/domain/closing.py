"""What is closed and due for filing, whichever service closed it: a document, a meeting, a task or a case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from shared.events.affairs import CaseConcluded
from shared.events.base import Event
from shared.events.documents import Blob, DocumentClosed
from shared.events.dossier import Direction
from shared.events.meetings import MeetingConcluded
from shared.events.supervision import TaskConcluded

SYSTEM_OF: Mapping[str, str] = MappingProxyType(
    {
        Direction.DISPATCH: "documents",
        Direction.INCOMING: "documents",
        Direction.MEETING: "meetings",
        Direction.TASK: "supervision",
        Direction.CASE: "affairs",
    }
)
SYSTEM_LABELS: Mapping[str, str] = MappingProxyType(
    {"documents": "公文办理", "meetings": "会议管理", "supervision": "督查督办", "affairs": "机关办事"}
)


@dataclass(frozen=True, kw_only=True)
class Closing:
    """One item that was closed; `dossier` names all its facts in the blob store."""

    item_id: UUID
    owner_unit_id: UUID
    direction: Direction
    kind: str
    title: str
    number: str
    dossier: Blob
    closed_at: datetime

    @property
    def system(self) -> str:
        """The service whose item it is."""
        return SYSTEM_OF[self.direction]


def directions_of(system: str) -> list[str]:
    """What the items of a service are called here."""
    return [direction for direction, found in SYSTEM_OF.items() if found == system]


def closing_of(event: Event) -> Closing:
    """What an event says was closed; KeyError for an event that closes nothing."""
    return _READ[type(event)](event)


def _document(event: DocumentClosed) -> Closing:
    return Closing(
        item_id=event.document_id,
        owner_unit_id=event.owner_unit_id,
        direction=Direction(event.direction),
        kind=event.kind,
        title=event.title,
        number=event.number,
        dossier=event.dossier,
        closed_at=event.closed_at,
    )


def _concluded(event: Any, *, item_id: UUID, direction: Direction, kind: str) -> Closing:
    return Closing(
        item_id=item_id,
        owner_unit_id=event.unit_id,
        direction=direction,
        kind=kind,
        title=event.title,
        number=event.number,
        dossier=event.dossier,
        closed_at=event.concluded_at,
    )


def _meeting(event: MeetingConcluded) -> Closing:
    return _concluded(event, item_id=event.meeting_id, direction=Direction.MEETING, kind="会议")


def _task(event: TaskConcluded) -> Closing:
    return _concluded(event, item_id=event.task_id, direction=Direction.TASK, kind="督查事项")


def _case(event: CaseConcluded) -> Closing:
    return _concluded(event, item_id=event.case_id, direction=Direction.CASE, kind="办件")


_READ: Mapping[type[Event], Callable[[Any], Closing]] = {
    DocumentClosed: _document,
    MeetingConcluded: _meeting,
    TaskConcluded: _task,
    CaseConcluded: _case,
}
# Which event of which service says that an item is due for filing.
CLOSINGS: Mapping[str, type[Event]] = {event.producers[0]: event for event in _READ}
