"""How each event reads in a trace: one short Chinese sentence, who did it, and who may read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.mobile.domain.wording import Rank, Wording
from services.mobile.domain.words import WORDINGS
from shared.events import supervision, work
from shared.events.base import Event

__all__ = ["Doer", "Rank", "Told", "complete", "has_wording", "tell"]

_HANDED_OVER = (work.WorkItemTransferred, supervision.TaskHandedOver)
_UNWORDED = Wording(lambda event: f"记录事件 {event.key}", Rank.DETAIL)


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who did it, as far as the event says."""

    person_id: UUID | None = None
    person_name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    unit_name: str = ""
    for_person_id: UUID | None = None
    on_behalf_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event as a line of a trace."""

    sentence: str
    rank: Rank
    about_id: UUID
    doer: Doer
    to_post_id: UUID | None = None


def tell(event: Event) -> Told:
    """The line for an event; one that nobody has worded yet is named by its key, for the auditor."""
    wording = WORDINGS.get(type(event), _UNWORDED)
    return Told(
        sentence=wording.sentence(event),
        rank=wording.rank if isinstance(wording.rank, Rank) else wording.rank(event),
        about_id=getattr(event, wording.about) if wording.about else _about(event),
        doer=_doer(event),
        to_post_id=_to_post(event),
    )


def complete(key: str, sentence: str, *, step: str, to_post: str) -> str:
    """The sentence of an event, with what the event itself does not know: its item's step, and a post's name."""
    opens = key == work.WorkItemOpened.key
    named = f"“{step}”{sentence}" if step and not opens else sentence
    return f"{named}：{to_post}" if to_post else named


def has_wording(event: type[Event]) -> bool:
    """Whether somebody has said how that event reads."""
    return event in WORDINGS


def _about(event: Any) -> UUID:
    """The document or other matter behind an event, whichever way the event names it."""
    if hasattr(event, "subject_of_work"):
        about: UUID = event.subject_of_work.id
        return about
    for name in ("document_id", "subject_id"):
        if isinstance(getattr(event, name, None), UUID):
            found: UUID = getattr(event, name)
            return found
    subject: UUID = event.subject
    return subject


def _doer(event: Any) -> Doer:
    if isinstance(event, work.WorkItemOpened):
        return Doer(person_name=event.sender_name, post_id=event.sender_post_id)
    for name in ("by", "doer", "started_by"):
        if told := getattr(event, name, None):
            names = Doer.__dataclass_fields__
            return Doer(**{part: value for part, value in vars(told).items() if part in names})
    return Doer()


def _to_post(event: Any) -> UUID | None:
    if isinstance(event, work.WorkItemOpened):
        return event.post_id
    return getattr(event, "to_post_id", None) if isinstance(event, _HANDED_OVER) else None
