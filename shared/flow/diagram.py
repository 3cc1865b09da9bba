"""The diagram that an administrator drew, as SVG, with the steps marked that are done, open or returned.

The drawing carries its own styles, scales to the width of a phone, and says each mark in words as well as in
colour (a screen reader, a black-and-white print).
"""

from collections.abc import Iterator
from html import escape

from shared.flow.definitions import Definition
from shared.flow.engine import Marks
from shared.flow.graph import Node, NodeKind, SequenceFlow
from shared.flow.layout import Box

_MARGIN = 24.0
_FONT_SIZE = 14.0
_LINE_HEIGHT = 18.0
_MARK_NAMES = {"done": "已办", "current": "在办", "returned": "已退回", "open": "未到"}

_STYLE = """
.fl{font-size:14px;
font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif}
.fl text{fill:#1f2933}
.fl .node{fill:#fff;stroke:#7b8794;stroke-width:1.5}
.fl .arrow{fill:none;stroke:#7b8794;stroke-width:1.5}
.fl .small{font-size:12px;fill:#52606d;stroke:#fff;stroke-width:4px;paint-order:stroke}
.fl .done .node{fill:#e3f4e8;stroke:#2f855a}
.fl .current .node{fill:#fff3d6;stroke:#c05621;stroke-width:3}
.fl .returned .node{fill:#fde8e8;stroke:#c53030;stroke-dasharray:6 4}
.fl .mark{font-size:11px}
.fl .done .mark{fill:#276749}.fl .current .mark{fill:#9c4221}.fl .returned .mark{fill:#9b2c2c}
""".replace("\n", "")

_ARROW_TIP = (
    '<marker id="fl-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
    'orient="auto"><path d="M0 0L10 5L0 10z" fill="#7b8794"/></marker>'
)

_NO_MARKS = Marks(frozenset(), frozenset(), frozenset())


def draw_diagram(definition: Definition, marks: Marks = _NO_MARKS) -> str:
    """The definition as one SVG document; without marks it shows the definition alone."""
    left, top, width, height = _frame(definition)
    title = escape(definition.name)
    scaling = f"width:100%;max-width:{width:g}px;height:auto"
    frame = f'viewBox="{left:g} {top:g} {width:g} {height:g}" style="{scaling}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label="{title}">',
        f'<title>{title}</title><style>{_STYLE}</style><defs>{_ARROW_TIP}</defs><g class="fl">',
    ]
    parts.extend(_draw_flow(definition, flow) for flow in definition.graph.flows)
    parts.extend(_draw_node(definition, node, marks) for node in definition.graph.nodes.values())
    parts.append("</g></svg>")
    return "".join(parts)


def _frame(definition: Definition) -> tuple[float, float, float, float]:
    layout = definition.layout
    boxes = [layout.shapes[node] for node in definition.graph.nodes]
    boxes += layout.labels.values()
    points = [point for flow in definition.graph.flows for point in layout.edges[flow.id]]
    points += [(box.x, box.y) for box in boxes]
    points += [(box.x + box.width, box.y + box.height + _LINE_HEIGHT) for box in boxes]
    left, top = min(x for x, _ in points) - _MARGIN, min(y for _, y in points) - _MARGIN
    right, bottom = max(x for x, _ in points) + _MARGIN, max(y for _, y in points) + _MARGIN
    return left, top, right - left, bottom - top


def _draw_flow(definition: Definition, flow: SequenceFlow) -> str:
    points = definition.layout.edges[flow.id]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    drawn = f'<path class="arrow" d="{path}" marker-end="url(#fl-tip)"/>'
    if not flow.name:
        return drawn
    box = definition.layout.labels.get(flow.id)
    x, y = box.middle if box else _halfway(points)
    width = box.width if box else 90.0
    return drawn + "".join(_draw_lines(wrap_label(flow.name, max(width, 60), 12), x, y, "small"))


def _draw_node(definition: Definition, node: Node, marks: Marks) -> str:
    box = definition.layout.shapes[node.id]
    mark = _mark_of(node.id, marks)
    shape = _SHAPES[node.kind](box)
    name = node.name or node.id
    label = f"{name} ({_MARK_NAMES[mark]})" if node.kind.is_step else name
    parts = [f'<g class="{mark}" id="{escape(node.id)}"><title>{escape(label)}</title>{shape}']
    if node.kind.is_step:
        x, y = box.middle
        parts.extend(_draw_lines(wrap_label(node.name, box.width - 12, _FONT_SIZE), x, y, ""))
        if mark != "open":
            parts.append(
                f'<text class="mark" x="{box.x + box.width - 5:g}" y="{box.y + 14:g}" text-anchor="end">'
                f"{_MARK_NAMES[mark]}</text>"
            )
    elif node.name:
        placed = definition.layout.labels.get(node.id)
        x, y = placed.middle if placed else (box.middle[0], box.y + box.height + 12)
        width = max(placed.width if placed else box.width, 90)
        parts.extend(_draw_lines(wrap_label(node.name, width, 12), x, y, "small"))
    return "".join(parts) + "</g>"


def _mark_of(node_id: str, marks: Marks) -> str:
    if node_id in marks.current:
        return "current"
    if node_id in marks.returned:
        return "returned"
    return "done" if node_id in marks.done else "open"


def wrap_label(text: str, width: float, size: float) -> list[str]:
    """The label in lines of at most `width` pixels; a Chinese character is as wide as high, others half."""
    lines, line, used = [], "", 0.0
    for character in text:
        advance = size if ord(character) > 0x2E7F else size * 0.55
        if line and used + advance > width:
            lines.append(line)
            line, used = "", 0.0
        line += character
        used += advance
    return [*lines, line] if line else lines


def _draw_lines(lines: list[str], x: float, middle: float, css: str) -> Iterator[str]:
    first = middle - _LINE_HEIGHT * (len(lines) - 1) / 2 + _FONT_SIZE * 0.35
    style = f' class="{css}"' if css else ""
    for number, line in enumerate(lines):
        y = first + number * _LINE_HEIGHT
        yield f'<text{style} x="{x:g}" y="{y:g}" text-anchor="middle">{escape(line)}</text>'


def _halfway(points: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    middle = len(points) // 2
    (x1, y1), (x2, y2) = points[middle - 1], points[middle]
    return (x1 + x2) / 2, (y1 + y2) / 2 - 10


def _circle(box: Box, extra: str = "") -> str:
    x, y = box.middle
    return f'<circle class="node" cx="{x:g}" cy="{y:g}" r="{min(box.width, box.height) / 2:g}"{extra}/>'


def _rectangle(box: Box) -> str:
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="node" {place} rx="8"/>'


def _diamond(box: Box, sign: str) -> str:
    x, y = box.middle
    corners = f"{x:g},{box.y:g} {box.x + box.width:g},{y:g} {x:g},{box.y + box.height:g} {box.x:g},{y:g}"
    return f'<polygon class="node" points="{corners}"/><path class="arrow" d="{sign}"/>'


def _exclusive(box: Box) -> str:
    x, y = box.middle
    return _diamond(box, f"M{x - 7:g} {y - 7:g}l14 14M{x + 7:g} {y - 7:g}l-14 14")


def _parallel(box: Box) -> str:
    x, y = box.middle
    return _diamond(box, f"M{x - 10:g} {y:g}h20M{x:g} {y - 10:g}v20")


_SHAPES = {
    NodeKind.START: _circle,
    NodeKind.END: lambda box: _circle(box, ' style="stroke-width:4"'),
    NodeKind.USER_TASK: _rectangle,
    NodeKind.MANUAL_TASK: _rectangle,
    NodeKind.EXCLUSIVE: _exclusive,
    NodeKind.PARALLEL: _parallel,
}
