"""Word documents (docx): the text with its automatic numbers, tables as rows, and the first page with its header."""

import zlib
from collections.abc import Container, Iterator
from io import BytesIO
from itertools import islice
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from services.documents.intake import errors
from services.documents.intake.bounds import MOST_LINES
from services.documents.intake.outline import Line
from services.documents.intake.word_numbers import Numbers
from services.documents.intake.word_styles import Styles, alignment_of

CELL_GAP = "　"
_BOX = qn("w:txbxContent")
_TEXT_TAGS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# A text box is stored twice, once for old readers; deleted text and instructions of fields are no text.
_SKIPPED = frozenset(
    {
        qn("w:del"),
        _BOX,
        qn("w:instrText"),
        qn("w:pPr"),
        qn("w:rPr"),
        f"{{{'http://schemas.openxmlformats.org/markup-compatibility/2006'}}}Fallback",
    }
)
_TEXTS = frozenset({qn("w:t"), *_TEXT_TAGS})
_REVISIONS = tuple(qn(tag) for tag in ("w:ins", "w:del", "w:moveFrom", "w:moveTo"))
# What python-docx and lxml raise over a package that is not what it should be; RuntimeError is what the zip reader says
# to a compression that it does not know, and Python to parts that are nested too deep.
_BROKEN = (
    OpcError, BadZipFile, zlib.error, EOFError, OSError, etree.XMLSyntaxError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError,
)  # fmt: skip
_LONGEST_CENTRED = 60
_TITLE_STYLES = frozenset({"title", "标题"})


def read_word(data: bytes, *, name: str) -> tuple[list[Line], list[str]]:
    """The lines of the body, and what stands in headers, footers and text boxes besides.

    Raises `documents.file_damaged` and `documents.file_has_tracked_changes`.
    """
    try:
        document = docx.Document(BytesIO(data))
        body = document.element.body
        styles = Styles(document)
        numbers = Numbers(document, styles)
        if next(body.iter(*_REVISIONS), None) is not None:
            raise errors.file_has_tracked_changes(name)
        return list(_lines(body, styles, numbers)), list(_beside(document))
    except _BROKEN as error:
        raise errors.file_damaged(name, what=" Word 文档") from error


def _lines(container: etree._Element, styles: Styles, numbers: Numbers) -> Iterator[Line]:
    for child in container:
        if child.tag == qn("w:p"):
            number = numbers.number_of(child)
            said = _text(child)
            title = _is_title(child, said, styles)
            for at, text in enumerate(said.split("\n")):
                yield Line((number if at == 0 else "") + text.strip(), is_title=title and bool(text.strip()))
        elif child.tag == qn("w:tbl"):
            yield from (Line(CELL_GAP.join(row)) for row in _rows(child, numbers))
        elif child.tag == qn("w:sdt"):
            yield from _lines(child.find(qn("w:sdtContent")), styles, numbers)


def _rows(table: etree._Element, numbers: Numbers) -> Iterator[list[str]]:
    """The rows in their order; those of a table within a cell come after the row that holds it, each once."""
    for row in _below(table, {qn("w:tr")}):
        cells, inner = [], []
        for cell in _below(row, {qn("w:tc")}):
            parts = list(_below(cell, {qn("w:p"), qn("w:tbl")}))
            paragraphs = [part for part in parts if part.tag == qn("w:p")]
            cells.append("".join(numbers.number_of(each) + _text(each).strip() for each in paragraphs))
            inner += [part for part in parts if part.tag == qn("w:tbl")]
        if any(cells):
            yield [cell.replace("\n", "") for cell in cells]
        for each in inner:
            yield from _rows(each, numbers)


def _text(element: etree._Element) -> str:
    found = _below(element, _TEXTS, without=_SKIPPED)
    return "".join(_TEXT_TAGS.get(each.tag) or each.text or "" for each in found)


def _below(
    element: etree._Element, wanted: Container[str], *, without: Container[str] = frozenset()
) -> Iterator[etree._Element]:
    """The wanted elements in their order, of those within another only the outermost; each element is met once."""
    waiting = list(reversed(element))
    while waiting:
        each = waiting.pop()
        if each.tag in wanted:
            yield each
        elif each.tag not in without:
            waiting.extend(reversed(each))


def _is_title(paragraph: etree._Element, text: str, styles: Styles) -> bool:
    """Whether the paragraph has the style Title, or is short and centred."""
    style = styles.style_of(paragraph)
    if style.name.lower() in _TITLE_STYLES:
        return True
    alignment = alignment_of(paragraph.pPr) or style.alignment
    return alignment == "center" and len(text) <= _LONGEST_CENTRED


def _beside(document: Document) -> Iterator[str]:
    section = document.sections[0] if document.sections else None
    if section is not None:
        parts = (section.header, section.first_page_header, section.footer, section.first_page_footer)
        for part in parts:
            if not part.is_linked_to_previous:
                yield from (paragraph.text for paragraph in islice(part.paragraphs, MOST_LINES))
    yield from (_text(paragraph) for paragraph in islice(_boxed(document.element.body), MOST_LINES))


def _boxed(body: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs of the text boxes; a box within a box counts by itself."""
    for box in body.iter(_BOX):
        yield from _below(box, {qn("w:p")}, without={_BOX})
