"""Issuing (核发): the document goes to its receiving units, and each gets a receipt to answer."""

from uuid import UUID

from services.documents import errors
from services.documents.commands.files import ref_of, told
from services.documents.commands.history import grant_sight
from services.documents.commands.steps.case import StepCase
from services.documents.commands.steps.replying import note_reply
from services.documents.domain.kinds import Direction, get_kind
from services.documents.domain.states import ReceiptState
from services.documents.models import Document, Receipt
from services.documents.queries.documents import list_files, origin_of
from services.documents.queries.visibility import AS_RECIPIENT
from shared.events.documents import DocumentIssued, Recipient
from shared.flow.acts import Act
from shared.ids import new_id
from shared.messaging import outbox


def before_issuing(case: StepCase) -> None:
    """Only what is printed can be sent, and only to somebody unless it is published."""
    document = case.document
    if not list_files(case.session, document.id, role="rendered"):
        raise errors.not_rendered(document.title)
    published = Direction.PUBLIC in get_kind(document.kind).directions
    if not recipients_of(document) and not published and document.kind != "纪要":
        raise errors.no_recipients(document.title)


def issue(case: StepCase, act: Act) -> None:
    """Send the document to every receiving unit; what each does with it comes back on its receipt."""
    document, now = case.document, case.clock.now()
    document.issued_at = now
    recipients = recipients_of(document)
    for recipient in recipients:
        case.session.add(
            Receipt(
                id=new_id(),
                document_id=document.id,
                unit_id=recipient.unit_id,
                unit_name=recipient.unit_name,
                received_as=recipient.received_as,
                state=ReceiptState.SENT,
                sent_at=now,
            )
        )
    # From now on the registries of those who issue it jointly, and of those who receive it, may see it.
    joint = [UUID(unit["unit_id"]) for unit in document.elements.get("co_issuers", [])]
    grant_sight(case.session, document.id, joint, reason="co_issuer")
    grant_sight(case.session, document.id, [to.unit_id for to in recipients], reason=AS_RECIPIENT)
    note_reply(case)
    outbox.record(
        case.session,
        case.actor,
        DocumentIssued(
            document_id=document.id,
            owner_unit_id=document.owner_unit_id,
            number=document.number or "",
            title=document.title,
            kind=document.kind,
            urgency=document.urgency,
            recipients=recipients,
            doer=case.doer,
            issued_at=now,
            reply_to_id=document.reply_to_id,
            origin=origin_of(document),
            rendered=told(ref_of(list_files(case.session, document.id, role="rendered")[0])),
        ),
    )


def recipients_of(document: Document) -> tuple[Recipient, ...]:
    """Main recipients and copies, each unit once."""
    found: dict[UUID, Recipient] = {}
    for field, received_as in (("recipients", "addressee"), ("copies", "copy")):
        for unit in document.elements.get(field, []):
            unit_id = UUID(unit["unit_id"])
            named = Recipient(unit_id=unit_id, unit_name=unit["name"], received_as=received_as)
            found.setdefault(unit_id, named)
    return tuple(found.values())
