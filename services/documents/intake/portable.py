"""PDF files that carry text: the first page as it stands, and the lines put together to paragraphs."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO

from pypdf import PdfReader

from services.documents import errors
from shared.errors import Problem
from shared.text import HAN

_MOST_PAGES = 1000
_LEAST_CHARACTERS = 10
# A line that reaches this share of the longest one runs on into the next.
_FULL_LINE = 0.8
_PAGE_NUMBER = re.compile(r"[\s—–\-－·第]*\d{1,4}[\s—–\-－·页]*(?:/\s*\d+)?")
_BEGINS_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十]+[章节条]|附件|[ 　]{2,}"
)
_GAP_IN_HAN = re.compile(
    rf"(?<=[{HAN}，。、；：！？（）《》“”〔〕])[ \t]+(?=[{HAN}，。、；：！？（）《》“”〔〕])"
)


def read_pdf(data: bytes, *, name: str) -> tuple[list[str], list[str]]:
    """The paragraphs of the whole file, and the lines of its first page.

    Raises `documents.file_damaged`, `documents.file_encrypted`, `documents.file_without_text`.
    """
    pages = [page.splitlines() for page in extract_pages(data, name=name)]
    if sum(len("".join(line.split())) for page in pages for line in page) < _LEAST_CHARACTERS:
        raise errors.file_without_text(name)
    lines = [line for page in pages for line in page if line.strip() and not _PAGE_NUMBER.fullmatch(line)]
    return list(join_lines(lines)), [line for line in pages[0] if line.strip()]


def extract_pages(data: bytes, *, name: str, most: int = _MOST_PAGES) -> list[str]:
    """The text of each page, of the first `most` pages; a scanned page gives an empty text."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise errors.file_encrypted(name)
        return [page.extract_text() for page, _ in zip(reader.pages, range(most), strict=False)]
    except Problem:
        raise
    # The parser meets what strangers send and fails in every way that Python has; all of them mean one thing here.
    except Exception as error:
        raise errors.file_damaged(name, what=" PDF") from error


def join_lines(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs out of set lines.

    A full line runs on, a short one ends its paragraph, and a numbered or indented one begins the next.
    """
    full = _FULL_LINE * max((len(line.strip()) for line in lines), default=0)
    held = ""
    runs_on = False
    for line in lines:
        if held and (not runs_on or _BEGINS_PARAGRAPH.match(line)):
            yield held
            held = ""
        held += _tidy(line)
        runs_on = len(line.strip()) >= full
    if held:
        yield held


def _tidy(line: str) -> str:
    return _GAP_IN_HAN.sub("", line.strip())
