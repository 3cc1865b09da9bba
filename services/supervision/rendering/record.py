"""Setting the record of a supervised task as PDF/A-2b."""

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
    """The task as its record shows it: elements in pairs of name and value, then the history."""

    agency: str
    title: str
    number: str
    elements: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    lines: tuple[RecordLine, ...]
    produced_at: datetime


def render_record(sheet: RecordSheet, fonts: FontSettings) -> bytes:
    """The record as PDF/A-2b; the same sheet gives the same bytes. Problem 422 when a character has no glyph."""
    pieces = Pieces()
    text = pieces.text
    data = {
        "agency": text("agency", "督查机关", sheet.agency, Role.XIAOBIAOSONG),
        "title": text("title", "事项", sheet.title),
        "number": text("number", "督办编号", sheet.number),
        "elements": [
            {"label": text("label", label, label, Role.HEI), "value": text("elements", label, value)}
            for label, value in sheet.elements
        ],
        "texts": [
            {"label": text("label", label, label, Role.HEI), "value": text("texts", label, value)}
            for label, value in sheet.texts
        ],
        "lines": [
            {
                "act": text(f"lines.{at}.act", f"第 {at + 1} 步", line.act),
                "who": text(f"lines.{at}.who", f"第 {at + 1} 步办理人", line.who),
                "opinion": text(f"lines.{at}.opinion", f"第 {at + 1} 步意见", line.opinion),
                "at": line.at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M"),
            }
            for at, line in enumerate(sheet.lines)
        ],
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces.all, produced_at=sheet.produced_at)
