"""The first lines of a packaged file (docx, xlsx, pptx, ofd), whatever it is for, to look for a secrecy mark."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from services.documents.intake.media import OFD, SHEET, SLIDES, WORD, FileType
from services.documents.intake.package import Package

_MOST_LINES = 60


@dataclass(frozen=True)
class _Place:
    """Where a type keeps its first page: the parts, the element that is a line, and the element that holds text."""

    parts: re.Pattern[str]
    line: str
    text: str


_PLACES: Mapping[FileType, _Place] = MappingProxyType(
    {
        WORD: _Place(re.compile(r"word/(?:header\d*|document)\.xml"), "p", "t"),
        SHEET: _Place(re.compile(r"xl/(?:sharedStrings|worksheets/sheet1)\.xml"), "si|is", "t"),
        SLIDES: _Place(re.compile(r"ppt/slides/slide1\.xml"), "p", "t"),
        OFD: _Place(re.compile(r"Doc_0/Pages/Page_0/Content\.xml"), "TextObject", "TextCode"),
    }
)


def first_lines(package: Package, kind: FileType) -> list[str]:
    """The first lines of what a reader sees first."""
    place = _PLACES[kind]
    found: list[str] = []
    for part in sorted(filter(place.parts.fullmatch, package.names), reverse=True):
        lines = _lines(package.xml(part), place)
        found += [line for line, _ in zip(lines, range(_MOST_LINES), strict=False)]
    return found


def _lines(root: etree._Element, place: _Place) -> Iterator[str]:
    wanted = place.line.split("|")
    for element in root.iter("{*}" + wanted[0], *("{*}" + tag for tag in wanted[1:])):
        yield "".join(text.text or "" for text in element.iter("{*}" + place.text))
