"""Arrival (收文): an issued document reaches its receiving units; one from outside the suite is entered by hand."""

import logging
from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.files import keep_file, read_bounded
from services.documents.commands.history import grant_sight, keep_act, keep_findable
from services.documents.commands.soundness import refuse_secret
from services.documents.commands.steps.receiving import confirm, find_receipt
from services.documents.commands.work import start_work
from services.documents.domain.kinds import get_kind
from services.documents.domain.states import IncomingState, ReceiptAct, ReceiptState
from services.documents.intake import read_document
from services.documents.models import Document, DocumentFile, DocumentVersion, Receipt
from services.documents.queries.documents import list_files
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryUnit, get_organ
from shared.errors import Problem
from shared.events.documents import DocumentArrived
from shared.files import BlobRef, BlobStore
from shared.ids import new_id
from shared.messaging import outbox

_log = logging.getLogger(__name__)
_COPIED_ROLES = ("rendered", "attachment")


def deliver_document(session: Session, actor: Actor, clock: Clock, *, document_id: UUID) -> None:
    """Bring an issued document to every receiving unit that does not have it yet; repeating it changes nothing.

    A unit that cannot take it (nobody there keeps its registry) keeps nobody else waiting: its receipt stays at
    "sent" with the reason, and is tried again.
    """
    source = session.get_one(Document, document_id)
    waiting = sa.select(Receipt.unit_id).where(
        Receipt.document_id == document_id, Receipt.state == ReceiptState.SENT
    )
    for unit_id in session.scalars(waiting.order_by(Receipt.unit_id)).all():
        try:
            with session.begin_nested():
                _deliver_to(
                    session, actor.within(source.correlation_id), clock, source=source, unit_id=unit_id
                )
        except Problem as problem:
            _log.warning("document %s cannot be delivered to %s: %s", document_id, unit_id, problem.code)
            session.execute(
                sa.update(Receipt)
                .where(Receipt.document_id == document_id, Receipt.unit_id == unit_id)
                .values(reason=f"{problem.title}：{problem.detail}")
            )


def deliver_waiting(session: Session, actor: Actor, clock: Clock) -> None:
    """Try again what could not be delivered."""
    waiting = sa.select(Receipt.document_id).where(Receipt.state == ReceiptState.SENT).distinct().limit(100)
    for document_id in session.scalars(waiting).all():
        deliver_document(session, actor, clock, document_id=document_id)


def receive_external(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    blobs: BlobStore,
    stream: IO[bytes],
    name: str,
    facts: Mapping[str, Any],
) -> Document:
    """Enter a document that came from outside the suite; its file is read, kept and refused when it is secret."""
    if actor.unit_id is None:
        raise errors.needs_a_post()
    data = read_bounded(stream)
    read = read_document(data, name=name)
    title = facts.get("title") or read.title
    refuse_secret(title, read.first_page, "")
    organ = get_organ(session, actor.unit_id)
    blob = blobs.put(data, media_type=read.media_type, name=name)
    document = Document(
        id=new_id(),
        direction="incoming",
        state=IncomingState.ARRIVED,
        correlation_id=actor.correlation_id,
        owner_unit_id=organ.id,
        office_unit_id=actor.unit_id,
        kind=get_kind(facts["kind"]).name,
        title=title,
        urgency=facts.get("urgency", ""),
        elements={},
        facts={},
        terms=[],
        created_at=clock.now(),
        dated=facts.get("dated"),
        sender_name=facts["sender_name"],
        source_number=facts.get("source_number") or None,
        received_as=facts.get("received_as", "addressee"),
    )
    _begin(session, actor, clock, document=document, body=list(read.paragraphs))
    keep_file(session, actor, clock, document_id=document.id, role="rendered", blob=blob, title="正本")
    return document


def _deliver_to(session: Session, actor: Actor, clock: Clock, *, source: Document, unit_id: UUID) -> None:
    receipt = find_receipt(session, source.id, unit_id)
    if receipt is None or receipt.state != ReceiptState.SENT:
        return
    organ = get_organ(session, unit_id)
    version = session.get_one(DocumentVersion, (source.id, source.version_number))
    refuse_secret(version.title, version.body, source.elements.get("secrecy", ""))
    document = _incoming_of(source, receipt, organ, clock)
    document.sender_name = get_organ(session, source.owner_unit_id).name
    _begin(session, actor, clock, document=document, body=version.body)
    for role in _COPIED_ROLES:
        for file in list_files(session, source.id, role=role):
            keep_file(
                session,
                actor,
                clock,
                document_id=document.id,
                role=role,
                blob=_ref(file),
                title=file.title,
                position=file.position,
            )
    confirm(session, actor, document, ReceiptAct.DELIVER, at=clock.now())


def _incoming_of(source: Document, receipt: Receipt, organ: DirectoryUnit, clock: Clock) -> Document:
    return Document(
        id=new_id(),
        direction="incoming",
        state=IncomingState.ARRIVED,
        correlation_id=source.correlation_id,
        owner_unit_id=organ.id,
        office_unit_id=organ.id,
        kind=source.kind,
        title=source.title,
        urgency=source.urgency,
        form=source.form,
        elements={"attachment_names": source.elements.get("attachment_names", [])},
        facts={},
        terms=[],
        created_at=clock.now(),
        dated=source.dated,
        issued_at=source.issued_at,
        source_id=source.id,
        sender_unit_id=source.owner_unit_id,
        source_number=source.number,
        received_as=receipt.received_as,
    )


def _begin(session: Session, actor: Actor, clock: Clock, *, document: Document, body: list[str]) -> None:
    """What every incoming document starts with: its text, its flow at the registry, and word of its arrival."""
    session.add(document)
    version = DocumentVersion(
        document_id=document.id,
        number=1,
        title=document.title,
        body=body,
        elements=document.elements,
        saved_at=clock.now(),
        saved_by_name=document.sender_name or "",
    )
    session.add(version)
    session.flush()
    keep_findable(session, document, version)
    grant_sight(session, document.id, [document.owner_unit_id], reason="owner")
    outbox.record(
        session,
        actor,
        DocumentArrived(
            document_id=document.id,
            source_id=document.source_id or document.id,
            owner_unit_id=document.owner_unit_id,
            direction="incoming",
            kind=document.kind,
            title=document.title,
            number=document.source_number or "",
            urgency=document.urgency,
            sender_name=document.sender_name or "",
            arrived_at=clock.now(),
        ),
        correlation_id=document.correlation_id,
    )
    keep_act(session, actor, document, at=clock.now(), verb="arrive", step="送达")
    start_work(session, actor, clock, document=document, variables={})


def _ref(file: DocumentFile) -> BlobRef:
    return BlobRef(digest=file.digest, size=file.size, media_type=file.media_type, name=file.name)
