"""PDF files that carry text: the first page as it stands, and the set lines put together to paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any
from unicodedata import east_asian_width

from pypdf import PageObject, PdfReader, apply_configuration, get_configuration
from pypdf.errors import LimitReachedError

from services.documents.intake import bounds, errors
from services.documents.intake.outline import Line
from shared.errors import Problem
from shared.text import HAN

_LEAST_CHARACTERS = 10
# What the parser calls the bounds of the ways in which a stream may be packed.
_OUTPUTS = (
    "array_based_stream_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "zlib_maximum_output_length",
)
# A line as wide as most are wide at the widest (but a few run over) is full, give or take a hanging mark.
_FULL_RANK, _FULL_SHARE = 0.9, 0.85
# 2号 over 3号 is 1.375; what is far larger is the red head's mark.
_TITLE_SIZES = (1.2, 2.0)
_INDENT = 1.0
_PAGE_NUMBER = re.compile(r"[\s—–\-－·第]*\d{1,4}[\s—–\-－·页]*(?:/\s*\d+)?")
_BEGINS_PARAGRAPH = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十]+[章节条]|附件"
)
_WIDE = rf"{HAN}，。、；：！？（）《》“”〔〕"
_GAP = re.compile(rf"(?<=[{_WIDE}])[ \t　]+(?=[{_WIDE}\w])|(?<=\w)[ \t　]+(?=[{_WIDE}])")


@dataclass(frozen=True)
class SetLine:
    """One line as it stands on a page: its text, its left edge and its type size in points."""

    text: str
    left: float
    size: float

    @property
    def width(self) -> float:
        """How many Han characters wide the line is."""
        return sum(1.0 if east_asian_width(each) in "WFA" else 0.5 for each in self.text)


def read_pdf(data: bytes, *, name: str) -> tuple[list[Line], list[str]]:
    """The paragraphs of the whole file, and the lines of its first page.

    Raises `documents.file_damaged`, `documents.file_encrypted`, `documents.file_without_text`.
    """
    pages = extract_pages(data, name=name)
    if sum(len("".join(line.text.split())) for page in pages for line in page) < _LEAST_CHARACTERS:
        raise errors.file_without_text(name)
    lines = [line for page in pages for line in page if not _PAGE_NUMBER.fullmatch(line.text)]
    return list(_join(lines)), [line.text for line in pages[0]]


def extract_pages(data: bytes, *, name: str, most: int = bounds.MOST_PAGES) -> list[list[SetLine]]:
    """The lines of each page, of the first `most` pages; a scanned page has none."""
    largest = bounds.largest_stream(len(data))
    try:
        with apply_configuration(get_configuration().with_overwrites(**dict.fromkeys(_OUTPUTS, largest))):
            reader = PdfReader(BytesIO(data))
            if reader.is_encrypted:
                raise errors.file_encrypted(name)
            return [_set_lines(page) for page, _ in zip(reader.pages, range(most), strict=False)]
    except Problem:
        raise
    except LimitReachedError as error:
        raise errors.file_expands_too_far(name) from error
    # The parser meets what strangers send and fails in every way that Python has; all of them mean one thing here.
    except Exception as error:
        raise errors.file_damaged(name, what=" PDF") from error


def _set_lines(page: PageObject) -> list[SetLine]:
    """The page's text, with the place at which each line begins."""
    lines: list[SetLine] = []
    text, left, size = "", 0.0, 0.0

    def visit(piece: str, matrix: Any, text_matrix: Any, font: Any, points: float) -> None:
        nonlocal text, left, size
        for at, part in enumerate(piece.split("\n")):
            if at:
                lines.append(SetLine(text.strip(), left, size))
                text = ""
            if part.strip() and not text.strip():
                left = matrix[0] * text_matrix[4] + matrix[2] * text_matrix[5] + matrix[4]
                size = abs(float(points) * (text_matrix[3] or 1.0) * (matrix[3] or 1.0))
            text += part

    page.extract_text(visitor_text=visit)
    return [line for line in (*lines, SetLine(text.strip(), left, size)) if line.text]


def _join(lines: Sequence[SetLine]) -> Iterator[Line]:
    """Paragraphs: a full line runs on, a short one ends its paragraph, an indented or numbered one begins the next."""
    widths = sorted(line.width for line in lines)
    full = _FULL_SHARE * widths[int(_FULL_RANK * (len(widths) - 1))]
    margin = Counter(round(line.left) for line in lines).most_common(1)[0][0]
    body = median(line.size for line in lines) or 1.0
    smallest, largest = (share * body for share in _TITLE_SIZES)
    held: list[SetLine] = []
    for line in lines:
        indented = line.left > margin + _INDENT * body
        if held and (indented or held[-1].width < full or _BEGINS_PARAGRAPH.match(line.text)):
            yield _paragraph(held, is_title=smallest <= held[0].size <= largest)
            held = []
        held.append(line)
    if held:
        yield _paragraph(held, is_title=smallest <= held[0].size <= largest)


def _paragraph(lines: Sequence[SetLine], *, is_title: bool) -> Line:
    return Line(_GAP.sub("", "".join(line.text for line in lines)), is_title=is_title)
