"""Taking in (收文办理): signing for, registering, the first check, and telling the sender."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents import errors
from services.documents.commands.history import keep_findable
from services.documents.commands.steps.case import StepCase
from services.documents.domain.states import IncomingState, ReceiptAct, ReceiptState, receipt_after
from services.documents.models import Document, DocumentVersion, Receipt
from shared.auth import Actor
from shared.events.documents import DocumentAbandoned, ReceiptConfirmed
from shared.flow.acts import Act
from shared.messaging import outbox
from shared.numbering import take_number

RETURNED = "return_to_sender"


def before_answering_sender(case: StepCase) -> None:
    """What goes back to its sender goes with the reason (条例第二十四条（三）)."""
    if case.outcome == RETURNED and not case.opinion.strip():
        raise errors.reason_missing("退回来文单位")


def sign_for(case: StepCase, act: Act) -> None:
    """The unit has it: the time of signing for is kept, and the sender is told (条例第二十四条（一）)."""
    if case.outcome == RETURNED:
        return return_to_sender(case, act)
    case.document.received_at = case.clock.now()
    confirm(case.session, case.actor, case.document, ReceiptAct.SIGN_FOR, at=case.clock.now())
    return None


def first_check(case: StepCase, act: Act) -> None:
    """What breaks the rules goes back to its sender (条例第二十四条（三）)."""
    if case.outcome == RETURNED:
        return_to_sender(case, act)


def give_incoming_number(case: StepCase, act: Act) -> None:
    """The receiving organ's own running number of the year (收文编号), gap-free."""
    document, year = case.document, case.clock.today().year
    if document.incoming_number:
        return
    case.session.flush()
    series = f"incoming:{document.owner_unit_id}:{year}"
    number = take_number(case.session, series=series, subject=document.id)
    document.incoming_number = f"收〔{year}〕{number}号"
    version = case.session.get_one(DocumentVersion, (document.id, document.version_number))
    keep_findable(case.session, document, version)


def return_to_sender(case: StepCase, act: Act) -> None:
    """Send it back: the receipt says why, and nothing more follows here."""
    document, now = case.document, case.clock.now()
    document.state = IncomingState.RETURNED
    document.closed_at = now
    confirm(case.session, case.actor, document, ReceiptAct.RETURN, at=now, reason=case.opinion)
    outbox.record(
        case.session,
        case.actor,
        DocumentAbandoned(document_id=document.id, reason=case.opinion, doer=case.doer, abandoned_at=now),
    )


def confirm(
    session: Session, actor: Actor, incoming: Document, act: ReceiptAct, *, at: datetime, reason: str = ""
) -> None:
    """Move the receipt of an incoming document on and tell the sender; one from outside the suite has none."""
    if incoming.source_id is None:
        return
    receipt = find_receipt(session, incoming.source_id, incoming.owner_unit_id)
    if receipt is None:
        return
    receipt.state = receipt_after(ReceiptState(receipt.state), act)
    receipt.incoming_id = incoming.id
    receipt.reason = reason
    receipt.person_name, receipt.post_title = actor.person_name, actor.post_title
    moments = {
        ReceiptState.DELIVERED: "delivered_at",
        ReceiptState.SIGNED_FOR: "signed_for_at",
        ReceiptState.RETURNED: "returned_at",
    }
    setattr(receipt, moments[ReceiptState(receipt.state)], at)
    outbox.record(
        session,
        actor,
        ReceiptConfirmed(
            receipt_id=receipt.id,
            document_id=receipt.document_id,
            unit_id=receipt.unit_id,
            unit_name=receipt.unit_name,
            state=receipt.state,
            reason=reason,
            confirmed_at=at,
        ),
    )


def find_receipt(session: Session, document_id: UUID, unit_id: UUID) -> Receipt | None:
    """The receipt of one unit for one issued document, held until the transaction ends."""
    wanted = sa.select(Receipt).where(Receipt.document_id == document_id, Receipt.unit_id == unit_id)
    return session.scalars(wanted.with_for_update()).one_or_none()
