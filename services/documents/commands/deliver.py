"""Delivery (送达): an issued document reaches its receiving units, each by itself."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.commands.arriving import begin_incoming
from services.documents.commands.files import keep_file, ref_of
from services.documents.commands.soundness import refuse_secret
from services.documents.commands.steps.receiving import confirm, find_receipt
from services.documents.domain.states import IncomingState, ReceiptAct, ReceiptState
from services.documents.models import Document, DocumentFile, DocumentVersion, Receipt
from services.documents.queries.documents import list_files
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryUnit, get_organ, list_holders
from shared.errors import Problem
from shared.ids import new_id
from shared.permissions import Permission

_log = logging.getLogger(__name__)
_COPIED_ROLES = ("rendered", "attachment")
# What the sender asks for is offered to the receiving unit, which decides (请于…前反馈).
_COPIED_ELEMENTS = ("attachment_names", "answer_by")


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """What every receiving unit of one issued document gets: read once, however many they are."""

    source: Document
    sender_name: str
    version: DocumentVersion
    files: Sequence[DocumentFile]


def deliver_document(session: Session, actor: Actor, clock: Clock, *, document_id: UUID) -> None:
    """Bring an issued document to every receiving unit that does not have it yet; repeating it changes nothing.

    A unit that cannot take it (nobody there keeps its registry) keeps nobody else waiting: its receipt stays at
    "sent" with the reason, and is tried again.
    """
    waiting = sa.select(Receipt.unit_id).where(
        Receipt.document_id == document_id, Receipt.state == ReceiptState.SENT
    )
    _deliver(session, actor, clock, document_id=document_id, unit_ids=session.scalars(waiting).all())


def deliver_waiting(session: Session, actor: Actor, clock: Clock) -> None:
    """Try again what could not be delivered, where somebody keeps the registry by now."""
    late = sa.select(Receipt.document_id, Receipt.unit_id).where(Receipt.state == ReceiptState.SENT)
    by_document: dict[UUID, list[UUID]] = {}
    for document_id, unit_id in session.execute(late.order_by(Receipt.sent_at, Receipt.id)):
        by_document.setdefault(document_id, []).append(unit_id)
    units = {unit_id for waiting in by_document.values() for unit_id in waiting}
    open_units = {unit for unit in units if list_holders(session, unit, Permission.DOCUMENTS_REGISTRY)}
    for document_id, waiting in by_document.items():
        if ready := [unit_id for unit_id in waiting if unit_id in open_units]:
            _deliver(session, actor, clock, document_id=document_id, unit_ids=ready)


def _deliver(
    session: Session, actor: Actor, clock: Clock, *, document_id: UUID, unit_ids: Sequence[UUID]
) -> None:
    if not unit_ids:
        return
    source = session.get_one(Document, document_id)
    consignment = Consignment(
        source=source,
        sender_name=get_organ(session, source.owner_unit_id).name,
        version=session.get_one(DocumentVersion, (source.id, source.version_number)),
        files=[file for role in _COPIED_ROLES for file in list_files(session, source.id, role=role)],
    )
    # In one order, so that the event and the timer never wait for each other in a circle.
    for unit_id in sorted(unit_ids):
        try:
            with session.begin_nested():
                within = actor.within(source.correlation_id)
                _deliver_to(session, within, clock, consignment=consignment, unit_id=unit_id)
        except Problem as problem:
            _log.warning("document %s cannot be delivered to %s: %s", document_id, unit_id, problem.code)
            session.execute(
                sa.update(Receipt)
                .where(Receipt.document_id == document_id, Receipt.unit_id == unit_id)
                .values(reason=f"{problem.title}：{problem.detail}")
            )


def _deliver_to(
    session: Session, actor: Actor, clock: Clock, *, consignment: Consignment, unit_id: UUID
) -> None:
    receipt = find_receipt(session, consignment.source.id, unit_id)
    if receipt is None or receipt.state != ReceiptState.SENT:
        return
    version = consignment.version
    refuse_secret(version.title, version.body, consignment.source.elements.get("secrecy", ""))
    document = _incoming_of(consignment, receipt, get_organ(session, unit_id), clock)
    begin_incoming(session, actor, clock, document=document, body=version.body)
    for file in consignment.files:
        keep_file(
            session,
            actor,
            clock,
            document_id=document.id,
            role=file.role,
            blob=ref_of(file),
            title=file.title,
            position=file.position,
        )
    confirm(session, actor, document, ReceiptAct.DELIVER, at=clock.now())


def _incoming_of(consignment: Consignment, receipt: Receipt, organ: DirectoryUnit, clock: Clock) -> Document:
    source = consignment.source
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
        elements={name: source.elements[name] for name in _COPIED_ELEMENTS if name in source.elements},
        facts={},
        terms=[],
        created_at=clock.now(),
        dated=source.dated,
        issued_at=source.issued_at,
        source_id=source.id,
        sender_unit_id=source.owner_unit_id,
        sender_name=consignment.sender_name,
        source_number=source.number,
        received_as=receipt.received_as,
    )
