"""The first lines of a packaged file (docx, xlsx, pptx, ofd), whatever it is for, to look for a secrecy mark."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from types import MappingProxyType

from lxml import etree

from services.documents.intake.bounds import (
    LONGEST_LINE,
    MOST_CELLS,
    MOST_DIGITS,
    MOST_FIRST_PARTS,
    MOST_LINES,
)
from services.documents.intake.media import OFD, SHEET, SLIDES, WORD, FileType
from services.documents.intake.package import Package

_WORD_PARTS = re.compile(r"word/(?:header\d*|footer\d*|document)\.xml")
# Where the first page lies when the package does not say which it is: then all of them are looked at.
_SHEET_PARTS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml")
_SLIDE_PARTS = re.compile(r"ppt/slides/[^/]+\.xml")
# What sets a sheet's header and footer beside the words: where, in which type, size and colour.
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|.)')


def first_lines(package: Package, kind: FileType) -> list[str]:
    """The first lines of what a reader sees first, each once."""
    return list(dict.fromkeys(_READERS[kind](package)))


def _word(package: Package) -> Iterator[str]:
    return _lines_of(package, _parts(package, _WORD_PARTS.fullmatch), "p", "t")


def _sheet(package: Package) -> Iterator[str]:
    """The first sheet with its header and footer."""
    first = _first_part(package, "xl/workbook.xml", "sheet")
    if first is None:
        yield from _lines_of(package, _parts(package, _SHEET_PARTS.fullmatch), "si|is", "t")
        return
    sheet = package.xml(first)
    yield from islice(_headers(sheet), MOST_LINES)
    shared: set[int] = set()
    for cell in islice(_filled_cells(sheet), MOST_CELLS):
        said = _said(cell, "v", "t")
        if cell.get("t") != "s":
            yield said
        elif said.isdecimal() and len(said) <= MOST_DIGITS:
            shared.add(int(said))
    if shared and (strings := _related(package, "xl/workbook.xml", "/sharedStrings")):
        for at, text in enumerate(package.xml(strings).iter("{*}si")):
            if at in shared:
                yield _said(text, "t")


def _headers(sheet: etree._Element) -> Iterator[str]:
    for header in sheet.iter("{*}headerFooter"):
        for child in header:
            yield from _HEADER_CODE.sub("\n", (child.text or "")[:LONGEST_LINE]).splitlines()


def _filled_cells(sheet: etree._Element) -> Iterator[etree._Element]:
    for row in islice(sheet.iter("{*}row"), MOST_LINES):
        yield from (cell for cell in row.iter("{*}c") if len(cell))


def _slides(package: Package) -> Iterator[str]:
    first = _first_part(package, "ppt/presentation.xml", "sldId")
    return _lines_of(package, [first] if first else _parts(package, _SLIDE_PARTS.fullmatch), "p", "t")


def _ofd(package: Package) -> Iterator[str]:
    """The first page of the first document, and what lies behind its pages as a template (GB/T 33190)."""
    roots = [each.text or "" for each in islice(package.xml("OFD.xml").iter("{*}DocRoot"), 1)]
    found: list[str] = []
    for root in filter(package.names.__contains__, (package.beside("OFD.xml", each) for each in roots)):
        pages = package.xml(root)
        shown = chain(islice(pages.iter("{*}Page"), 1), pages.iter("{*}TemplatePage"))
        # Any number of pages may lie upon one template, which is read once.
        places = islice(dict.fromkeys(page.get("BaseLoc", "") for page in shown), MOST_FIRST_PARTS)
        found = [package.beside(root, place) for place in places]
    known = [part for part in dict.fromkeys(found) if part in package.names]
    return _lines_of(package, known or _parts(package, _is_ofd_page), "TextObject", "TextCode")


def _is_ofd_page(part: str) -> bool:
    return "/Pages/" in part and part.endswith(".xml")


_READERS: Mapping[FileType, Callable[[Package], Iterator[str]]] = MappingProxyType(
    {WORD: _word, SHEET: _sheet, SLIDES: _slides, OFD: _ofd}
)


def _parts(package: Package, wanted: Callable[[str], object]) -> list[str]:
    """The parts of such a name, header2 before header10."""
    return sorted(filter(wanted, package.names), key=lambda part: (len(part), part))


def _first_part(package: Package, main: str, tag: str) -> str | None:
    """The part that the main part names first by that element, if it is there."""
    for element in islice(package.xml(main).iter("{*}" + tag), 1):
        named = {value for key, value in element.attrib.items() if key.endswith("}id")}
        targets = [target for name, _, target in package.relations(main) if name in named]
        return next(filter(package.names.__contains__, targets), None)
    return None


def _related(package: Package, main: str, kind: str) -> str | None:
    """The part that the main part is related to in that way, if it is there."""
    targets = [target for _, relation, target in package.relations(main) if relation.endswith(kind)]
    return next(filter(package.names.__contains__, targets), None)


def _lines_of(package: Package, parts: Iterable[str], line: str, text: str) -> Iterator[str]:
    tags = ["{*}" + tag for tag in line.split("|")]
    for part in islice(parts, MOST_FIRST_PARTS):
        for element in islice(package.xml(part).iter(*tags), MOST_LINES):
            yield _said(element, text)


def _said(element: etree._Element, *tags: str) -> str:
    """What stands in these elements below it, as far as a mark may stand in one line."""
    pieces = islice(element.iter(*("{*}" + tag for tag in tags)), LONGEST_LINE)
    said, room = [], LONGEST_LINE
    for piece in pieces:
        said.append((piece.text or "")[:room])
        room -= len(said[-1])
    return "".join(said)
