"""Drafting (起草): a new document in its drafter's hands."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.demanding import check_day
from services.documents.commands.elements import (
    check_issuing_code,
    check_passed_on,
    kept_elements,
    plain_facts,
    units_named,
)
from services.documents.commands.history import keep_act, terms_of
from services.documents.commands.soundness import refuse_secret, refuse_secret_words
from services.documents.commands.work import start_work
from services.documents.domain.kinds import get_kind
from services.documents.domain.states import DispatchState
from services.documents.models import Document, DocumentVersion
from services.documents.queries.visibility import get_document
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryUnit, get_organ, list_units
from shared.events.base import dump_fields
from shared.events.documents import DocumentDrafted
from shared.events.origin import Origin
from shared.history import doer_of
from shared.ids import new_id
from shared.messaging import outbox


def draft_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    draft: Mapping[str, Any],
    owner_unit_id: UUID | None = None,
    origin: Origin | None = None,
) -> Document:
    """Begin a document of the actor's organ; the drafter sees it and may change it until it is submitted.

    Another organ than the drafter's own, and the item of another service that leads to it, are named by the suite.
    """
    if actor.unit_id is None or actor.post_id is None:
        raise errors.needs_a_post()
    refuse_secret(draft["title"], draft["body"], draft.get("secrecy", ""))
    refuse_secret_words(draft)
    # One look at the directory for the drafter's own unit and all that are named.
    units = list_units(session, {actor.unit_id, *units_named(draft)})
    organ = get_organ(session, owner_unit_id or actor.unit_id)
    check_issuing_code(draft.get("issuing_code"), organ)
    check_day(session, clock, draft.get("answer_by"), organ=organ)
    check_passed_on(draft.get("passed_on"), today=clock.today())
    elements = kept_elements(units, draft, organ=organ)
    document = _new_document(session, actor, clock, draft=draft, organ=organ, elements=elements)
    if origin:
        _keep_origin(document, origin)
    version = new_version(document, actor, clock, body=draft["body"], note="起草")
    document.terms = terms_of(document, version)
    # What the document begins with is written with its flow.
    with session.no_autoflush:
        session.add_all([document, version])
        keep_act(session, actor, document, at=clock.now(), verb="create", step="起草")
        outbox.record(
            session,
            actor,
            DocumentDrafted(
                document_id=document.id,
                owner_unit_id=organ.id,
                direction="dispatch",
                kind=document.kind,
                title=document.title,
                urgency=document.urgency,
                doer=doer_of(actor),
                drafted_at=clock.now(),
                reply_to_id=document.reply_to_id,
                origin=origin,
            ),
            correlation_id=document.correlation_id,
        )
    sight = {actor.post_id: "drafter", organ.id: "owner"}
    start_work(session, actor, clock, document=document, variables={}, sight=sight)
    return document


def new_version(
    document: Document, actor: Actor, clock: Clock, *, body: Sequence[str], note: str
) -> DocumentVersion:
    """The document's text as it is now, under its present version number."""
    return DocumentVersion(
        document_id=document.id,
        number=document.version_number,
        title=document.title,
        body=list(body),
        elements=document.elements,
        note=note,
        saved_at=clock.now(),
        saved_by_person_id=actor.person_id,
        saved_by_post_id=actor.post_id,
        saved_by_name=actor.person_name,
    )


def _new_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    draft: Mapping[str, Any],
    organ: DirectoryUnit,
    elements: dict[str, Any],
) -> Document:
    kind = get_kind(draft["kind"])
    reply_to_id = draft.get("reply_to_id")
    return Document(
        id=new_id(),
        direction="dispatch",
        state=DispatchState.DRAFTING,
        version_number=1,
        correlation_id=_chain_of(session, actor, clock, reply_to_id) if reply_to_id else actor.correlation_id,
        owner_unit_id=organ.id,
        office_unit_id=actor.unit_id,
        kind=kind.name,
        title=draft["title"],
        urgency=draft.get("urgency", ""),
        form=draft.get("form") or kind.usual_form,
        issuing_code=draft.get("issuing_code"),
        elements=elements,
        facts=plain_facts(draft.get("facts", {})),
        terms=[],
        drafter_person_id=actor.person_id,
        drafter_post_id=actor.post_id,
        drafter_name=actor.person_name,
        created_at=clock.now(),
        reply_to_id=reply_to_id,
    )


def _keep_origin(document: Document, origin: Origin) -> None:
    document.origin_system, document.origin_kind = origin.system, origin.kind
    document.origin_id, document.origin = origin.id, dump_fields(origin)


def _chain_of(session: Session, actor: Actor, clock: Clock, reply_to_id: UUID) -> UUID:
    """A reply belongs to the chain of what it answers."""
    asked = get_document(session, actor, reply_to_id, now=clock.now())
    if asked.direction != "incoming":
        raise errors.only_incoming_answered(asked.title)
    return asked.correlation_id
