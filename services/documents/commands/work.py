"""The verbs of office work on a document: each moves the flow, keeps the history, and does what the step is for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands import steps
from services.documents.commands.history import doer_of, grant_sight, keep_act
from services.documents.domain.states import DispatchState, IncomingState
from services.documents.models import Document
from services.documents.queries.visibility import lock_document
from services.documents.queries.work import get_item
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts
from shared.events.documents import DocumentMovedOn
from shared.events.work import ItemRole
from shared.files import BlobStore
from shared.flow import verbs
from shared.flow.acts import Act, ActVerb, Assignee, Choice, Subject
from shared.flow.models import WorkItem
from shared.flow.verbs import describe_subject, start_flow
from shared.messaging import outbox

WORK_KIND = "documents"
FINAL_STATES = {"dispatch": DispatchState.ISSUED, "incoming": IncomingState.CLOSED}
_PASSIVE = frozenset({ActVerb.READ})


def start_work(
    session: Session, actor: Actor, clock: Clock, *, document: Document, variables: Mapping[str, Any]
) -> Act:
    """Put a new document on its way through its flow; whoever gets an item may see it."""
    act = start_flow(
        session,
        actor,
        clock,
        key=document.direction,
        subject=subject_of(document),
        unit_id=document.owner_unit_id,
        variables=variables,
        correlation_id=document.correlation_id,
    )
    document.flow_instance_id = act.instance_id
    _let_holders_see(session, document, act)
    return act


def complete_step(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    blobs: BlobStore,
    font_dir: str,
    request: Mapping[str, Any],
) -> Act:
    """Do an item: check what the step demands, move the flow on, and do what the step is for.

    `request` has opinion, outcome, variables, choices (posts for coming steps) and what the step itself asks.
    """
    document, item = _open_case(session, actor, clock, document_id, item_id)
    case = steps.StepCase(
        session=session,
        actor=actor,
        clock=clock,
        document=document,
        item=item,
        blobs=blobs,
        font_dir=font_dir,
        request=request,
    )
    steps.before(case)
    act = verbs.complete_item(
        session,
        actor,
        clock,
        item_id=item.id,
        opinion=request.get("opinion", ""),
        outcome=request.get("outcome", ""),
        variables=request.get("variables", {}),
        choices=_choices(request.get("choices", {})),
    )
    _keep(session, actor, document, act, details=steps.details(case))
    session.flush()
    steps.after(case, act)
    _follow(session, document)
    if act.ended and document.state not in (DispatchState.ABANDONED, IncomingState.RETURNED):
        document.state = FINAL_STATES[document.direction]
        steps.close(case)
    return act


def return_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    step_id: str,
    reason: str,
    post_ids: Sequence[UUID] = (),
) -> Act:
    """Return a document to an earlier step, with the reason; open siblings are cancelled (退回)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    if document.number and document.direction == "dispatch":
        raise errors.numbered_not_returned(document.title, document.number)
    choice = _choice({"post_ids": post_ids}) if post_ids else None
    act = verbs.return_to_step(
        session, actor, clock, item_id=item.id, step_id=step_id, reason=reason, choice=choice
    )
    session.flush()
    steps.undo_approval(session, document)
    _keep(session, actor, document, act, details={"to_step": step_id})
    _follow(session, document)
    return act


def withdraw_item(session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID) -> Act:
    """Take back what one has done while nobody has touched what came of it (撤回)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    if steps.is_lasting(document, item.step_id):
        raise errors.not_withdrawable(document.title, item.step_name)
    act = verbs.withdraw(session, actor, clock, item_id=item.id)
    session.flush()
    steps.undo_approval(session, document)
    _keep(session, actor, document, act)
    _follow(session, document)
    return act


def transfer_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    to_post_id: UUID,
    opinion: str = "",
) -> Act:
    """Give an item to another post (转办)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.transfer(session, actor, clock, item_id=item.id, to_post_id=to_post_id, opinion=opinion)
    _keep(session, actor, document, act)
    _follow(session, document)
    return act


def add_signers(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    item_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Act:
    """Ask further posts at this step (加签)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.add_signer(session, actor, clock, item_id=item.id, post_ids=post_ids, opinion=opinion)
    _keep(session, actor, document, act)
    _follow(session, document)
    return act


def circulate_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    post_ids: Sequence[UUID],
    opinion: str = "",
) -> Act:
    """Send a document round to be read; it holds nothing up, also after closing (传阅)."""
    document = lock_document(session, actor, document_id, now=clock.now())
    act = verbs.circulate(
        session,
        actor,
        clock,
        instance_id=_instance_of(document),
        post_ids=post_ids,
        work_kind=WORK_KIND,
        opinion=opinion,
    )
    _keep(session, actor, document, act)
    _follow(session, document)
    return act


def read_copy(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str = ""
) -> Act:
    """Be done with a circulated copy, with or without a word (阅毕)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.mark_read(session, actor, clock, item_id=item.id, opinion=opinion)
    _keep(session, actor, document, act)
    return act


def answer_copy(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str
) -> Act:
    """Write something about a circulated copy, also after the document was closed (传阅回复)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.answer_reading(session, actor, clock, item_id=item.id, opinion=opinion)
    _keep(session, actor, document, act)
    return act


def remind_holder(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID, opinion: str = ""
) -> Act:
    """Remind whoever holds an open item, and count it (催办)."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.remind(session, actor, clock, item_id=item.id, opinion=opinion)
    _keep(session, actor, document, act)
    return act


def open_item(session: Session, actor: Actor, clock: Clock, *, document_id: UUID, item_id: UUID) -> None:
    """Note that the holder has looked at an item; its sender cannot withdraw it any more."""
    document, item = _open_case(session, actor, clock, document_id, item_id)
    act = verbs.read_item(session, actor, clock, item_id=item.id)
    if act:
        _keep(session, actor, document, act)


def subject_of(document: Document) -> Subject:
    """The document as work items show it."""
    return Subject(
        id=document.id,
        kind=document.direction,
        title=document.title,
        link=f"/documents/{document.id}",
        number=document.number or document.source_number or "",
        document_kind=document.kind,
        urgency=document.urgency,
    )


def show_anew(session: Session, actor: Actor, clock: Clock, document: Document) -> None:
    """Let open items show what the document is called now."""
    if document.flow_instance_id:
        describe_subject(
            session, actor, clock, instance_id=document.flow_instance_id, subject=subject_of(document)
        )


def _open_case(
    session: Session, actor: Actor, clock: Clock, document_id: UUID, item_id: UUID
) -> tuple[Document, WorkItem]:
    document = lock_document(session, actor, document_id, now=clock.now())
    return document, get_item(session, document, item_id)


def _instance_of(document: Document) -> UUID:
    if document.flow_instance_id is None:
        raise errors.document_not_found(document.id)
    return document.flow_instance_id


def _choices(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Choice]:
    return {step_id: _choice(choice) for step_id, choice in given.items()}


def _choice(given: Mapping[str, Any]) -> Choice:
    lead: UUID | None = given.get("lead_post_id")
    posts: Sequence[UUID] = given.get("post_ids", ())
    deadline: date | None = given.get("deadline")
    if lead is None:
        return Choice(tuple(Assignee(post_id) for post_id in posts), deadline)
    helpers = (Assignee(post_id, ItemRole.ASSISTANT) for post_id in posts if post_id != lead)
    return Choice((Assignee(lead), *helpers), deadline)


def _keep(
    session: Session, actor: Actor, document: Document, act: Act, *, details: Mapping[str, Any] | None = None
) -> None:
    """One line of history for one act; whoever got an item may see the document from now on."""
    if act.verb in _PASSIVE and act.item_id is None:
        return
    _let_holders_see(session, document, act)
    for_name = _absent_name(session, act)
    keep_act(
        session,
        actor,
        document,
        at=act.at,
        verb=steps.verb_name(document, act),
        step=act.step_name or act.verb_name,
        outcome=act.outcome_label,
        opinion=act.opinion,
        on_behalf_post_id=act.for_post_id,
        on_behalf_name=for_name,
        details={**(details or {}), "to": [str(card.post_id) for card in act.opened]},
    )
    if act.verb is ActVerb.READ:
        return
    outbox.record(
        session,
        actor,
        DocumentMovedOn(
            document_id=document.id,
            verb=act.verb.value,
            step=act.step_name or act.verb_name,
            outcome=act.outcome,
            opinion=act.opinion,
            state=document.state,
            doer=doer_of(actor, on_behalf_of=for_name),
            done_at=act.at,
        ),
    )


def _absent_name(session: Session, act: Act) -> str:
    if act.for_post_id is None:
        return ""
    card = list_posts(session, [act.for_post_id]).get(act.for_post_id)
    return card.label if card else ""


def _let_holders_see(session: Session, document: Document, act: Act) -> None:
    grant_sight(session, document.id, [card.post_id for card in act.opened], reason="work_item")


def _follow(session: Session, document: Document) -> None:
    """The document's state follows the step that its flow has come to."""
    session.flush()
    document.revision += 1
    if current := steps.current_state(session, document):
        document.state = current
