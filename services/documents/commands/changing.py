"""Who may change a dispatch on its way, and what a change after signing means."""

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.domain.states import CHANGEABLE_STATES, DispatchState, label_of
from services.documents.models import Document
from services.documents.queries.work import find_held_item, is_partly_signed
from shared.auth import Actor
from shared.clock import Clock
from shared.flow.models import WorkItem


def require_changeable(session: Session, actor: Actor, clock: Clock, *, document: Document) -> WorkItem:
    """The item under which the actor may change the document now: an open one of its own, or of whom it stands in for.

    Problem 409 when the text is final or some have signed it already, 403 when it is not in the actor's hands.
    """
    if document.direction != "dispatch" or document.state not in CHANGEABLE_STATES:
        raise errors.not_changeable(document.title)
    item = find_held_item(session, actor, document, now=clock.now())
    if item is None:
        raise errors.not_in_your_hands(document.title, label_of(document.direction, document.state))
    if is_partly_signed(session, document):
        raise errors.partly_signed(document.title)
    return item


def note_change(document: Document) -> None:
    """A change after signing goes back to who signed (条例第二十五条（一）): rule R16 sees to it."""
    document.revision += 1
    if document.state == DispatchState.CHECKING:
        document.facts = {**document.facts, "changed_after_signing": True, "approved_again": False}
