"""From a template and data to the bytes of a PDF/A-2b file, the same bytes for the same input.

This is the press's side of typesetting: it holds the fonts and a compiler for each template.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import typst

from shared.typesetting import errors
from shared.typesetting.fonts import FontBook
from shared.typesetting.glyphs import check_glyphs
from shared.typesetting.settings import FontSettings
from shared.typesetting.text import Piece

# Templates of every package import each other by paths from here; nothing else is within their reach.
ROOT = Path(__file__).resolve().parents[2]
STANDARD: Final[Literal["a-2b"]] = "a-2b"
# What the compiler says when the content is at fault; anything else is a fault of the template.
_CONTENT_REFUSALS = ("PDF/A", "failed to decode image", "unknown image format")
CHINA = timezone(timedelta(hours=8))


class SetPages(NamedTuple):
    """A file, and the values of the template's probes where they were asked for."""

    pdf: bytes
    probes: list[Any]


class Compositor:
    """Sets documents with the fonts of one `FontSettings`, one after the other; reading the fonts takes 0.3 s."""

    def __init__(self, settings: FontSettings) -> None:
        self._book = FontBook(settings)
        self._fonts_data = json.dumps(self._book.as_data(), ensure_ascii=False)
        self._compilers: dict[str, typst.Compiler] = {}

    def set_pages(
        self, template: str, data: str, *, pieces: Iterable[Piece], produced_at: datetime, probed: bool
    ) -> SetPages:
        """The pages of that template with that data (JSON); Problem 422 for what cannot be drawn."""
        check_glyphs(self._book, pieces)
        compiler = self._compiler(template)
        try:
            pdf = compiler.compile(
                format="pdf",
                sys_inputs={"data": data, "fonts": self._fonts_data},
                pdf_standards=STANDARD,
                # A PDF keeps whole seconds.
                timestamp=produced_at.astimezone(CHINA).replace(microsecond=0),
            )
        except typst.TypstError as refusal:
            if not refusal.message.startswith(_CONTENT_REFUSALS):
                raise
            raise errors.not_typesettable(refusal.message) from refusal
        if not isinstance(pdf, bytes):
            raise TypeError("the compiler gave no single file")
        return SetPages(pdf, json.loads(compiler.query("<probe>", field="value")) if probed else [])

    def _compiler(self, template: str) -> typst.Compiler:
        if template not in self._compilers:
            self._compilers[template] = typst.Compiler(
                input=template, root=str(ROOT), font_paths=self._book.fonts, ignore_system_fonts=True
            )
        return self._compilers[template]
