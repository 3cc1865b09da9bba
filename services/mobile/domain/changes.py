"""What each event about work changes in the inbox: which groups of an item's columns, and to what.

An event states a group completely, so that of two events the later one alone decides, whichever came first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.mobile.domain.boxes import ChangeKind, State
from shared.events import work as told
from shared.events.base import Event

_NOBODY: Mapping[str, Any] = {
    "done_at": None,
    "outcome": "",
    "acted_person_id": None,
    "acted_person_name": "",
    "acted_post_id": None,
    "for_person_id": None,
    "for_post_id": None,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """The values of one group of columns, and how an inbox sees it.

    `beside` are groups that the event states as well, and that events of their own may have overtaken.
    """

    group: str
    facts: Mapping[str, Any]
    kind: ChangeKind
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def change_of_item(event: Event) -> Change:
    """What an event about a work item changes; KeyError for any other event."""
    return _OF_ITEMS[type(event)](event)


def change_of_work(event: Event) -> Change:
    """What an event about a piece of work changes; KeyError for any other event."""
    return _OF_WORK[type(event)](event)


def _subject(subject: told.WorkSubject) -> dict[str, Any]:
    return {
        "subject_id": subject.id,
        "system": subject.system,
        "subject_kind": subject.kind,
        "title": subject.title,
        "number": subject.number,
        "document_kind": subject.document_kind,
        "urgency": subject.urgency,
        "link": subject.link,
    }


def _opened(event: told.WorkItemOpened) -> Change:
    facts = {
        **_subject(event.subject_of_work),
        "work_id": event.work_id,
        "step_id": event.step_id,
        "step": event.step,
        "role": event.role.value,
        "work_kind": event.work_kind,
        "post_id": event.post_id,
        "unit_id": event.unit_id,
        "sender_name": event.sender_name,
        "sender_post_id": event.sender_post_id,
        "received_at": event.received_at,
    }
    dated = {"dated": {"deadline": event.deadline}}
    return Change(group="opened", facts=facts, kind=ChangeKind.OPENED, beside=dated)


def _dated(event: told.WorkItemDeadlineMoved) -> Change:
    facts = {"subject_id": event.subject_id, "deadline": event.deadline}
    return Change(group="dated", facts=facts, kind=ChangeKind.CHANGED)


def _read(event: told.WorkItemRead) -> Change:
    facts = {"subject_id": event.subject_id, "read_at": event.read_at}
    return Change(group="read", facts=facts, kind=ChangeKind.CHANGED)


def _completed(event: told.WorkItemCompleted) -> Change:
    outcome = event.outcome_label or event.outcome
    return _acted(event, State.DONE, at=event.completed_at, outcome=outcome)


def _returned(event: told.WorkItemReturned) -> Change:
    return _acted(event, State.RETURNED, at=event.returned_at, outcome=f"退回至{event.to_step}")


def _transferred(event: told.WorkItemTransferred) -> Change:
    return _acted(event, State.TRANSFERRED, at=event.transferred_at, outcome="转办")


def _acted(event: Any, state: State, *, at: Any, outcome: str) -> Change:
    facts = {
        "subject_id": event.subject_id,
        "state": state.value,
        "done_at": at,
        "outcome": outcome,
        "acted_person_id": event.by.person_id,
        "acted_person_name": event.by.person_name,
        "acted_post_id": event.by.post_id,
        "for_person_id": event.by.for_person_id,
        "for_post_id": event.by.for_post_id,
    }
    return Change(group="state", facts=facts, kind=ChangeKind.CLOSED)


def _withdrawn(event: told.WorkItemWithdrawn) -> Change:
    return _by_nobody(event, State.WITHDRAWN, at=event.withdrawn_at)


def _cancelled(event: told.WorkItemCancelled) -> Change:
    return _by_nobody(event, State.CANCELLED, at=event.cancelled_at)


def _by_nobody(event: Any, state: State, *, at: Any) -> Change:
    facts = {**_NOBODY, "subject_id": event.subject_id, "state": state.value, "done_at": at}
    return Change(group="state", facts=facts, kind=ChangeKind.CLOSED)


def _reopened(event: told.WorkItemReopened) -> Change:
    facts = {**_NOBODY, "subject_id": event.subject_id, "state": State.OPEN.value}
    return Change(group="state", facts=facts, kind=ChangeKind.OPENED)


def _reminded(event: told.WorkItemReminded) -> Change:
    facts = {
        "subject_id": event.subject_id,
        "reminders": event.reminders,
        "reminded_at": event.reminded_at,
        "reminder_note": event.note,
    }
    return Change(group="reminded", facts=facts, kind=ChangeKind.CHANGED)


def _answered(event: told.WorkItemAnswered) -> Change:
    facts = {"subject_id": event.subject_id, "answered_at": event.answered_at}
    return Change(group="answered", facts=facts, kind=ChangeKind.CHANGED)


def _started(event: told.WorkStarted) -> Change:
    facts = {
        **_subject(event.subject_of_work),
        "flow": event.flow,
        "unit_id": event.unit_id,
        "person_id": event.started_by.person_id,
        "person_name": event.started_by.person_name,
        "post_id": event.started_by.post_id,
        "started_at": event.started_at,
    }
    return Change(group="opened", facts=facts, kind=ChangeKind.OPENED)


def _ended(event: told.WorkEnded) -> Change:
    state = State.STOPPED if event.stopped else State.ENDED
    facts = {"subject_id": event.subject_id, "state": state.value, "ended_at": event.ended_at}
    return Change(group="state", facts=facts, kind=ChangeKind.CLOSED)


_OF_ITEMS: dict[type[Event], Callable[[Any], Change]] = {
    told.WorkItemOpened: _opened,
    told.WorkItemRead: _read,
    told.WorkItemCompleted: _completed,
    told.WorkItemReturned: _returned,
    told.WorkItemTransferred: _transferred,
    told.WorkItemWithdrawn: _withdrawn,
    told.WorkItemCancelled: _cancelled,
    told.WorkItemReopened: _reopened,
    told.WorkItemReminded: _reminded,
    told.WorkItemAnswered: _answered,
    told.WorkItemDeadlineMoved: _dated,
}

_OF_WORK: dict[type[Event], Callable[[Any], Change]] = {
    told.WorkStarted: _started,
    told.WorkEnded: _ended,
}

ITEM_EVENTS: tuple[type[Event], ...] = tuple(_OF_ITEMS)
WORK_EVENTS: tuple[type[Event], ...] = tuple(_OF_WORK)
