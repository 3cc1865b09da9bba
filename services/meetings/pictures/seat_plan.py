"""A seat plan as a picture, with the name plates that stand on the tables."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

_SEAT_WIDE, _SEAT_HIGH, _STEP_X, _STEP_Y, _MARGIN = 92, 52, 104, 70, 24
_STYLE = (
    ".sp{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif;font-size:15px}"
    ".sp text{fill:#1f2933;text-anchor:middle}.sp .seat{fill:#fff;stroke:#52606d}.sp .empty{stroke-dasharray:4 4}"
    ".sp .small{font-size:10px;fill:#52606d}.sp .front{fill:#edf2f7;stroke:#a0aec0}"
)


def draw_seat_plan(title: str, seats: Sequence[Mapping[str, Any]]) -> str:
    """The plan as one SVG document; each seat is `{seat, x, y, name, title, unit_name}`."""
    width = round((max((one["x"] for one in seats), default=0) + 1) * _STEP_X + 2 * _MARGIN)
    height = round((max((one["y"] for one in seats), default=0) + 1) * _STEP_Y + 2 * _MARGIN + 70)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"',
        f' style="width:100%;max-width:{width}px;height:auto" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<g class="sp"><text x="{width / 2:g}" y="26">{escape(title)}</text>',
        f'<rect class="front" x="{_MARGIN}" y="40" width="{width - 2 * _MARGIN}" height="16" rx="3"/>',
        f'<text class="small" x="{width / 2:g}" y="52">会场前方</text>',
    ]
    for one in seats:
        parts.extend(_seat(one))
    return "".join([*parts, "</g></svg>"])


def _seat(one: Mapping[str, Any]) -> Iterator[str]:
    left, top = _MARGIN + one["x"] * _STEP_X, 76 + one["y"] * _STEP_Y
    middle = left + _SEAT_WIDE / 2
    told = " ".join(part for part in (one["seat"], one["unit_name"], one["title"], one["name"]) if part)
    kind = "seat" if one["name"] else "seat empty"
    yield f'<g><title>{escape(told)}</title><rect class="{kind}" x="{left:g}" y="{top:g}" '
    yield f'width="{_SEAT_WIDE}" height="{_SEAT_HIGH}" rx="6"/>'
    yield f'<text x="{middle:g}" y="{top + 24:g}">{escape(one["name"][:6])}</text>'
    yield f'<text class="small" x="{middle:g}" y="{top + 42:g}">{escape(one["seat"])}</text></g>'
