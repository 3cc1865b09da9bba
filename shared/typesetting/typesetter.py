"""From a template and data to the bytes of a PDF/A-2b file, the same bytes for the same input.

Compilers are kept and lent out one at a time, because one cannot work on two documents at once. Compiling runs
outside the interpreter's lock but does not yield to an event loop: servers call it from a thread pool.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from shared.typesetting import errors
from shared.typesetting.fonts import FontBook, FontSettings
from shared.typesetting.text import Piece, check_glyphs

# Templates of every package import each other by paths from here; nothing else is within their reach.
ROOT = Path(__file__).resolve().parents[2]
STANDARD: Final[Literal["a-2b"]] = "a-2b"
# What the compiler says when the content is at fault; anything else is a fault of the template.
_CONTENT_REFUSALS = ("PDF/A", "failed to decode image", "unknown image format")
CHINA = timezone(timedelta(hours=8))


class Typesetter:
    """Sets documents with the fonts of one `FontSettings`; safe to share between threads."""

    def __init__(self, settings: FontSettings) -> None:
        self.book = FontBook(settings)
        self._fonts_data = json.dumps(self.book.as_data(), ensure_ascii=False)
        self._idle: dict[Path, deque[typst.Compiler]] = {}

    def typeset(
        self,
        template: Path,
        data: Mapping[str, Any],
        *,
        pieces: Iterable[Piece],
        produced_at: datetime,
    ) -> bytes:
        """The PDF/A-2b file of that template with that data, refused when a character cannot be drawn.

        `pieces` lists every text in `data` that comes from people; `produced_at` (aware) is the only time that
        enters the file.
        """
        return self.typeset_fitting(template, [data], pieces=pieces, produced_at=produced_at, fits=_always)

    def typeset_fitting(
        self,
        template: Path,
        attempts: Iterable[Mapping[str, Any]],
        *,
        pieces: Iterable[Piece],
        produced_at: datetime,
        fits: Callable[[list[Any]], bool],
    ) -> bytes:
        """As `typeset`, with the first of several variants of the data whose probes satisfy `fits`.

        A template lays probes as `#metadata(value) <probe>`; `fits` gets their values. When no variant fits,
        the first one is used.
        """
        check_glyphs(self.book, pieces)
        first: bytes | None = None
        with self._compiler(template) as compiler:
            for data in attempts:
                pdf = self._compile(compiler, data, produced_at)
                if fits is _always or fits(json.loads(compiler.query("<probe>", field="value"))):
                    return pdf
                first = first or pdf
        if first is None:
            raise ValueError("no variant of the data was given")
        return first

    def _compile(self, compiler: typst.Compiler, data: Mapping[str, Any], produced_at: datetime) -> bytes:
        inputs = {"data": json.dumps(data, ensure_ascii=False), "fonts": self._fonts_data}
        try:
            pdf = compiler.compile(
                format="pdf",
                sys_inputs=inputs,
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
        return pdf

    @contextmanager
    def _compiler(self, template: Path) -> Iterator[typst.Compiler]:
        idle = self._idle.setdefault(template, deque())
        try:
            compiler = idle.pop()
        except IndexError:
            compiler = typst.Compiler(
                input=str(template), root=str(ROOT), font_paths=self.book.fonts, ignore_system_fonts=True
            )
        try:
            yield compiler
        finally:
            idle.append(compiler)


@lru_cache(maxsize=8)
def typesetter(settings: FontSettings) -> Typesetter:
    """The one typesetter of those settings in this process; the first call reads the fonts (about 0.3 s)."""
    return Typesetter(settings)


def _always(_probes: list[Any]) -> bool:
    return True
