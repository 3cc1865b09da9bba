"""The record of a case (办件记录) as a page: its elements, what was filled in and handed in, and every act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.clock import LOCAL_ZONE
from shared.typesetting import FontSettings, Pieces, Role, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "record.typ"


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """One act of the history."""

    act: str
    who: str
    opinion: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordSheet:
    """The case as its record shows it."""

    organ: str
    title: str
    number: str
    elements: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    materials: tuple[tuple[str, str], ...]
    lines: tuple[RecordLine, ...]
    produced_at: datetime


def render_record(sheet: RecordSheet, fonts: FontSettings) -> bytes:
    """The record as PDF/A-2b; the same sheet gives the same bytes. Problem 422 when a character has no glyph."""
    pieces = Pieces()
    data = {
        "organ": pieces.text("organ", "机关名称", sheet.organ, Role.XIAOBIAOSONG),
        "title": pieces.text("title", "事项", sheet.title),
        "number": pieces.text("number", "办件编号", sheet.number),
        "elements": _pairs(pieces, "elements", sheet.elements),
        "form": _pairs(pieces, "form", sheet.form),
        "materials": _pairs(pieces, "materials", sheet.materials),
        "lines": [
            {
                "act": pieces.text(f"lines.{at}.act", f"第 {at + 1} 步", line.act),
                "who": pieces.text(f"lines.{at}.who", f"第 {at + 1} 步办理人", line.who),
                "opinion": pieces.text(f"lines.{at}.opinion", f"第 {at + 1} 步意见", line.opinion),
                "at": line.at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M"),
            }
            for at, line in enumerate(sheet.lines)
        ],
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces.all, produced_at=sheet.produced_at)


def _pairs(pieces: Pieces, field: str, pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {
            "label": pieces.text(f"{field}.label", label, label, Role.HEI),
            "value": pieces.text(field, label, value),
        }
        for label, value in pairs
    ]
