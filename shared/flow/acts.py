"""What goes into the verbs and what comes out: subjects, choices, and the facts that a service's history needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.events.work import ItemRole


class ActVerb(StrEnum):
    """What was done, for the history of the subject."""

    ADD_SIGNER = "add_signer"
    ANSWER = "answer"
    CIRCULATE = "circulate"
    COMPLETE = "complete"
    MARK_READ = "mark_read"
    READ = "read"
    REMIND = "remind"
    RETURN = "return"
    START = "start"
    STOP = "stop"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


ACT_NAMES: Mapping[ActVerb, str] = {
    ActVerb.ADD_SIGNER: "加签",
    ActVerb.ANSWER: "传阅回复",
    ActVerb.CIRCULATE: "传阅",
    ActVerb.COMPLETE: "办理",
    ActVerb.MARK_READ: "阅毕",
    ActVerb.READ: "查看",
    ActVerb.REMIND: "催办",
    ActVerb.RETURN: "退回",
    ActVerb.START: "发起",
    ActVerb.STOP: "终止",
    ActVerb.TRANSFER: "转办",
    ActVerb.WITHDRAW: "撤回",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a flow is about: `kind` within the service, and the facts that items show to people."""

    id: UUID
    kind: str
    title: str
    link: str
    number: str = ""
    document_kind: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Assignee:
    """A post that is to get an item, as lead (主办) or assistant (协办)."""

    post_id: UUID
    role: ItemRole = ItemRole.LEAD


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to do a later step, and until when if that differs from the definition."""

    assignees: Sequence[Assignee]
    deadline: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The choice as it waits in the state of the flow until its step comes."""
        return {
            "posts": [[str(assignee.post_id), assignee.role.value] for assignee in self.assignees],
            "deadline": self.deadline.isoformat() if self.deadline else None,
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Choice":
        """The choice that `to_json` kept."""
        return Choice(
            tuple(Assignee(UUID(post), ItemRole(role)) for post, role in kept["posts"]),
            date.fromisoformat(kept["deadline"]) if kept["deadline"] else None,
        )


def choose(*post_ids: UUID, deadline: date | None = None) -> Choice:
    """These posts on equal terms."""
    return Choice(tuple(Assignee(post_id) for post_id in post_ids), deadline)


def choose_lead(lead: UUID, *assistants: UUID, deadline: date | None = None) -> Choice:
    """One lead and any assistants."""
    helpers = (Assignee(post_id, ItemRole.ASSISTANT) for post_id in assistants)
    return Choice((Assignee(lead), *helpers), deadline)


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemCard:
    """An item that an act opened or closed."""

    item_id: UUID
    step_id: str
    step_name: str
    post_id: UUID
    unit_id: UUID
    role: ItemRole


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """The facts of one act: who did what to which item, and what became of the flow.

    `completed_step` is the step that this act brought to its end, empty while others still work on it;
    `entered_steps` are those that items were opened for, `skipped_steps` optional ones that were passed over.
    `for_person_id` and `for_post_id` are set when it was done on behalf of another post.
    """

    verb: ActVerb
    at: datetime
    instance_id: UUID
    subject_id: UUID
    person_id: UUID | None
    person_name: str
    post_id: UUID | None
    unit_id: UUID | None
    for_person_id: UUID | None = None
    for_post_id: UUID | None = None
    item_id: UUID | None = None
    role: ItemRole | None = None
    step_id: str = ""
    step_name: str = ""
    outcome: str = ""
    outcome_label: str = ""
    opinion: str = ""
    opened: tuple[ItemCard, ...] = ()
    closed: tuple[ItemCard, ...] = ()
    completed_step: str = ""
    step_outcome: str = ""
    entered_steps: tuple[str, ...] = ()
    skipped_steps: tuple[str, ...] = ()
    ended: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verb_name(self) -> str:
        """What was done, in Chinese."""
        return ACT_NAMES[self.verb]
