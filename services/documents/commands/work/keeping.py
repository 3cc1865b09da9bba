"""What every verb has in common: the document under lock with its item, one line of history, the state that follows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents.commands import steps
from services.documents.commands.history import grant_sight, keep_act
from services.documents.commands.soundness import refuse_secret_words
from services.documents.models import Document
from services.documents.queries.visibility import lock_document
from services.documents.queries.work import get_item
from shared.auth import Actor
from shared.clock import Clock
from shared.events.documents import DocumentMovedOn
from shared.flow.acts import Act, ActVerb
from shared.flow.models import WorkItem
from shared.history import absent_name, doer_of
from shared.messaging import outbox

# Looking at something is kept in the history and not told to others: the flow tells it already.
_UNTOLD = frozenset({ActVerb.READ})


def open_case(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID
) -> tuple[Document, WorkItem]:
    """A document that the actor takes part in, held until the transaction ends, and one of its items."""
    document = lock_document(session, actor, document_id, now=clock.now())
    return document, get_item(session, document, item_id)


def keep(
    session: Session, actor: Actor, document: Document, act: Act, *, details: Mapping[str, Any] | None = None
) -> None:
    """One line of history for one act; whoever got an item may see the document from now on."""
    refuse_secret_words({"opinion": act.opinion})
    let_holders_see(session, document, act)
    for_name = absent_name(session, act.for_post_id)
    step = act.step_name or act.verb_name
    keep_act(
        session,
        actor,
        document,
        at=act.at,
        verb=steps.verb_name(document, act),
        step=step,
        outcome=act.outcome_label,
        opinion=act.opinion,
        on_behalf_post_id=act.for_post_id,
        on_behalf_name=for_name,
        details={**(details or {}), "to": [str(card.post_id) for card in act.opened]},
    )
    if act.verb in _UNTOLD:
        return
    outbox.record(
        session,
        actor,
        DocumentMovedOn(
            document_id=document.id,
            verb=act.verb.value,
            step=step,
            outcome=act.outcome,
            opinion=act.opinion,
            state=document.state,
            doer=doer_of(actor, on_behalf_of=for_name),
            done_at=act.at,
        ),
    )


def follow(session: Session, document: Document) -> None:
    """The document's state follows the step that its flow has come to."""
    session.flush()
    document.revision += 1
    if current := steps.current_state(session, document):
        document.state = current


def let_holders_see(session: Session, document: Document, act: Act) -> None:
    """Whoever has, or had, an item of a document may see it."""
    grant_sight(session, document.id, [card.post_id for card in act.opened], reason="work_item")
