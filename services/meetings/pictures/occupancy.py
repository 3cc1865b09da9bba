"""How rooms are taken, as a picture: one line for each room of a day, or for each day of a room's week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from services.meetings.domain.rooms import Slot

_LEFT, _TOP, _HOUR, _ROW = 150, 56, 44, 40
_FIRST_HOUR, _LAST_HOUR = 6, 23
_STYLE = (
    ".oc{font-size:13px;font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif}"
    ".oc text{fill:#1f2933}.oc .hour{fill:#52606d;font-size:11px}.oc .line{stroke:#d9e2ec}"
    ".oc .open{fill:#f0f9f2}.oc .shut{fill:#eceff1}"
    ".oc .booked rect{fill:#bcd9f5;stroke:#2b6cb0}.oc .in_use rect{fill:#9ae6b4;stroke:#276749}"
    ".oc .requested rect{fill:#fff3d6;stroke:#c05621;stroke-dasharray:5 3}"
    ".oc .closed rect{fill:#e2e8f0;stroke:#718096}.oc .in{font-size:11px}"
)
_WORDS = {"booked": "已预订", "in_use": "使用中", "requested": "待审批", "closed": "停用"}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A time that is taken: how (`booked`, `in_use`, `requested`, `closed`), and by whom or for what."""

    slot: Slot
    state: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the picture: the midnight that it begins with, its open hours in minutes, and what is taken."""

    label: str
    midnight: datetime
    open_minutes: Sequence[tuple[int, int]]
    bars: Sequence[Bar] = field(default_factory=tuple)


def draw_occupancy(title: str, rows: Sequence[Row]) -> str:
    """The picture as one SVG document; each mark is said in words as well as in colour."""
    width = _LEFT + (_LAST_HOUR - _FIRST_HOUR) * _HOUR + 16
    height = _TOP + max(1, len(rows)) * _ROW + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
        f' style="width:100%;max-width:{width}px;height:auto" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<g class="oc"><text x="8" y="22">{escape(title)}</text>',
    ]
    parts.extend(_hours(height))
    for number, row in enumerate(rows):
        parts.extend(_row(row, _TOP + number * _ROW))
    if not rows:
        parts.append(f'<text x="8" y="{_TOP + 24}">没有会议室</text>')
    return "".join([*parts, "</g></svg>"])


def _hours(height: int) -> Iterator[str]:
    for hour in range(_FIRST_HOUR, _LAST_HOUR + 1):
        x = _LEFT + (hour - _FIRST_HOUR) * _HOUR
        yield f'<text class="hour" x="{x}" y="46" text-anchor="middle">{hour}</text>'
        yield f'<line class="line" x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{height - 12}"/>'


def _row(row: Row, y: int) -> Iterator[str]:
    end = _x(_LAST_HOUR * 60) - _LEFT
    yield f'<text x="8" y="{y + 24}">{escape(_short(row.label, 10))}<title>{escape(row.label)}</title></text>'
    yield f'<rect class="shut" x="{_LEFT}" y="{y + 4}" width="{end:g}" height="{_ROW - 8}"/>'
    for opens, closes in row.open_minutes:
        left, right = _x(opens), _x(closes)
        if right > left:
            yield f'<rect class="open" x="{left:g}" y="{y + 4}" width="{right - left:g}" height="{_ROW - 8}"/>'
    for bar in row.bars:
        left, right = _place(row.midnight, bar.slot)
        if right <= left:
            continue
        told = f"{bar.slot.label} {_WORDS[bar.state]} {bar.label}".strip()
        inside = _short(bar.label, int((right - left) // 12))
        yield (
            f'<g class="{bar.state}"><title>{escape(told)}</title>'
            f'<rect x="{left:g}" y="{y + 6}" width="{right - left:g}" height="{_ROW - 12}" rx="4"/>'
            f'<text class="in" x="{left + 4:g}" y="{y + 24}">{escape(inside)}</text></g>'
        )


def _place(midnight: datetime, slot: Slot) -> tuple[float, float]:
    minute = timedelta(minutes=1)
    return _x((slot.starts_at - midnight) / minute), _x((slot.ends_at - midnight) / minute)


def _x(minutes: float) -> float:
    hour = min(max(minutes / 60, _FIRST_HOUR), _LAST_HOUR)
    return _LEFT + (hour - _FIRST_HOUR) * _HOUR


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most - 1]}…" if most > 1 else ""
