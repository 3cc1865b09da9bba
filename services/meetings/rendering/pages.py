"""A meeting's page as its template reads it: a head, elements, and sections of paragraphs or tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.typesetting import FontSettings, Pieces, Role, typesetter

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
    pieces = Pieces()
    data = {
        "agency": pieces.text("agency", "机关名称", page.agency, Role.XIAOBIAOSONG),
        "heading": pieces.text("heading", "名称", page.heading, Role.XIAOBIAOSONG),
        "title": pieces.text("title", "会议名称", page.title),
        "elements": [
            {
                "label": pieces.text("elements", label, label, Role.HEI),
                "value": pieces.text("elements", label, value),
            }
            for label, value in page.elements
            if value
        ],
        "sections": [_section(pieces, at, section) for at, section in enumerate(page.sections)],
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces.all, produced_at=page.produced_at)


def _section(pieces: Pieces, at: int, section: Section) -> dict[str, Any]:
    place = section.heading
    return {
        "heading": pieces.text(f"sections.{at}", place, section.heading, Role.HEI),
        "paragraphs": [pieces.text(f"sections.{at}", place, text) for text in section.paragraphs],
        "table": _table(pieces, at, place, section.table) if section.table else None,
    }


def _table(pieces: Pieces, at: int, place: str, table: Table) -> dict[str, Any]:
    return {
        "heads": [pieces.text(f"sections.{at}", place, head, Role.HEI) for head in table.heads],
        "widths": list(table.widths),
        "rows": [[pieces.text(f"sections.{at}", place, cell) for cell in row] for row in table.rows],
    }
