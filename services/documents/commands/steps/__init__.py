"""What each step of a flow is for, beside moving on: one table by flow and step id.

A definition that an administrator uploads may have further steps; those that are in the table keep their meaning,
and `REQUIRED_STEPS` may not be missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.documents.commands.steps import (
    demanding,
    issuing,
    printing,
    receiving,
    registering,
    replying,
    signing,
    weighing,
)
from services.documents.commands.steps.case import StepCase
from services.documents.commands.steps.closing import close
from services.documents.domain.states import DispatchState, IncomingState
from services.documents.models import Document
from services.documents.queries.work import open_work
from shared.events.work import ItemRole
from shared.flow.acts import Act, ActVerb
from shared.flow.models import WorkItem

GAVE_WORD = "give_word"


def _nothing(_case: StepCase, *_: Any) -> None:
    return None


def _no_facts(_case: StepCase) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class StepMeaning:
    """What a step does: `before` refuses, `after` acts, `details` go into the history.

    `verb` is what the history calls completing it, `state` where the document stands while it is open, `lasting`
    that its effect cannot be withdrawn, `demands` that it may say until when to answer and how much weight the document
    has. `when_done` acts once, when the step as a whole is done.
    """

    state: str
    verb: str = "complete"
    before: Callable[[StepCase], None] = _nothing
    after: Callable[[StepCase, Act], None] = _nothing
    when_done: Callable[[StepCase, Act], None] = _nothing
    details: Callable[[StepCase], dict[str, Any]] = _no_facts
    lasting: bool = False
    demands: bool = False


_D, _I = DispatchState, IncomingState
MEANINGS: Mapping[tuple[str, str], StepMeaning] = {
    ("dispatch", "draft"): StepMeaning(state=_D.DRAFTING, verb="submit", before=signing.before_submitting),
    ("dispatch", "review"): StepMeaning(
        state=_D.REVIEWING, verb="review", before=signing.before_passing_review
    ),
    ("dispatch", "countersign"): StepMeaning(
        state=_D.COUNTERSIGNING, verb="countersign", after=signing.note_consulted
    ),
    ("dispatch", "sign"): StepMeaning(
        state=_D.APPROVING,
        verb="sign",
        before=signing.before_signing,
        details=signing.details_of_signing,
        when_done=signing.note_signed,
    ),
    ("dispatch", "check"): StepMeaning(
        state=_D.CHECKING,
        verb="check",
        before=signing.before_passing_check,
        when_done=signing.note_checked,
    ),
    ("dispatch", "register"): StepMeaning(
        state=_D.REGISTERING,
        verb="register",
        before=registering.before_registering,
        when_done=registering.give_number,
        lasting=True,
    ),
    ("dispatch", "render"): StepMeaning(state=_D.RENDERING, verb="render", when_done=printing.print_document),
    ("dispatch", "issue"): StepMeaning(
        state=_D.READY, verb="issue", before=issuing.before_issuing, when_done=issuing.issue, lasting=True
    ),
    ("incoming", "sign_for"): StepMeaning(
        state=_I.ARRIVED,
        verb="sign_for",
        before=receiving.before_answering_sender,
        when_done=receiving.sign_for,
        lasting=True,
    ),
    ("incoming", "register"): StepMeaning(
        state=_I.SIGNED_FOR,
        verb="register",
        before=demanding.before_demanding,
        after=demanding.note_demand,
        when_done=receiving.give_incoming_number,
        lasting=True,
        demands=True,
    ),
    ("incoming", "first_check"): StepMeaning(
        state=_I.FIRST_CHECK,
        verb="first_check",
        before=receiving.before_answering_sender,
        when_done=receiving.first_check,
    ),
    ("incoming", "propose"): StepMeaning(
        state=_I.PROPOSING,
        verb="propose",
        before=demanding.before_demanding,
        after=demanding.note_demand,
        demands=True,
    ),
    ("incoming", "instruct"): StepMeaning(
        state=_I.INSTRUCTING,
        verb="instruct",
        before=demanding.before_demanding,
        after=demanding.note_demand,
        demands=True,
    ),
    ("incoming", "handle"): StepMeaning(state=_I.HANDLING, verb="handle"),
    ("incoming", "circulate"): StepMeaning(state=_I.HANDLING, verb="circulate"),
    ("incoming", "reply"): StepMeaning(state=_I.REPLYING, verb="reply", before=replying.before_reply_is_done),
    ("incoming", "close"): StepMeaning(state=_I.REPLYING, verb="close"),
}
REQUIRED_STEPS: Mapping[str, frozenset[str]] = {
    "dispatch": frozenset({"draft", "sign", "check", "register", "render", "issue"}),
    "incoming": frozenset({"sign_for", "register", "first_check"}),
}
_UNKNOWN = StepMeaning(state="")
# Returned or withdrawn to one of these, a document is no longer approved.
_BEFORE_APPROVAL = frozenset({"draft", "review", "countersign", "sign"})


def meaning_of(document: Document, step_id: str) -> StepMeaning:
    """What the step does in this document's flow; nothing special for a step of an administrator's own."""
    return MEANINGS.get((document.direction, step_id), _UNKNOWN)


def before(case: StepCase) -> None:
    """Refuse when the step's demands are not met; nothing has been changed by then."""
    if case.item.role == ItemRole.READER:
        return
    meaning = meaning_of(case.document, case.item.step_id)
    if not meaning.demands or case.item.role == ItemRole.SIGNER:
        demanding.refuse_demand(case)
        weighing.refuse_weight(case)
    meaning.before(case)


def details(case: StepCase) -> dict[str, Any]:
    """What the history keeps of it beside the opinion; `arrival` tells one round of a step from the next."""
    found = meaning_of(case.document, case.item.step_id).details(case)
    return {**found, **weighing.given_weight(case), "arrival": str(case.item.arrival_id)}


def after(case: StepCase, act: Act) -> None:
    """Do what the step is for, each holder's part and then, once the step is done, the whole."""
    meaning = meaning_of(case.document, case.item.step_id)
    meaning.after(case, act)
    weighing.note_weight(case)
    if case.document.direction == "incoming" and "read_only" in act.variables:
        case.document.handling = "read" if act.variables["read_only"] else "act"
    if act.completed_step:
        meaning.when_done(case, act)


def verb_name(document: Document, act: Act) -> str:
    """What the history calls the act: the step's own verb for completing it, the act's for anything else.

    Who was only asked at a step (加签) has given a word and not done the step: an adviser at signing signs nothing.
    """
    if act.verb is not ActVerb.COMPLETE:
        return act.verb.value
    return GAVE_WORD if act.role is ItemRole.SIGNER else meaning_of(document, act.step_id).verb


def is_lasting(document: Document, step_id: str) -> bool:
    """Whether what the step does cannot be taken back."""
    return meaning_of(document, step_id).lasting


def current_state(session: Session, document: Document) -> str:
    """Where the document stands by the step that is open; empty when none is, or none that has a state."""
    open_steps = session.scalars(open_work(document).with_only_columns(WorkItem.step_id)).all()
    states = [meaning_of(document, step_id).state for step_id in open_steps]
    return next((state for state in states if state), "")


def undo_approval(session: Session, document: Document) -> None:
    """A document that is back at signing or before is not approved, whoever had signed it."""
    if document.signed_at is None or document.direction != "dispatch":
        return
    open_steps = set(session.scalars(open_work(document).with_only_columns(WorkItem.step_id)))
    if open_steps & _BEFORE_APPROVAL:
        document.signed_at = document.dated = None
        document.elements = {name: value for name, value in document.elements.items() if name != "signers"}


__all__ = [
    "MEANINGS",
    "REQUIRED_STEPS",
    "StepCase",
    "after",
    "before",
    "close",
    "current_state",
    "details",
    "is_lasting",
    "undo_approval",
    "verb_name",
]
