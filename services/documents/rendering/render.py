"""Setting official documents and their processing sheets as PDF/A-2b."""

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from services.documents.rendering import errors
from services.documents.rendering.data import layout_data
from services.documents.rendering.layout import LayoutForm, OfficialLayout, ProcessingSheet
from services.documents.rendering.sheet import sheet_data
from shared.clock import LOCAL_ZONE
from shared.typesetting import FontSettings, typesetter

_HERE = Path(__file__).resolve().parent
_TEMPLATES = {
    LayoutForm.DOCUMENT: _HERE / "document.typ",
    LayoutForm.LETTER: _HERE / "letter.typ",
    LayoutForm.MINUTES: _HERE / "minutes.typ",
}
_SHEET_TEMPLATE = _HERE / "processing-sheet.typ"
_WITHOUT_DATE = datetime(2000, 1, 1, tzinfo=LOCAL_ZONE)
# The file keeps its time in UTC: noon is the same day there.
_NOON = time(12)
_PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_SEAL = 2 * 1024 * 1024

# Points from line to line: 22 lines fill the page. The others are tried, nearest first, when the signature would
# stand on a page without text (GB/T 9704-2012 §7.3.5.5 allows other spacing then, and forbids such a page).
PITCH = 29.6
_OTHER_PITCHES = (29.0, 28.4, 27.8, 31.0, 32.5, 34.2, 36.0)


def render(layout: OfficialLayout, fonts: FontSettings) -> bytes:
    """The document as PDF/A-2b in the layout of GB/T 9704-2012; the same layout gives the same bytes.

    Raises a `Problem` (422) when a needed element is missing, a character has no glyph, or a seal is unusable.
    """
    _check(layout)
    data, pieces = layout_data(layout)
    return typesetter(fonts).typeset_fitting(
        _TEMPLATES[layout.form],
        _variants(data),
        pieces=pieces,
        produced_at=_produced_at(layout),
        fits=_signature_has_text_above,
    )


def render_processing_sheet(sheet: ProcessingSheet, fonts: FontSettings) -> bytes:
    """The sheet with the document's elements and the history of its handling as PDF/A-2b, for the file.

    Raises a `Problem` (422) when a character has no glyph; the same sheet gives the same bytes.
    """
    data, pieces = sheet_data(sheet)
    return typesetter(fonts).typeset(_SHEET_TEMPLATE, data, pieces=pieces, produced_at=sheet.produced_at)


def _check(layout: OfficialLayout) -> None:
    if not layout.title.strip():
        raise errors.element_missing("title", "标题")
    if not any(name.strip() for name in layout.mark):
        raise errors.element_missing("mark", "发文机关标志")
    if layout.seals and len(layout.seals) != len(layout.signatories):
        raise errors.seals_and_signatories_differ(len(layout.seals), len(layout.signatories))
    if any(not seal.startswith(_PNG) or len(seal) > LARGEST_SEAL for seal in layout.seals):
        raise errors.unreadable_seal()


def _produced_at(layout: OfficialLayout) -> datetime:
    if layout.produced_at is not None:
        return layout.produced_at
    if layout.issued_on is None:
        return _WITHOUT_DATE
    return datetime.combine(layout.issued_on, _NOON, tzinfo=LOCAL_ZONE)


def _variants(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for pitch in (PITCH, *_OTHER_PITCHES):
        yield {**data, "pitch": pitch}


def _signature_has_text_above(probes: list[Any]) -> bool:
    pages = {probe["name"]: probe["page"] for probe in probes}
    return pages.get("signature", 0) <= pages.get("text", 0) or "signature" not in pages
