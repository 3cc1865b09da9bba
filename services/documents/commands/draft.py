"""Drafting (起草): a new document, and changes to its text while it is on its way."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.history import doer_of, grant_sight, keep_act, keep_findable
from services.documents.commands.soundness import refuse_secret
from services.documents.commands.work import show_anew, start_work
from services.documents.domain.kinds import get_kind
from services.documents.domain.states import CHANGEABLE_STATES, DISPATCH, DispatchState
from services.documents.models import Document, DocumentVersion
from services.documents.queries.visibility import get_document, lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, list_units
from shared.directory.looking import unit_unknown
from shared.events.documents import DocumentDrafted, DocumentRevised
from shared.ids import new_id
from shared.messaging import outbox

# Elements that are kept together and not searched by; the rest have columns of their own.
KEPT_ELEMENTS = (
    "recipients",
    "copies",
    "co_issuers",
    "mark",
    "secrecy",
    "signatories",
    "note",
    "contact",
    "present",
    "excused",
    "observing",
    "importance",
    "subject_class",
)


def draft_document(session: Session, actor: Actor, clock: Clock, *, draft: Mapping[str, Any]) -> Document:
    """Begin a document of the actor's organ; the drafter sees it and may change it until it is submitted."""
    refuse_secret(draft["title"], draft["body"], draft.get("secrecy", ""))
    now = clock.now()
    organ = get_organ(session, _unit_of(actor))
    _check_issuing_code(draft.get("issuing_code"), organ.issuing_codes)
    chain = actor.correlation_id
    if draft.get("reply_to_id"):
        chain = get_document(session, actor, draft["reply_to_id"], now=now).correlation_id
    document = Document(
        id=new_id(),
        direction="dispatch",
        state=DispatchState.DRAFTING,
        correlation_id=chain,
        owner_unit_id=organ.id,
        office_unit_id=_unit_of(actor),
        kind=get_kind(draft["kind"]).name,
        title=draft["title"],
        urgency=draft.get("urgency", ""),
        form=draft.get("form", "document"),
        issuing_code=draft.get("issuing_code"),
        elements=_kept_elements(session, draft, default_signatory=organ.name),
        facts=_plain_facts(draft.get("facts", {})),
        terms=[],
        drafter_person_id=actor.person_id,
        drafter_post_id=actor.post_id,
        drafter_name=actor.person_name,
        created_at=now,
        reply_to_id=draft.get("reply_to_id"),
    )
    session.add(document)
    version = _new_version(document, actor, clock, body=draft["body"], note="起草")
    session.add(version)
    session.flush()
    keep_findable(session, document, version)
    grant_sight(session, document.id, [_post_of(actor)], reason="drafter")
    grant_sight(session, document.id, [organ.id], reason="owner")
    keep_act(session, actor, document, at=now, verb="create", step="起草")
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
            drafted_at=now,
            reply_to_id=document.reply_to_id,
        ),
        correlation_id=chain,
    )
    start_work(session, actor, clock, document=document, variables={})
    return document


def revise_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Document:
    """Change the text or elements of a document on the way; a new version is kept, with who changed what.

    Whoever holds the current step may change it; after signing that is a substantive change, which goes back to
    the signer (条例第二十五条（一）). Problem 412 when somebody else changed it since it was read.
    """
    document = lock_document(session, actor, document_id, now=clock.now())
    if expected_revision is not None and expected_revision != document.revision:
        raise errors.changed_by_another(document.title)
    if document.direction != "dispatch" or document.state not in CHANGEABLE_STATES:
        raise errors.not_changeable(document.title)
    current = session.get_one(DocumentVersion, (document.id, document.version_number))
    title, body = changes.get("title", current.title), changes.get("body", current.body)
    refuse_secret(title, body, changes.get("secrecy", document.elements.get("secrecy", "")))
    _apply(session, document, changes)
    document.version_number += 1
    document.revision += 1
    version = _new_version(document, actor, clock, body=body, note=changes.get("version_note", ""))
    session.add(version)
    session.flush()
    keep_findable(session, document, version)
    keep_act(
        session,
        actor,
        document,
        at=clock.now(),
        verb="revise",
        step=_step_name(document),
        details={"version": version.number},
    )
    outbox.record(
        session,
        actor,
        DocumentRevised(
            document_id=document.id,
            version=version.number,
            title=document.title,
            urgency=document.urgency,
            doer=doer_of(actor),
            revised_at=clock.now(),
        ),
    )
    show_anew(session, actor, clock, document)
    return document


def _apply(session: Session, document: Document, changes: Mapping[str, Any]) -> None:
    if "kind" in changes:
        document.kind = get_kind(changes["kind"]).name
    if "issuing_code" in changes:
        organ = get_organ(session, document.owner_unit_id)
        _check_issuing_code(changes["issuing_code"], organ.issuing_codes)
    for name in ("title", "urgency", "form", "issuing_code"):
        if name in changes:
            setattr(document, name, changes[name])
    if "facts" in changes:
        document.facts = {**document.facts, **_plain_facts(changes["facts"])}
    kept = _kept_elements(session, changes, default_signatory="")
    document.elements = {**document.elements, **kept}


def _kept_elements(session: Session, given: Mapping[str, Any], *, default_signatory: str) -> dict[str, Any]:
    kept = {name: given[name] for name in KEPT_ELEMENTS if name in given}
    for name in ("recipients", "copies"):
        if name in kept:
            kept[name] = _named(session, kept[name])
    if "co_issuers" in kept:
        named = _named(session, [{"unit_id": unit} for unit in kept["co_issuers"]])
        kept["co_issuers"] = [unit["unit_id"] for unit in named]
    if default_signatory:
        kept["signatories"] = kept.get("signatories") or [default_signatory]
    return kept


def _named(session: Session, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Receiving units with the names that they have now; Problem 422 for one that is not in the directory."""
    units = list_units(session, [to["unit_id"] for to in given])
    named: dict[str, dict[str, Any]] = {}
    for to in given:
        unit = units.get(to["unit_id"])
        if unit is None or not unit.active:
            raise unit_unknown(to["unit_id"])
        named[str(unit.id)] = {
            "unit_id": str(unit.id),
            "name": unit.name,
            "leader": to.get("leader", False),
        }
    return list(named.values())


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [str(item) for item in value] if isinstance(value, list) else value
        for name, value in facts.items()
    }


def _new_version(
    document: Document, actor: Actor, clock: Clock, *, body: Sequence[str], note: str
) -> DocumentVersion:
    return DocumentVersion(
        document_id=document.id,
        number=document.version_number or 1,
        title=document.title,
        body=list(body),
        elements=document.elements,
        note=note,
        saved_at=clock.now(),
        saved_by_person_id=actor.person_id,
        saved_by_post_id=actor.post_id,
        saved_by_name=actor.person_name,
    )


def _check_issuing_code(code: str | None, known: Sequence[str]) -> None:
    if code and code not in known:
        raise errors.issuing_code_unknown(code, known)


def _step_name(document: Document) -> str:
    return DISPATCH.labels[DispatchState(document.state)]


def _unit_of(actor: Actor) -> UUID:
    if actor.unit_id is None:
        raise errors.needs_a_post()
    return actor.unit_id


def _post_of(actor: Actor) -> UUID:
    if actor.post_id is None:
        raise errors.needs_a_post()
    return actor.post_id
