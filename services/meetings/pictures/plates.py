"""Name plates (桌签) to print and fold: each name twice, head to head, on a page of its own."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.typesetting import FontSettings, Piece, Role, clean, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "name-plates.typ"


def render_plates(names: Sequence[str], fonts: FontSettings, *, title: str, at: datetime) -> bytes:
    """One landscape A4 page for each name as PDF/A-2b; Problem 422 when a character has no glyph."""
    cleaned = [clean(name) for name in names if clean(name)]
    data = {"title": clean(title), "names": [_plate(name) for name in cleaned]}
    pieces = [Piece("names", "桌签", Role.HEI, name) for name in cleaned]
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces, produced_at=at)


def _plate(name: str) -> dict[str, Any]:
    return {"text": f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name, "len": max(3, len(name))}
