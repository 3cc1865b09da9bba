"""Changing the text or the elements of a dispatch on its way (修改); every state of the text is kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.changing import note_change, require_changeable
from services.documents.commands.demanding import check_day
from services.documents.commands.draft import new_version
from services.documents.commands.elements import (
    check_issuing_code,
    check_passed_on,
    kept_elements,
    plain_facts,
    units_named,
)
from services.documents.commands.history import keep_act, keep_findable
from services.documents.commands.soundness import refuse_secret, refuse_secret_words
from services.documents.commands.work import show_anew
from services.documents.domain.kinds import get_kind
from services.documents.models import Document, DocumentVersion
from services.documents.queries.visibility import lock_document
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, list_units
from shared.events.documents import DocumentRevised
from shared.flow.models import WorkItem
from shared.history import absent_name, doer_of
from shared.messaging import outbox


def revise_document(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    document_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Document:
    """Change a document that is in the actor's hands; a new version is kept, with who changed it and when.

    Problem 412 when somebody else changed it since it was read, 409 when it is final, 403 when others have it.
    """
    document = lock_document(session, actor, document_id, now=clock.now())
    if expected_revision is not None and expected_revision != document.revision:
        raise errors.changed_by_another(document.title)
    item = require_changeable(session, actor, clock, document=document)
    current = session.get_one(DocumentVersion, (document.id, document.version_number))
    title, body = changes.get("title", current.title), changes.get("body", current.body)
    refuse_secret(title, body, changes.get("secrecy", document.elements.get("secrecy", "")))
    refuse_secret_words(changes)
    _apply(session, clock, document, changes)
    note_change(document)
    document.version_number += 1
    version = new_version(document, actor, clock, body=body, note=changes.get("version_note", ""))
    session.add(version)
    session.flush()
    keep_findable(session, document, version)
    _tell(session, actor, clock, document, version=version, item=item)
    show_anew(session, actor, clock, document)
    return document


def _apply(session: Session, clock: Clock, document: Document, changes: Mapping[str, Any]) -> None:
    organ = get_organ(session, document.owner_unit_id)
    check_day(session, clock, changes.get("answer_by"), organ=organ)
    check_passed_on(changes.get("passed_on"), today=clock.today())
    check_issuing_code(changes.get("issuing_code"), organ)
    if "kind" in changes:
        document.kind = get_kind(changes["kind"]).name
    for name in ("title", "urgency", "form", "issuing_code"):
        if name in changes:
            setattr(document, name, changes[name])
    if "facts" in changes:
        document.facts = {**document.facts, **plain_facts(changes["facts"])}
    units = list_units(session, units_named(changes))
    document.elements = {**document.elements, **kept_elements(units, changes, organ=organ)}


def _tell(
    session: Session,
    actor: Actor,
    clock: Clock,
    document: Document,
    *,
    version: DocumentVersion,
    item: WorkItem,
) -> None:
    absent = item.post_id if item.post_id != actor.post_id else None
    for_name = absent_name(session, absent)
    keep_act(
        session,
        actor,
        document,
        at=clock.now(),
        verb="revise",
        step=item.step_name,
        on_behalf_post_id=absent,
        on_behalf_name=for_name,
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
            doer=doer_of(actor, on_behalf_of=for_name),
            revised_at=clock.now(),
        ),
    )
