"""The first lines of a packaged file (docx, xlsx, pptx, ofd), whatever it is for, to look for a secrecy mark."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from lxml import etree

from services.documents.intake.media import OFD, SHEET, SLIDES, WORD, FileType
from services.documents.intake.package import Package

_MOST_LINES = 60
_WORD_PARTS = re.compile(r"word/(?:header\d*|footer\d*|document)\.xml")
# Where the first page lies when the package does not say which it is: then all of them are looked at.
_SHEET_PARTS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml")
_SLIDE_PARTS = re.compile(r"ppt/slides/[^/]+\.xml")
_OFD_PAGES = re.compile(r".*/Pages/.*\.xml")
# What sets a sheet's header and footer beside the words: where, in which type, size and colour.
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|.)')


def first_lines(package: Package, kind: FileType) -> list[str]:
    """The first lines of what a reader sees first."""
    return list(_READERS[kind](package))


def _word(package: Package) -> Iterator[str]:
    return _lines_of(package, _parts(package, _WORD_PARTS), "p", "t")


def _sheet(package: Package) -> Iterator[str]:
    """The first sheet with its header and footer."""
    first = _first_part(package, "xl/workbook.xml", "sheet")
    if first is None:
        yield from _lines_of(package, _parts(package, _SHEET_PARTS), "si|is", "t")
        return
    sheet = package.xml(first)
    for header in sheet.iter("{*}headerFooter"):
        for child in header:
            yield from _HEADER_CODE.sub("\n", child.text or "").splitlines()
    shared: list[str] = []
    if strings := _related(package, "xl/workbook.xml", "/sharedStrings"):
        shared = list(_texts(package.xml(strings), "si", "t"))
    for row in islice(sheet.iter("{*}row"), _MOST_LINES):
        for cell in row.iter("{*}c"):
            yield _cell(cell, shared)


def _cell(cell: etree._Element, shared: list[str]) -> str:
    value = "".join(text.text or "" for text in cell.iter("{*}v", "{*}t"))
    if cell.get("t") != "s":
        return value
    return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""


def _slides(package: Package) -> Iterator[str]:
    first = _first_part(package, "ppt/presentation.xml", "sldId")
    return _lines_of(package, [first] if first else _parts(package, _SLIDE_PARTS), "p", "t")


def _ofd(package: Package) -> Iterator[str]:
    """The first page of the first document, and what lies behind its pages as a template (GB/T 33190)."""
    roots = [package.beside("OFD.xml", each.text or "") for each in package.xml("OFD.xml").iter("{*}DocRoot")]
    found: list[str] = []
    for root in filter(package.names.__contains__, roots[:1]):
        pages = package.xml(root)
        shown = [*islice(pages.iter("{*}Page"), 1), *pages.iter("{*}TemplatePage")]
        found = [package.beside(root, page.get("BaseLoc", "")) for page in shown]
    known = [part for part in found if part in package.names]
    return _lines_of(package, known or _parts(package, _OFD_PAGES), "TextObject", "TextCode")


_READERS: Mapping[FileType, Callable[[Package], Iterator[str]]] = MappingProxyType(
    {WORD: _word, SHEET: _sheet, SLIDES: _slides, OFD: _ofd}
)


def _parts(package: Package, wanted: re.Pattern[str]) -> list[str]:
    return sorted(filter(wanted.fullmatch, package.names))


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


def _lines_of(package: Package, parts: list[str], line: str, text: str) -> Iterator[str]:
    for part in parts:
        yield from islice(_texts(package.xml(part), line, text), _MOST_LINES)


def _texts(root: etree._Element, line: str, text: str) -> Iterator[str]:
    for element in root.iter(*("{*}" + tag for tag in line.split("|"))):
        yield "".join(each.text or "" for each in element.iter("{*}" + text))
