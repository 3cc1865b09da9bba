"""Setting a supervision bulletin (督查通报) as PDF/A-2b."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.clock import LOCAL_ZONE
from shared.typesetting import FontSettings, Piece, Role, breakable, clean, typesetter

_TEMPLATE = Path(__file__).resolve().parent / "bulletin.typ"
_COUNTED = ("tasks", "done", "green", "amber", "red", "grey")


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """What is told: the whole, a line for each unit, and the late tasks, of which `unlisted` more are not listed."""

    agency: str
    period: str
    total: Mapping[str, Any]
    units: Sequence[Mapping[str, Any]]
    late: Sequence[Mapping[str, Any]]
    unlisted: int
    produced_at: datetime


def render_bulletin(bulletin: Bulletin, fonts: FontSettings) -> bytes:
    """The bulletin as PDF/A-2b. Problem 422 when a character has no glyph."""
    pieces: list[Piece] = []

    def text(field: str, place: str, value: str, role: Role = Role.FANGSONG) -> str:
        shown = clean(value.replace("\n", " "))
        if shown:
            pieces.append(Piece(field, place, role, shown))
        return breakable(shown)

    day = bulletin.produced_at.astimezone(LOCAL_ZONE)
    data = {
        "agency": text("agency", "督查机关", bulletin.agency, Role.XIAOBIAOSONG),
        "signature": text("agency", "督查机关", bulletin.agency),
        "period": text("period", "期间", bulletin.period, Role.KAI),
        "date": f"{day.year}年{day.month}月{day.day}日",
        "summary": text("summary", "概况", _summary(bulletin)),
        "units": [
            [
                text(f"units.{at}", f"第 {at + 1} 个单位", line["name"]),
                *(str(line[name]) for name in _COUNTED),
                _days(line["mean_days"]),
            ]
            for at, line in enumerate(bulletin.units)
        ],
        "late": [
            [
                text(f"late.{at}.number", f"第 {at + 1} 项编号", row["number"] or ""),
                text(f"late.{at}.title", f"第 {at + 1} 项", row["title"]),
                text(f"late.{at}.unit", f"第 {at + 1} 项主办单位", row["lead_unit_name"]),
                row["due_at"].astimezone(LOCAL_ZONE).strftime("%Y-%m-%d"),
                _days(row["late_days"]),
                text(f"late.{at}.holders", f"第 {at + 1} 项现办", _holders(row)),
            ]
            for at, row in enumerate(bulletin.late)
        ],
        "unlisted": bulletin.unlisted,
    }
    return typesetter(fonts).typeset(_TEMPLATE, data, pieces=pieces, produced_at=bulletin.produced_at)


def _summary(bulletin: Bulletin) -> str:
    total = bulletin.total
    mean = total["mean_days"]
    told = (
        f"共督办事项{total['tasks']}件，已销号{total['done']}件，在办"
        f"{total['tasks'] - total['done']}件，其中超期{total['red']}件、临近期限{total['amber']}件"
        f"、尚未签收{total['grey']}件。"
    )
    return told if mean is None else f"{told}平均办理{_days(mean)}个工作日（含在办事项已用时间）。"


def _holders(row: Mapping[str, Any]) -> str:
    return "、".join(dict.fromkeys(f"{holder['name']}{holder['step']}" for holder in row["holders"])) or "—"


def _days(days: Any) -> str:
    return "—" if days is None else f"{float(days):g}"
