"""Reading papers (上会材料) as far as the rules need: type by content, length of the text, no secrecy mark."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from services.meetings import errors
from services.meetings.domain.secrecy import refuse_secret

MB = 1024 * 1024
LARGEST_PAPER = 50 * MB
_LARGEST_PART = 20 * MB
_MOST_PAGES = 200
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGES: Mapping[str, tuple[str, str]] = {
    "word/document.xml": (_OFFICE + "wordprocessingml.document", "t"),
    "xl/workbook.xml": (_OFFICE + "spreadsheetml.sheet", ""),
    "ppt/presentation.xml": (_OFFICE + "presentationml.presentation", ""),
    "OFD.xml": ("application/ofd", ""),
}
_PLAIN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class ReadPaper:
    """What a paper is: its media type by content, and how many characters its text has, None when not readable."""

    media_type: str
    characters: int | None


def read_bounded(stream: IO[bytes]) -> bytes:
    """All of an upload; Problem 413 over the limit."""
    data = stream.read(LARGEST_PAPER + 1)
    if len(data) > LARGEST_PAPER:
        raise errors.paper_too_large(LARGEST_PAPER // MB)
    return data


def read_paper(data: bytes, *, name: str) -> ReadPaper:
    """Tell a paper's type by its content; Problem 415 for other types, 422 for one with a secrecy mark."""
    refuse_secret(name, where="文件名")
    media_type, text = _read(data, name)
    if text is None:
        return ReadPaper(media_type=media_type, characters=None)
    refuse_secret(text, where=f"材料“{name}”")
    return ReadPaper(media_type=media_type, characters=len(_BLANK.sub("", text)))


def _read(data: bytes, name: str) -> tuple[str, str | None]:
    for magic, media_type in _PLAIN:
        if data.startswith(magic):
            return media_type, None
    if data.startswith(b"%PDF-"):
        return "application/pdf", _quietly(_pdf_text, data)
    if data.startswith(b"PK\x03\x04"):
        return _package(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.paper_type_unknown(name) from error
    if not text.strip() or "\x00" in text:
        raise errors.paper_type_unknown(name)
    return "text/plain; charset=utf-8", text


def _package(data: bytes, name: str) -> tuple[str, str | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part, (media_type, tag) in _PACKAGES.items():
                if part in package.namelist():
                    return media_type, _part_text(package, part, tag) if tag else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise errors.paper_type_unknown(name) from error
    raise errors.paper_type_unknown(name)


def _part_text(package: zipfile.ZipFile, part: str, tag: str) -> str | None:
    if package.getinfo(part).file_size > _LARGEST_PART:
        return None
    with package.open(part) as stream:
        xml = stream.read(_LARGEST_PART + 1)
    if len(xml) > _LARGEST_PART:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
    return "\n".join(_lines(root, tag))


def _lines(root: etree._Element, tag: str) -> Iterable[str]:
    for paragraph in root.iter("{*}p"):
        yield "".join(text.text or "" for text in paragraph.iter("{*}" + tag))


def _pdf_text(data: bytes) -> str | None:
    reader = PdfReader(io.BytesIO(data))
    if len(reader.pages) > _MOST_PAGES:
        return None
    return "\n".join(page.extract_text() for page in reader.pages) or None


def _quietly(read: Callable[[bytes], str | None], data: bytes) -> str | None:
    """A file whose text cannot be read is still a paper; it is only not counted."""
    try:
        return read(data)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        return None
