"""A document as the page shows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.documents.models import Document, DocumentVersion
from services.documents.queries.cases import build_case
from services.documents.rendering import LayoutForm, OfficialLayout, render
from shared.directory import get_organ
from shared.offload import offload
from shared.typesetting import FontSettings

_CONTACT = "联系人"
# What follows the issuer's name in the red head (发文机关标志); a letter's head is the name alone.
_HEAD_ENDS = {LayoutForm.DOCUMENT: "文件", LayoutForm.MINUTES: "纪要"}


def set_page(session: Session, document: Document, *, today: date, font_dir: str) -> bytes:
    """The document's newest text as PDF/A in the layout of GB/T 9704; Problem 422 for what cannot be set."""
    return offload(render, layout_of(session, document, today=today), FontSettings.of(font_dir))


def layout_of(session: Session, document: Document, *, today: date) -> OfficialLayout:
    """The document with all its elements; issued jointly, it bears every issuer's name, the lead's first."""
    version = session.get_one(DocumentVersion, (document.id, document.version_number))
    kept = document.elements
    organ = get_organ(session, document.owner_unit_id)
    issuers = [organ.name, *_names(kept.get("co_issuers", []))]
    form = LayoutForm(document.form)
    mark = tuple(kept.get("mark") or issuers)
    goes_up = build_case(session, document, today=today).goes_up
    return OfficialLayout(
        mark=mark,
        mark_suffix=_head_end(form, mark),
        form=form,
        title=version.title,
        body=tuple(version.body),
        number=document.number or "",
        urgency=document.urgency,
        signers=tuple(kept.get("signers", [])) if goes_up else (),
        recipients=_names(kept.get("recipients", [])),
        copies_to=_names(kept.get("copies", [])),
        attachment_names=tuple(kept.get("attachment_names", [])),
        signatories=tuple(kept.get("signatories") or issuers),
        issued_on=document.dated,
        note=_note(kept),
        present=tuple(kept.get("present", [])),
        excused=tuple(kept.get("excused", [])),
        observing=tuple(kept.get("observing", [])),
        printed_by=organ.name,
        printed_on=today,
        produced_at=document.signed_at,
    )


def _names(units: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(unit["name"] for unit in units)


def _head_end(form: LayoutForm, mark: Sequence[str]) -> str:
    """What follows the names, unless whoever drafted the document has written it there."""
    end = _HEAD_ENDS.get(form, "")
    return "" if all(name.endswith(end) for name in mark) else end


def _note(kept: dict[str, Any]) -> str:
    """附注: the note, or the contact that a 请示 gives there."""
    contact = kept.get("contact")
    spoken = f"{_CONTACT}：{contact['name']}，联系电话：{contact['phone']}" if contact else ""
    return "；".join(part for part in (kept.get("note", ""), spoken) if part)
