"""Small BPMN files for tests, written as lists of nodes and arrows."""

from collections.abc import Iterable
from itertools import pairwise
from xml.sax.saxutils import quoteattr

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:yw="urn:yiwang:flow:1" id="definitions" targetNamespace="urn:test">'
)

_KINDS = {"start": "startEvent", "end": "endEvent", "xor": "exclusiveGateway", "and": "parallelGateway"}


def task(step_id: str, attributes: str = 'assign="starter"', *, name: str = "", inner: str = "") -> str:
    """A user task with its `yw:step`."""
    return (
        f'<bpmn:userTask id="{step_id}" name={quoteattr(name or step_id)}><bpmn:extensionElements>'
        f"<yw:step {attributes}>{inner}</yw:step></bpmn:extensionElements></bpmn:userTask>"
    )


def outcomes(*values: str) -> str:
    """Outcomes whose labels are their values."""
    return "".join(f'<yw:outcome value="{value}" label="{value}"/>' for value in values)


def node(kind: str, node_id: str, attributes: str = "") -> str:
    """An event or gateway."""
    return f'<bpmn:{_KINDS[kind]} id="{node_id}" {attributes}/>'


def arrow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow named `source-target`."""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</bpmn:sequenceFlow>"
    )


def drawing(ids: Iterable[str], arrows: Iterable[str]) -> str:
    """Diagram interchange that puts every node in one row."""
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{node_id}"><dc:Bounds x="{100 + 150 * place}" y="100" width="100"'
        ' height="80"/></bpmndi:BPMNShape>'
        for place, node_id in enumerate(ids)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge bpmnElement="{edge}"><di:waypoint x="0" y="0"/><di:waypoint x="10" y="0"/>'
        "</bpmndi:BPMNEdge>"
        for edge in arrows
    )
    plane = f'<bpmndi:BPMNPlane bpmnElement="test">{shapes}{edges}</bpmndi:BPMNPlane>'
    return f"<bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram>"


def process(*parts: str, variables: str = "", key: str = "test") -> bytes:
    """A whole file: the parts in order, with a drawing of them."""
    ids = [_attribute(part, "id") for part in parts if "sequenceFlow " not in part]
    arrows = [_attribute(part, "id") for part in parts if "sequenceFlow " in part]
    extension = f"<bpmn:extensionElements>{variables}</bpmn:extensionElements>" if variables else ""
    attributes = f'id="{key}" name="测试流程" isExecutable="true"'
    body = f"<bpmn:process {attributes}>{extension}{''.join(parts)}</bpmn:process>"
    return f"{HEADER}{body}{drawing(ids, arrows)}</bpmn:definitions>".encode()


def _attribute(part: str, name: str) -> str:
    return part.split(f'{name}="', 1)[1].split('"', 1)[0]


def line(*steps: str, variables: str = "", key: str = "test") -> bytes:
    """Steps one after the other between a start and an end."""
    ids = ["start", *(_attribute(step, "id") for step in steps), "end"]
    arrows = [arrow(source, target) for source, target in pairwise(ids)]
    return process(node("start", "start"), *steps, node("end", "end"), *arrows, variables=variables, key=key)
