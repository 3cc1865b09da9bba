"""A step that work has arrived at, as the items that are given out for it share it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.flow.models import WorkItem
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What all items of one arrival have in common; copies to read have no task in the engine.

    `opened_by` is the item whose completion led here, if one did.
    """

    step_id: str
    step_name: str
    task_id: UUID | None
    work_kind: str
    deadline: datetime | None = None
    opened_by: UUID | None = None
    id: UUID = field(default_factory=new_id)

    @staticmethod
    def joining(item: WorkItem, *, opened_by: UUID | None = None) -> "Arrival":
        """The arrival of an item that is there, for another item beside it."""
        return Arrival(
            step_id=item.step_id,
            step_name=item.step_name,
            task_id=item.task_id,
            work_kind=item.work_kind,
            deadline=item.deadline,
            opened_by=opened_by,
            id=item.arrival_id,
        )
