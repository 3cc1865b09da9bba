"""Printing (印制): the final text is set as PDF/A in the layout of GB/T 9704."""

from services.documents.commands.files import PDF, replace_file, told
from services.documents.commands.steps.case import StepCase
from services.documents.queries.pages import set_page
from shared.events.documents import DocumentRendered
from shared.flow.acts import Act
from shared.messaging import outbox


def print_document(case: StepCase, act: Act) -> None:
    """Set the text, keep the PDF as the document's one final copy (正本), and tell."""
    document = case.document
    pdf = set_page(case.session, document, today=case.clock.today(), font_dir=case.font_dir)
    blob = case.blobs.put(pdf, media_type=PDF, name=f"{document.number or document.title}.pdf")
    replace_file(
        case.session,
        case.actor,
        case.clock,
        document_id=document.id,
        role="rendered",
        blob=blob,
        title="正本",
    )
    outbox.record(
        case.session,
        case.actor,
        DocumentRendered(document_id=document.id, rendered=told(blob), rendered_at=case.clock.now()),
    )
