"""The control flow of a definition as plain data: what was checked at upload, and all that is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class NodeKind(StrEnum):
    """The BPMN flow nodes that may be used, named as in BPMN 2.0."""

    START = "startEvent"
    END = "endEvent"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"

    @property
    def is_step(self) -> bool:
        return self in (NodeKind.USER_TASK, NodeKind.MANUAL_TASK)

    @property
    def is_gateway(self) -> bool:
        return self in (NodeKind.EXCLUSIVE, NodeKind.PARALLEL)


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node; `default` is the flow that an exclusive gateway takes when no condition holds."""

    id: str
    kind: NodeKind
    name: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """An arrow between two nodes, with a condition when it leaves an exclusive gateway."""

    id: str
    source: str
    target: str
    condition: str = ""
    name: str = ""


@dataclass(frozen=True)
class Graph:
    """Nodes by id and sequence flows in the order of the document, which is the order of their conditions."""

    nodes: Mapping[str, Node]
    flows: tuple[SequenceFlow, ...]

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[SequenceFlow, ...]]:
        """The flows that leave each node."""
        return {node: tuple(flow for flow in self.flows if flow.source == node) for node in self.nodes}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[SequenceFlow, ...]]:
        """The flows that arrive at each node."""
        return {node: tuple(flow for flow in self.flows if flow.target == node) for node in self.nodes}

    @cached_property
    def start(self) -> Node:
        """The one start event."""
        return next(node for node in self.nodes.values() if node.kind is NodeKind.START)

    def reachable_from(self, node_id: str) -> frozenset[str]:
        """The ids of the nodes that work may come to after this one, itself only through a loop."""
        seen: set[str] = set()
        waiting = [node_id]
        while waiting:
            for flow in self.outgoing[waiting.pop()]:
                if flow.target not in seen:
                    seen.add(flow.target)
                    waiting.append(flow.target)
        return frozenset(seen)
