"""Printing (印制): the final text is set as PDF/A in the layout of GB/T 9704."""

from typing import Any

from services.documents.commands.files import replace_file
from services.documents.commands.steps.case import StepCase
from services.documents.models import Document, DocumentVersion
from services.documents.queries.cases import build_case
from services.documents.rendering import LayoutForm, OfficialLayout, render
from shared.directory import get_organ
from shared.events.documents import Blob, DocumentRendered
from shared.files import BlobRef
from shared.flow.acts import Act
from shared.messaging import outbox
from shared.offload import offload
from shared.typesetting import FontSettings

PDF = "application/pdf"
CONTACT = "联系人"


def print_document(case: StepCase, act: Act) -> None:
    """Set the text, keep the PDF as the document's one final copy (正本), and tell."""
    document = case.document
    version = case.session.get_one(DocumentVersion, (document.id, document.version_number))
    layout = layout_of(case, document, version)
    pdf = offload(render, layout, FontSettings.of(case.font_dir))
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


def layout_of(case: StepCase, document: Document, version: DocumentVersion) -> OfficialLayout:
    """The document with all its elements as the page shows it."""
    kept = document.elements
    organ = get_organ(case.session, document.owner_unit_id)
    form = LayoutForm(document.form)
    goes_up = build_case(case.session, document, today=case.clock.today()).goes_up
    return OfficialLayout(
        mark=tuple(kept.get("mark") or [organ.name]),
        mark_suffix="文件" if form is LayoutForm.DOCUMENT else "",
        form=form,
        title=version.title,
        body=tuple(version.body),
        number=document.number or "",
        urgency=document.urgency,
        signers=tuple(kept.get("signers", [])) if goes_up else (),
        recipients=_names(kept.get("recipients", [])),
        copies_to=_names(kept.get("copies", [])),
        attachment_names=tuple(kept.get("attachment_names", [])),
        signatories=tuple(kept.get("signatories") or [organ.name]),
        issued_on=document.dated,
        note=_note(kept),
        present=tuple(kept.get("present", [])),
        excused=tuple(kept.get("excused", [])),
        observing=tuple(kept.get("observing", [])),
        printed_by=organ.name,
        printed_on=case.clock.today(),
        produced_at=document.signed_at,
    )


def told(blob: BlobRef) -> Blob:
    """A content reference as events carry it."""
    return Blob(digest=blob.digest, size=blob.size, media_type=blob.media_type, name=blob.name)


def _names(units: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(unit["name"] for unit in units)


def _note(kept: dict[str, Any]) -> str:
    """附注: the note, or the contact that a 请示 gives there."""
    contact = kept.get("contact")
    spoken = f"{CONTACT}：{contact['name']}，联系电话：{contact['phone']}" if contact else ""
    return "；".join(part for part in (kept.get("note", ""), spoken) if part)
