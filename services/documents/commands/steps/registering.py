"""Registration (登记): the document gets its number, once and for ever."""

from services.documents import errors
from services.documents.commands.elements import check_issuing_code
from services.documents.commands.history import keep_findable
from services.documents.commands.soundness import require_sound
from services.documents.commands.steps.case import StepCase
from services.documents.domain.numbers import format_number, series_of
from services.documents.domain.rules import Step
from services.documents.models import DocumentVersion
from shared.directory import get_organ
from shared.events.documents import DocumentNumbered
from shared.flow.acts import Act
from shared.messaging import outbox
from shared.numbering import take_number


def before_registering(case: StepCase) -> None:
    """The issuing code is decided here at the latest, and the approvals are complete."""
    document = case.document
    code = case.request.get("issuing_code") or document.issuing_code
    if not code:
        raise errors.issuing_code_missing(document.title)
    check_issuing_code(code, get_organ(case.session, document.owner_unit_id))
    document.issuing_code = code
    require_sound(case.session, document, case.clock, step=Step.REGISTER)


def give_number(case: StepCase, act: Act) -> None:
    """Take the next number of the issuing code in this year; the document keeps it whatever happens later.

    Taken last in the transaction, because the series stays locked until it ends. A document that has its number
    gets no second one.
    """
    document = case.document
    if document.number or not document.issuing_code:
        return
    year = case.clock.today().year
    case.session.flush()
    sequence = take_number(case.session, series=series_of(document.issuing_code, year), subject=document.id)
    document.number = format_number(document.issuing_code, year, sequence=sequence)
    version = case.session.get_one(DocumentVersion, (document.id, document.version_number))
    keep_findable(case.session, document, version)
    outbox.record(
        case.session,
        case.actor,
        DocumentNumbered(
            document_id=document.id,
            number=document.number,
            doer=case.doer,
            numbered_at=case.clock.now(),
        ),
    )
