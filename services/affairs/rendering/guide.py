"""The guide of a matter (办事指南) as a page."""

from datetime import datetime
from pathlib import Path

from services.affairs.domain.guide import MATERIAL_HEADS, Guide
from shared.typesetting import FontSettings, Pieces, Role, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "guide.typ"


def render_guide(guide: Guide, fonts: FontSettings, *, produced_at: datetime) -> bytes:
    """The guide as PDF/A-2b; the same guide gives the same bytes. Problem 422 when a character has no glyph."""
    pieces = Pieces()
    day = guide.effective_on
    data = {
        "name": pieces.text("name", "事项名称", guide.name, Role.XIAOBIAOSONG),
        "unit": pieces.text("unit_name", "责任单位", guide.unit_name),
        "version": f"第 {guide.version} 版",
        "effective": f"{day.year}年{day.month}月{day.day}日起生效" if day else "未生效",
        "elements": [
            {
                "label": pieces.text("elements.label", name, name, Role.HEI),
                "lines": [pieces.text("elements", name, line) for line in lines],
            }
            for name, lines in guide.elements
        ],
        "heads": [pieces.text("heads", head, head, Role.HEI) for head in MATERIAL_HEADS],
        "materials": [
            [pieces.text("materials", f"第 {at} 份材料", cell) for cell in row]
            for at, row in enumerate(guide.materials, start=1)
        ],
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces.all, produced_at=produced_at)
