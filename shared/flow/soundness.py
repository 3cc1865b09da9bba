"""Whether a control flow always works out: every step can be reached, nothing gets stuck or left over.

The check plays the token game of BPMN 2.0 over all choices. A state is the set of sequence flows that hold
a token; a second token on the same flow is refused, since nobody means two runs of one branch at once.
"""

from collections.abc import Collection, Iterator

from shared.flow.errors import Findings
from shared.flow.graph import Graph, Node, NodeKind

MAX_STATES = 5000

State = frozenset[str]


def check_soundness(graph: Graph, findings: Findings) -> None:
    """Add a finding for every element that cannot be reached, deadlocks, or is entered twice at once."""
    explored = _explore(graph, findings)
    if explored is None:
        return
    successors, fired = explored
    for node in graph.nodes.values():
        if node.id not in fired:
            findings.add(node.id, "从开始事件到不了这里, 或并行网关等不齐所有分支")
    _check_ending(successors, findings)


def may_skip(graph: Graph, node_id: str, others: Collection[str]) -> bool:
    """Whether work may come to a node although none of the others has been done."""
    explored = _explore(graph, Findings(), closed=frozenset(others) - {node_id})
    return explored is not None and node_id in explored[1]


def _explore(
    graph: Graph, findings: Findings, *, closed: frozenset[str] = frozenset()
) -> tuple[dict[State, list[State]], set[str]] | None:
    successors: dict[State, list[State]] = {}
    fired: set[str] = {graph.start.id}
    waiting: list[State] = [frozenset({flow.id}) for flow in graph.outgoing[graph.start.id]]
    while waiting:
        state = waiting.pop()
        if state in successors:
            continue
        if len(successors) >= MAX_STATES:
            findings.add(graph.start.id, "流程过于复杂, 无法检查, 请减少并行分支")
            return None
        successors[state] = []
        for node, consumed, produced in _moves(graph, state):
            if node.id in closed:
                continue
            rest = state - consumed
            if rest & produced:
                findings.add(node.id, "同一分支会同时走两遍, 请用并行网关汇合")
                return None
            fired.add(node.id)
            successors[state].append(rest | produced)
            waiting.append(rest | produced)
    return successors, fired


def _moves(graph: Graph, state: State) -> Iterator[tuple[Node, State, State]]:
    """What may happen next: the node, the flows whose tokens it takes, and those that it puts tokens on."""
    for node in graph.nodes.values():
        arrived = [flow.id for flow in graph.incoming[node.id] if flow.id in state]
        if not arrived:
            continue
        leaving = [flow.id for flow in graph.outgoing[node.id]]
        if node.kind is NodeKind.PARALLEL:
            if len(arrived) == len(graph.incoming[node.id]):
                yield node, frozenset(arrived), frozenset(leaving)
            continue
        for flow_id in arrived:
            if node.kind is NodeKind.EXCLUSIVE:
                yield from ((node, frozenset({flow_id}), frozenset({choice})) for choice in leaving)
            else:
                yield node, frozenset({flow_id}), frozenset(leaving)


def _check_ending(successors: dict[State, list[State]], findings: Findings) -> None:
    """Every state must be able to come to the empty one, in which all work has ended."""
    before: dict[State, list[State]] = {}
    for state, following in successors.items():
        for next_state in following:
            before.setdefault(next_state, []).append(state)
    able: set[State] = set()
    waiting: list[State] = [frozenset()]
    while waiting:
        state = waiting.pop()
        if state not in able:
            able.add(state)
            waiting.extend(before.get(state, ()))
    stuck = sorted({flow for state in successors.keys() - able for flow in state})
    if stuck:
        findings.add(stuck[0], "走到这里后流程无法办结: 有分支走不到结束事件, 或在并行网关处等不齐")
