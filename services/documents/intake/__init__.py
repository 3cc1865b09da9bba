"""Takes in a person's own files: the text of a document, or an attachment, and refuses what this network may not carry.

Types, uses and limits: the table in `media`; how much of a file is looked at, and for how long: `bounds`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from services.documents.errors import secret_document
from services.documents.intake import bounds, contents, errors, plain, portable, word
from services.documents.intake.effort import TooMuchEffort, bounded_effort
from services.documents.intake.media import PDF, TEXT, WORD, FileType, Use, admit
from services.documents.intake.outline import Line, TitleSource, find_outline, first_page
from services.documents.intake.package import is_package, open_package
from shared.secrecy import find_secrecy_mark, mark_in_title

__all__ = ["FileType", "ReadDocument", "TitleSource", "admit_attachment", "read_document"]

_NO_LIMITS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """What a file says: title (and how it was found), paragraphs, the first page line by line, and its media type."""

    title: str
    title_source: TitleSource
    paragraphs: tuple[str, ...]
    first_page: tuple[str, ...]
    media_type: str


def read_document(data: bytes, *, name: str, limits: Mapping[str, int] = _NO_LIMITS) -> ReadDocument:
    """The text of a `.txt`, `.docx` or text PDF, ready to become a draft.

    `limits` gives other size limits in bytes by media type. Raises `documents.secret_document` for a file whose first
    page carries a secrecy mark, and the `documents.file_…` and `documents.text_broken` problems.
    """
    with _in_time(data, name=name):
        kind = admit(data, name=name, use=Use.BODY, limits=limits)
        lines, page = _READERS[kind](data, name)
        if not any(line.text.strip() for line in lines):
            raise errors.file_empty(name)
        if sum(len(line.text) for line in lines) > bounds.LONGEST_TEXT:
            raise errors.file_too_long(name, limit=bounds.LONGEST_TEXT)
        outline = find_outline(lines, name=name)
        _refuse_secrets(page, title=outline.title, name=name)
    return ReadDocument(
        title=outline.title,
        title_source=outline.source,
        paragraphs=outline.paragraphs,
        first_page=page,
        media_type=kind.media_type,
    )


def admit_attachment(data: bytes, *, name: str, limits: Mapping[str, int] = _NO_LIMITS) -> FileType:
    """The type of a file that may be attached; the same problems as `read_document`, but a scan needs no text."""
    with _in_time(data, name=name):
        kind = admit(data, name=name, use=Use.ATTACHMENT, limits=limits)
        _refuse_secrets(_first_lines(data, kind, name=name), title=PurePosixPath(name).stem, name=name)
    return kind


@contextmanager
def _in_time(data: bytes, *, name: str) -> Iterator[None]:
    try:
        with bounded_effort(bounds.seconds_for(len(data))):
            yield
    except TooMuchEffort:
        raise errors.file_too_laborious(name) from None


def _first_lines(data: bytes, kind: FileType, *, name: str) -> Sequence[str]:
    if is_package(data):
        return contents.first_lines(open_package(data, name=name), kind)
    if kind is PDF:
        return [line.text for page in portable.extract_pages(data, name=name, most=1) for line in page]
    if kind is TEXT:
        return first_page(plain.decode(data, name=name).splitlines())
    return []


def _refuse_secrets(page: Sequence[str], *, title: str, name: str) -> None:
    if mark := find_secrecy_mark(line[: bounds.LONGEST_LINE] for line in page) or mark_in_title(title):
        raise secret_document(mark.quote, where=f"“{name}”")


def _read_text(data: bytes, name: str) -> tuple[list[Line], tuple[str, ...]]:
    texts = plain.decode(data, name=name).splitlines()
    return [Line(text) for text in texts], first_page([text for text in texts if text.strip()])


def _read_word(data: bytes, name: str) -> tuple[list[Line], tuple[str, ...]]:
    lines, beside = word.read_word(data, name=name)
    shown = [line.text for line in lines if line.text.strip()]
    return lines, (*(text for text in beside if text.strip()), *first_page(shown))


def _read_pdf(data: bytes, name: str) -> tuple[list[Line], tuple[str, ...]]:
    lines, page = portable.read_pdf(data, name=name)
    return lines, tuple(page)


_READERS = {TEXT: _read_text, WORD: _read_word, PDF: _read_pdf}
