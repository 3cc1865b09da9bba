"""A figure as a picture: one bar for each unit or month, the value at its end."""

from collections.abc import Sequence
from html import escape

from services.mobile.domain.figures import Figure, Form
from services.mobile.queries.figures import Part

_ROW, _LABEL, _BAR, _VALUE, _TOP = 28, 220, 420, 160, 48
_COLOUR, _SOFT = "#2563a8", "#5b6470"
_SIGNS = {Form.PERCENT: "%", Form.DAYS: " 天", Form.COUNT: ""}


def draw_chart(figure: Figure, parts: Sequence[Part], *, title: str) -> str:
    """The SVG document; percentages are drawn to a scale of 100, anything else to the largest."""
    largest = max((float(part.value or 0) for part in parts), default=0.0)
    scale = max(largest, 100.0) if figure.form is Form.PERCENT else largest or 1.0
    width, height = _LABEL + _BAR + _VALUE, _TOP + max(len(parts), 1) * _ROW + 16
    heading = escape(f"{figure.name}（{title}）")
    frame = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label="{heading}"',
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="16" font-weight="bold" fill="#1c2733">{heading}</text>',
    ]
    drawn += [_bar(figure, part, place, scale) for place, part in enumerate(parts)]
    if not parts:
        drawn.append(f'<text x="12" y="{_TOP + 18}" fill="{_SOFT}">本期没有数据</text>')
    return "".join([*drawn, "</svg>"])


def _bar(figure: Figure, part: Part, place: int, scale: float) -> str:
    middle = _TOP + place * _ROW + 18
    long = max(float(part.value or 0), 0.0) / scale * _BAR
    label = part.label if len(part.label) <= 15 else part.label[:14] + "…"
    said = "—" if part.value is None else f"{part.value}{_SIGNS[figure.form]}"
    if part.denominator is not None:
        said += f"（{part.numerator:g}/{part.denominator}）"
    return (
        f'<text x="{_LABEL - 10}" y="{middle}" text-anchor="end" fill="#1c2733">'
        f"<title>{escape(part.label)}</title>{escape(label)}</text>"
        f'<rect x="{_LABEL}" y="{middle - 13}" width="{long:.1f}" height="17" rx="3" fill="{_COLOUR}"/>'
        f'<text x="{_LABEL + long + 6:.1f}" y="{middle}" fill="{_SOFT}">{escape(said)}</text>'
    )
