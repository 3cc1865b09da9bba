"""The board as a picture (SVG): a bar of lights for each unit."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from services.supervision.domain.board import LIGHTS
from shared.typesetting import clean

SVG = "image/svg+xml"
MOST_BARS = 60
_COLOURS = {"grey": "#9e9e9e", "green": "#2e7d32", "amber": "#f9a825", "red": "#c62828", "done": "#1565c0"}
_NAMES = {"grey": "未签收", "green": "正常", "amber": "临期", "red": "超期", "done": "已销号"}
_ROW, _TOP, _LEFT, _BAR, _WIDTH = 28, 76, 260, 560, 900
_LONGEST_NAME = 15


def draw_board(title: str, lines: Sequence[Mapping[str, Any]]) -> bytes:
    """Units under each other, the bar as long as their tasks are many; every part says its light and number."""
    shown = lines[:MOST_BARS]
    most = max((line["tasks"] for line in shown), default=0) or 1
    height = _TOP + _ROW * len(shown) + 20
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
            f' height="{height}" font-family="sans-serif" font-size="14">'
        ),
        f"<title>{_text(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="18">{_text(title)}</text>',
        *_legend(),
    ]
    for at, line in enumerate(shown):
        parts += _bar(line, y=_TOP + at * _ROW, most=most)
    return "".join([*parts, "</svg>"]).encode()


def _legend() -> list[str]:
    parts = []
    for at, light in enumerate(LIGHTS):
        x = 20 + at * 110
        parts.append(f'<rect x="{x}" y="46" width="14" height="14" fill="{_COLOURS[light]}"/>')
        parts.append(f'<text x="{x + 20}" y="58">{_NAMES[light]}</text>')
    return parts


def _bar(line: Mapping[str, Any], *, y: int, most: int) -> list[str]:
    name = clean(line["name"])
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    parts = [f'<text x="{_LEFT - 10}" y="{y + 15}" text-anchor="end">{_text(short)}</text>']
    x = float(_LEFT)
    for light in LIGHTS:
        number = line[light]
        if not number:
            continue
        width = _BAR * number / most
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" fill="{_COLOURS[light]}">'
            f"<title>{_text(name)}：{_NAMES[light]} {number} 件</title></rect>"
        )
        x += width
    parts.append(f'<text x="{x + 8:.1f}" y="{y + 15}">{line["tasks"]}</text>')
    return parts


def _text(value: str) -> str:
    return escape(clean(value))
