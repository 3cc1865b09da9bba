"""Where the shapes and arrows of a definition are drawn: its BPMN diagram interchange, in pixels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from shared.flow.errors import Findings
from shared.flow.graph import Graph
from shared.flow.source import BPMNDI, DC, DI, element_id

MAX_COORDINATE = 20_000.0
MAX_WAYPOINTS = 30


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left top corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of nodes, the way points of sequence flows, and the boxes of labels placed by hand."""

    shapes: Mapping[str, Box]
    edges: Mapping[str, tuple[tuple[float, float], ...]]
    labels: Mapping[str, Box]


def read_layout(root: etree._Element, graph: Graph, findings: Findings) -> Layout:
    """The drawing of every node and flow; one that is not drawn is a finding, since people must see it."""
    shapes: dict[str, Box] = {}
    labels: dict[str, Box] = {}
    edges: dict[str, tuple[tuple[float, float], ...]] = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        if box := _read_box(shape.find(f"{{{DC}}}Bounds"), shape, findings):
            shapes[shape.get("bpmnElement", "")] = box
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        edges[edge.get("bpmnElement", "")] = _read_points(edge, findings)
    for label in root.iter(f"{{{BPMNDI}}}BPMNLabel"):
        bounds = label.find(f"{{{DC}}}Bounds")
        if bounds is not None and (box := _read_box(bounds, label, findings)):
            labels[label.getparent().get("bpmnElement", "")] = box
    for node_id in graph.nodes:
        if node_id not in shapes:
            findings.add(node_id, "没有画在流程图上")
    for flow in graph.flows:
        if len(edges.get(flow.id, ())) < 2:
            findings.add(flow.id, "没有画在流程图上")
    return Layout(shapes, edges, labels)


def _read_box(bounds: etree._Element | None, around: etree._Element, findings: Findings) -> Box | None:
    if bounds is None:
        findings.add(element_id(around), "图形没有位置")
        return None
    numbers = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or min(known[2:]) < 0:
        findings.add(element_id(around), "图形的位置或大小不是合理的数")
        return None
    return Box(*known)


def _read_points(edge: etree._Element, findings: Findings) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = []
    for waypoint in edge.findall(f"{{{DI}}}waypoint")[:MAX_WAYPOINTS]:
        x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
        if x is None or y is None:
            findings.add(element_id(edge), "连线的位置不是合理的数")
            return ()
        points.append((x, y))
    return tuple(points)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= MAX_COORDINATE else None
