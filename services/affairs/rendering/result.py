"""The result document of a case, with the QR by which anybody who holds it has it verified."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import segno

from shared.typesetting import FontSettings, Pieces, Role, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "result.typ"


@dataclass(frozen=True, kw_only=True)
class ResultSheet:
    """What the document says."""

    organ: str
    name: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    issued_on: date
    verify_url: str
    produced_at: datetime


def render_result(sheet: ResultSheet, fonts: FontSettings) -> bytes:
    """The document as PDF/A-2b, not yet signed. Problem 422 when a character has no glyph."""
    pieces = Pieces()
    day = sheet.issued_on
    data = {
        "organ": pieces.text("organ", "机关名称", sheet.organ, Role.XIAOBIAOSONG),
        "name": pieces.text("name", "结果名称", sheet.name, Role.XIAOBIAOSONG),
        "number": pieces.text("number", "文号", sheet.number),
        "addressee": pieces.text("addressee", "申请单位", sheet.addressee),
        "paragraphs": [
            pieces.text(f"paragraphs.{at}", f"正文第 {at + 1} 段", paragraph)
            for at, paragraph in enumerate(sheet.paragraphs)
        ],
        "date": f"{day.year}年{day.month}月{day.day}日",
        "qr": _qr(sheet.verify_url),
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces.all, produced_at=sheet.produced_at)


def _qr(url: str) -> str:
    """The QR as SVG."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=2)
    return drawn.getvalue().decode()
