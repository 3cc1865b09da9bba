"""A meeting's page as its template reads it: a head, elements, and sections of paragraphs or tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.typesetting import FontSettings, Piece, Role, breakable, clean, lines, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "meeting.typ"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under heads; `widths` in fractions of the line."""

    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page under its heading."""

    heading: str
    paragraphs: Sequence[str] = ()
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingPage:
    """What the page says; the same page gives the same bytes."""

    agency: str
    heading: str
    title: str
    elements: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    produced_at: datetime


def render_page(page: MeetingPage, fonts: FontSettings) -> bytes:
    """The page as PDF/A-2b; Problem 422 when a character has no glyph."""
    sheet = _Sheet()
    data = {
        "agency": sheet.text("agency", "机关名称", page.agency, Role.XIAOBIAOSONG),
        "heading": sheet.text("heading", "名称", page.heading, Role.XIAOBIAOSONG),
        "title": sheet.text("title", "会议名称", page.title),
        "elements": [
            {
                "label": sheet.text("elements", label, label, Role.HEI),
                "value": sheet.text("elements", label, value),
            }
            for label, value in page.elements
            if value
        ],
        "sections": [_section(sheet, at, section) for at, section in enumerate(page.sections)],
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=sheet.pieces, produced_at=page.produced_at)


class _Sheet:
    """Takes texts on their way to the page: cleans each, and remembers it for the check of glyphs."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def text(self, field: str, place: str, text: str, role: Role = Role.FANGSONG) -> str:
        kept = [cleaned for line in lines(text) if (cleaned := clean(line))]
        self.pieces += [Piece(field, place, role, line) for line in kept]
        return "\n".join(breakable(line) for line in kept)


def _section(sheet: _Sheet, at: int, section: Section) -> dict[str, Any]:
    place = section.heading
    return {
        "heading": sheet.text(f"sections.{at}", place, section.heading, Role.HEI),
        "paragraphs": [sheet.text(f"sections.{at}", place, text) for text in section.paragraphs],
        "table": _table(sheet, at, place, section.table) if section.table else None,
    }


def _table(sheet: _Sheet, at: int, place: str, table: Table) -> dict[str, Any]:
    return {
        "heads": [sheet.text(f"sections.{at}", place, head, Role.HEI) for head in table.heads],
        "widths": list(table.widths),
        "rows": [[sheet.text(f"sections.{at}", place, cell) for cell in row] for row in table.rows],
    }
