"""What becomes of work items (待办、待阅): told by every service that routes work, kept by the inbox.

Documents tell them now; meetings, supervision and affairs are declared as producers because an item looks the same
wherever it comes from. `WorkItemOpened` carries all that an inbox shows, so that it never has to ask back.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Event, Value, described, event, value

PRODUCERS = ("affairs", "documents", "meetings", "supervision")

_ID = "0190f000-0000-7000-8000-0000000001"
_WHEN = "2026-11-02T01:30:00+00:00"
_SUBJECT = {
    "system": "documents",
    "kind": "dispatch",
    "id": _ID + "10",
    "title": "萍乡市人民政府办公室关于做好2026年冬春水利工作的通知",
    "number": "萍府办发〔2026〕23号",
    "document_kind": "通知",
    "urgency": "加急",
    "link": "/documents/" + _ID + "10",
}
_DOER = {"person_id": _ID + "20", "person_name": "王明", "post_id": _ID + "21"}


class ItemRole(StrEnum):
    """The part that an item's holder has: lead (主办), assistant (协办), added signer (加签), reader (传阅)."""

    LEAD = "lead"
    ASSISTANT = "assistant"
    SIGNER = "signer"
    READER = "reader"


class CancelCause(StrEnum):
    """Why an open item is no longer needed."""

    STEP_DONE = "step_done"
    RETURNED = "returned"
    STOPPED = "stopped"


@value
class WorkSubject(Value):
    """What the work is about, as an inbox shows it."""

    system: str = described("The service that the work belongs to", "documents")
    kind: str = described("Kind of subject within that service", "dispatch")
    id: UUID = described("The subject, such as a document", _ID + "10")
    title: str = described("Title at this moment", _SUBJECT["title"])
    number: str = described("Document number, empty until it is given", _SUBJECT["number"])
    document_kind: str = described("文种 or another kind that a person knows it by", "通知")
    urgency: str = described("Urgency, empty for the ordinary", "加急")
    link: str = described("Path at which a person opens the subject", _SUBJECT["link"])


@value
class Doer(Value):
    """Who did it: a person in a post, possibly for another post under a delegation; the suite itself has no ids."""

    person_id: UUID | None = described("The person", _ID + "20")
    person_name: str = described("The person's name", "王明")
    post_id: UUID | None = described("The post in which the person acted", _ID + "21")
    for_person_id: UUID | None = described("The absent person on whose behalf", _ID + "22", default=None)
    for_post_id: UUID | None = described("The post on whose behalf", _ID + "23", default=None)


@event("work.started.v1", aggregate="work", producers=PRODUCERS)
class WorkStarted(Event):
    """A piece of work was put on its way through a flow."""

    work_id: UUID = described("The running flow", _ID + "30")
    subject_of_work: WorkSubject = described("What it is about", _SUBJECT)
    flow: str = described("Name of the flow", "发文办理")
    unit_id: UUID = described("The unit that owns the work", _ID + "02")
    started_by: Doer = described("Who started it", _DOER)
    started_at: datetime = described("When", _WHEN)


@event("work.ended.v1", aggregate="work", producers=PRODUCERS)
class WorkEnded(Event):
    """A piece of work came to the end of its flow, or was stopped before."""

    work_id: UUID = described("The running flow", _ID + "30")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    stopped: bool = described("True when it was stopped before its end", False)
    ended_at: datetime = described("When", _WHEN)


@event("work_item.opened.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemOpened(Event):
    """A post was given something to do or to read."""

    work_item_id: UUID = described("The item", _ID + "40")
    work_id: UUID = described("The running flow that it belongs to", _ID + "30")
    subject_of_work: WorkSubject = described("What it is about", _SUBJECT)
    step_id: str = described("The step's id in the flow", "review")
    step: str = described("The step's name", "核稿")
    role: ItemRole = described("The holder's part; a reader has nothing to decide", "lead")
    work_kind: str = described("Kind of work, as delegations name it", "documents")
    post_id: UUID = described("The post that it was given to", _ID + "21")
    unit_id: UUID = described("That post's unit", _ID + "02")
    sender_name: str = described("Who sent it", "李娟")
    sender_post_id: UUID | None = described("In which post; none when the suite did", _ID + "24")
    received_at: datetime = described("When", _WHEN)
    deadline: datetime | None = described("Until when it should be done", "2026-11-04T15:59:59+00:00")


@event("work_item.read.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemRead(Event):
    """An item was opened and looked at for the first time."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    read_at: datetime = described("When", _WHEN)


@event("work_item.completed.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemCompleted(Event):
    """An item was done, or a circulated one was read."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    outcome: str = described("Outcome of the step, empty when it has only one", "agree")
    outcome_label: str = described("Its Chinese name", "同意")
    completed_at: datetime = described("When", _WHEN)


@event("work_item.answered.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemAnswered(Event):
    """The reader of a circulated item wrote something about it, perhaps after the work was closed."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    answered_at: datetime = described("When", _WHEN)


@event("work_item.returned.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemReturned(Event):
    """The holder of an item sent the work back to an earlier step."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    to_step: str = described("Name of the step to which the work went back", "起草")
    returned_at: datetime = described("When", _WHEN)


@event("work_item.cancelled.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemCancelled(Event):
    """An open item is no longer needed."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    cause: CancelCause = described("Why", "step_done")
    cancelled_at: datetime = described("When", _WHEN)


@event("work_item.withdrawn.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemWithdrawn(Event):
    """Whoever had sent an item took it back before it was touched."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    withdrawn_at: datetime = described("When", _WHEN)


@event("work_item.reopened.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemReopened(Event):
    """An item that was done or cancelled is to be done again, because its completion was withdrawn."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    reopened_at: datetime = described("When", _WHEN)


@event("work_item.transferred.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemTransferred(Event):
    """The holder of an item passed it on to another post, which got an item of its own."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    to_work_item_id: UUID = described("The new item", _ID + "41")
    to_post_id: UUID = described("The post that has it now", _ID + "25")
    transferred_at: datetime = described("When", _WHEN)


@event("work_item.reminded.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemReminded(Event):
    """The holder of an open item was reminded of it (催办)."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a document", _ID + "10")
    by: Doer = described("Who", _DOER)
    reminders: int = described("How many times by now", 1)
    note: str = described("What was said with it", "请于今日下班前办理")
    reminded_at: datetime = described("When", _WHEN)


@event("work_item.deadline_moved.v1", aggregate="work_item", producers=PRODUCERS)
class WorkItemDeadlineMoved(Event):
    """An open item is due at another time, because an extension was granted or the clock had stood still."""

    work_item_id: UUID = described("The item", _ID + "40")
    subject_id: UUID = described("The subject, such as a task", _ID + "10")
    deadline: datetime = described("Until when it should be done now", "2026-11-09T15:59:59+00:00")
    moved_at: datetime = described("When", _WHEN)
