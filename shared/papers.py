"""Reading files that people attach as far as the rules need: type by content, and text to look for secrecy marks."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from shared.secrecy import SecrecyMark, find_secrecy_mark

_MB = 1024 * 1024
_LARGEST_PART = 20 * _MB
_MOST_PARTS = 50
_MOST_PAGES = 200
# A mark stands on what a reader sees first; what stands below is no mark.
_FIRST_LINES = 60
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, kw_only=True)
class _Package:
    """A type of zip package: which parts hold text, the text first, and what there is a line and a text of it."""

    media_type: str
    parts: tuple[re.Pattern[str], ...]
    line: tuple[str, ...]
    text: str


_PACKAGES: Mapping[str, _Package] = {
    "word/document.xml": _Package(
        media_type=_OFFICE + "wordprocessingml.document",
        parts=(re.compile(r"word/document\.xml"), re.compile(r"word/(?:header|footer)\d*\.xml")),
        line=("p",),
        text="t",
    ),
    "xl/workbook.xml": _Package(
        media_type=_OFFICE + "spreadsheetml.sheet",
        parts=(re.compile(r"xl/(?:sharedStrings|worksheets/sheet1)\.xml"),),
        line=("si", "is"),
        text="t",
    ),
    "ppt/presentation.xml": _Package(
        media_type=_OFFICE + "presentationml.presentation",
        parts=(re.compile(r"ppt/slides/slide1\.xml"),),
        line=("p",),
        text="t",
    ),
    "OFD.xml": _Package(
        media_type="application/ofd",
        parts=(re.compile(r"Doc_0/Pages/Page_0/Content\.xml"),),
        line=("TextObject",),
        text="TextCode",
    ),
}
Read = TypeVar("Read")
_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
# RuntimeError is what the zip reader says to a password and to a compression that it does not know, and Python to parts
# that are nested too deep.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, PyPdfError, ValueError, KeyError, TypeError, IndexError,
    AttributeError, OSError, RuntimeError, EOFError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadPaper:
    """What a file is: its media type by content, its text (None when there is none to read), what surrounds that."""

    media_type: str
    text: str | None
    beside: tuple[str, ...] = ()

    @property
    def secrecy_mark(self) -> SecrecyMark | None:
        """The secrecy mark that a reader sees first, or none."""
        first = [line for line in (self.text or "").splitlines() if line.strip()][:_FIRST_LINES]
        return find_secrecy_mark([*self.beside, *first])


def read_paper(data: bytes) -> ReadPaper | None:
    """A PDF, docx, xlsx, pptx, OFD, PNG, JPEG or UTF-8 text; None for anything else, archives above all."""
    for magic, media_type in _IMAGES:
        if data.startswith(magic):
            return ReadPaper(media_type=media_type, text=None)
    if data.startswith(b"%PDF-"):
        return _quietly(lambda: _read_pdf(data)) or ReadPaper(media_type="application/pdf", text=None)
    if data.startswith(b"PK\x03\x04"):
        return _quietly(lambda: _read_package(data))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text.strip() or "\x00" in text:
        return None
    return ReadPaper(media_type="text/plain; charset=utf-8", text=text)


def _read_package(data: bytes) -> ReadPaper | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        kind = next((kind for part, kind in _PACKAGES.items() if part in names), None)
        if kind is None:
            return None
        main, *others = kind.parts
        lines = _quietly(partial(_all_lines, archive, main, kind))
        beside: list[str] = []
        for part in others:
            beside += _quietly(partial(_all_lines, archive, part, kind)) or ()
        text = None if lines is None else "\n".join(lines)
        return ReadPaper(media_type=kind.media_type, text=text, beside=tuple(beside[:_FIRST_LINES]))


def _all_lines(archive: zipfile.ZipFile, part: re.Pattern[str], kind: _Package) -> list[str]:
    return list(_lines_of(archive, part, kind))


def _lines_of(archive: zipfile.ZipFile, part: re.Pattern[str], kind: _Package) -> Iterator[str]:
    for name in sorted(filter(part.fullmatch, archive.namelist()))[:_MOST_PARTS]:
        with archive.open(name) as stream:
            xml = stream.read(_LARGEST_PART + 1)
        if len(xml) > _LARGEST_PART:
            raise ValueError(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        for line in etree.fromstring(xml, parser).iter(*("{*}" + tag for tag in kind.line)):
            yield "".join(text.text or "" for text in line.iter("{*}" + kind.text))


def _read_pdf(data: bytes) -> ReadPaper:
    pages = PdfReader(io.BytesIO(data)).pages
    first = pages[0].extract_text()
    if len(pages) > _MOST_PAGES:
        return ReadPaper(
            media_type="application/pdf", text=None, beside=tuple(first.splitlines()[:_FIRST_LINES])
        )
    text = "\n".join([first, *(page.extract_text() for page in pages[1:])])
    return ReadPaper(media_type="application/pdf", text=text or None)


def _quietly(read: Callable[[], Read | None]) -> Read | None:
    """A file whose text cannot be read is still a file; it is only not looked into."""
    try:
        return read()
    except _UNREADABLE:
        return None
