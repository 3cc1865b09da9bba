"""Word documents (docx): the text with its automatic numbers, tables as rows, and the first page with its header."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from services.documents.intake import errors
from services.documents.intake.outline import Line
from services.documents.intake.word_numbers import Numbers

CELL_GAP = "　"
_TEXT_TAGS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# A text box is stored twice, once for old readers; deleted text and instructions of fields are no text.
_SKIPPED = frozenset(
    {
        qn("w:del"),
        qn("w:txbxContent"),
        qn("w:instrText"),
        qn("w:pPr"),
        qn("w:rPr"),
        f"{{{'http://schemas.openxmlformats.org/markup-compatibility/2006'}}}Fallback",
    }
)
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
        numbers = Numbers(document)
        if next(body.iter(*_REVISIONS), None) is not None:
            raise errors.file_has_tracked_changes(name)
        return list(_lines(document, body, numbers)), list(_beside(document))
    except _BROKEN as error:
        raise errors.file_damaged(name, what=" Word 文档") from error


def _lines(document: Document, container: etree._Element, numbers: Numbers) -> Iterator[Line]:
    for child in container:
        if child.tag == qn("w:p"):
            number = numbers.number_of(child)
            title = _is_title(document, child)
            for at, text in enumerate(_text(child).split("\n")):
                yield Line((number if at == 0 else "") + text.strip(), is_title=title and bool(text.strip()))
        elif child.tag == qn("w:tbl"):
            yield from (Line(CELL_GAP.join(row)) for row in _rows(child, numbers))
        elif child.tag == qn("w:sdt"):
            yield from _lines(document, child.find(qn("w:sdtContent")), numbers)


def _rows(table: etree._Element, numbers: Numbers) -> Iterator[list[str]]:
    for row in table.iter(qn("w:tr")):
        cells = []
        for cell in row.iter(qn("w:tc")):
            paragraphs = [numbers.number_of(each) + _text(each).strip() for each in cell.iter(qn("w:p"))]
            cells.append("".join(paragraphs).replace("\n", ""))
        if any(cells):
            yield cells


def _text(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _TEXT_TAGS:
            yield _TEXT_TAGS[child.tag]
        else:
            yield from _pieces(child)


def _is_title(document: Document, paragraph: etree._Element) -> bool:
    """Whether the paragraph has the style Title, or is short and centred."""
    style = document.styles.get_by_id(paragraph.style, 1) if paragraph.style else None
    if style is not None and (style.name or "").lower() in _TITLE_STYLES:
        return True
    alignment = paragraph.alignment
    while alignment is None and style is not None:
        alignment = style.element.pPr.jc_val if style.element.pPr is not None else None
        style = style.base_style
    return alignment is not None and int(alignment) == 1 and len(_text(paragraph)) <= _LONGEST_CENTRED


def _beside(document: Document) -> Iterator[str]:
    section = document.sections[0] if document.sections else None
    if section is not None:
        parts = (section.header, section.first_page_header, section.footer, section.first_page_footer)
        for part in parts:
            if not part.is_linked_to_previous:
                yield from (paragraph.text for paragraph in part.paragraphs)
    for box in document.element.body.iter(qn("w:txbxContent")):
        yield from (_text(paragraph) for paragraph in box.iter(qn("w:p")))
