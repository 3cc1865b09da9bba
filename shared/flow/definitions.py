"""A flow definition: an uploaded BPMN 2.0 file, read safely, checked completely, turned into plain data."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree

from shared.flow.conditions import OUTCOME, ConditionError, check_condition
from shared.flow.errors import Findings, variable_invalid, variable_unknown
from shared.flow.extensions import read_step, read_variables, refuse_extensions
from shared.flow.graph import Graph, Node, NodeKind, SequenceFlow
from shared.flow.layout import Layout, read_layout
from shared.flow.soundness import check_soundness, may_skip
from shared.flow.source import BPMN, element_id, read_source
from shared.flow.steps import AssignBy, Outcome, Step, Variable, VariableType

MAX_NODES = 200

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")
_NODE_TAGS = {f"{{{BPMN}}}{kind.value}": kind for kind in NodeKind}


@dataclass(frozen=True, eq=False)
class Definition:
    """One version of a flow, ready to run: `key` is the process id, `digest` the SHA-256 of the file."""

    key: str
    name: str
    digest: str
    graph: Graph
    steps: Mapping[str, Step]
    variables: Mapping[str, Variable]
    layout: Layout

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Each step's place in the document, which is the order in which steps are listed."""
        return {step_id: place for place, step_id in enumerate(self.steps)}

    def checked_variables(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values, each declared and of its type. Raises Problem."""
        for name, value in values.items():
            if name not in self.variables:
                raise variable_unknown(name)
            variable = self.variables[name]
            if not variable.accepts(value):
                raise variable_invalid(name, variable.label, variable.expected)
        return dict(values)

    def first_values(self) -> dict[str, Any]:
        """Every variable with its default."""
        return {variable.name: variable.default for variable in self.variables.values()}

    def choices_after(self, step_id: str, *, whoever: bool = False) -> tuple[Step, ...]:
        """The steps for which whoever completes `step_id` may choose the posts, in the document's order.

        Looks past gateways and past optional steps, since those may be passed over. A step that it leads back to
        itself is not among them: that one returns to whoever did it. `whoever` leaves out the step's own limit.
        """
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [step_id]
        while waiting:
            for flow in self.graph.outgoing[waiting.pop()]:
                if flow.target in seen:
                    continue
                seen.add(flow.target)
                coming = self.steps.get(flow.target)
                if coming is not None and coming.assign.by is AssignBy.CHOSEN:
                    found.add(coming.id)
                if coming is None or coming.optional:
                    waiting.append(flow.target)
        step = self.steps.get(step_id)
        if step is not None and step.chooses is not None and not whoever:
            found &= set(step.chooses)
        found.discard(step_id)
        return tuple(self.steps[found_id] for found_id in sorted(found, key=self.order.__getitem__))

    @cached_property
    def first_choices(self) -> tuple[Step, ...]:
        """The steps for which whoever starts the flow may choose the posts."""
        return self.choices_after(self.graph.start.id)


@lru_cache(maxsize=128)
def parse_definition(xml: bytes) -> Definition:
    """Read and check a BPMN file; the result is cached and immutable.

    Raises Problem: `flow.definition_too_large` (413), `…_unreadable` and `…_unsafe` (400), or `…_refused`
    (422) with all findings by element id.
    """
    root = read_source(xml)
    process = _only_process(root)
    findings = Findings()
    _check_ids(root, findings)
    variables = read_variables(process, findings)
    steps = _read_steps(process, findings)
    graph = _read_graph(process, findings)
    findings.refuse_if_any()
    _check_nodes(graph, findings)
    _check_steps(steps, variables, findings)
    _check_conditions(graph, variables, steps, findings)
    _check_cycles(graph, steps, findings)
    layout = read_layout(root, graph, findings)
    findings.refuse_if_any()
    check_soundness(graph, findings)
    findings.refuse_if_any()
    return Definition(
        key=process.get("id", ""),
        name=process.get("name", "") or process.get("id", ""),
        digest=hashlib.sha256(xml).hexdigest(),
        graph=graph,
        steps=steps,
        variables=variables,
        layout=layout,
    )


def require_performers(definition: Definition) -> None:
    """Refuse a flow in which work may come to a step whose performer nobody has been (422).

    Asked of new versions only: work on an older one goes on as far as it can.
    """
    findings = Findings()
    for step in definition.steps.values():
        sure = {done for done in step.assign.steps if not definition.steps[done].optional}
        if step.assign.steps and may_skip(definition.graph, step.id, sure):
            findings.add(
                step.id, "有的走法不经过 performer 所指的任一环节, 到这里就没有办理人; 请再列一个必经的环节"
            )
    findings.refuse_if_any()


def _only_process(root: etree._Element) -> etree._Element:
    findings = Findings()
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        findings.add(element_id(root), "文件中须有且只有一个流程 (process)")
    elif processes[0].get("isExecutable") == "false":
        findings.add(element_id(processes[0]), '流程须为可执行 (isExecutable="true")')
    findings.refuse_if_any()
    return processes[0]


def _check_ids(root: etree._Element, findings: Findings) -> None:
    seen: set[str] = set()
    for element in root.iter(f"{{{BPMN}}}*"):
        identifier = element.get("id")
        if identifier is None:
            if element.tag in _NODE_TAGS or element.tag in (f"{{{BPMN}}}process", f"{{{BPMN}}}sequenceFlow"):
                findings.add(element_id(element), f"元素 {etree.QName(element).localname} 须有 id")
            continue
        if not _ID.fullmatch(identifier):
            findings.add(
                identifier[:80], "id 须以英文字母开头, 由英文字母、数字、点、下划线和连字符组成, 不超过 80 个"
            )
        if identifier in seen:
            findings.add(identifier, "id 重复")
        seen.add(identifier)
    findings.refuse_if_any()


def _read_steps(process: etree._Element, findings: Findings) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for element in process:
        kind = _NODE_TAGS.get(str(element.tag))
        if kind is None:
            continue
        if not kind.is_step:
            refuse_extensions(element, findings)
        elif step := read_step(element, findings):
            steps[step.id] = step
    return steps


def _read_graph(process: etree._Element, findings: Findings) -> Graph:
    nodes = {
        element.get("id", ""): Node(
            element.get("id", ""),
            _NODE_TAGS[str(element.tag)],
            " ".join(element.get("name", "").split()),
            element.get("default", ""),
        )
        for element in process
        if element.tag in _NODE_TAGS
    }
    if len(nodes) > MAX_NODES:
        findings.add(element_id(process), f"节点不得超过 {MAX_NODES} 个")
    flows = tuple(_read_flow(element, findings) for element in process.iter(f"{{{BPMN}}}sequenceFlow"))
    for flow in flows:
        for end in (flow.source, flow.target):
            if end not in nodes:
                findings.add(flow.id, f"连线的一端 {end or '(空)'} 不是流程中的节点")
    return Graph(nodes, flows)


def _read_flow(element: etree._Element, findings: Findings) -> SequenceFlow:
    flow_id = element.get("id", "")
    conditions = element.findall(f"{{{BPMN}}}conditionExpression")
    if len(conditions) > 1:
        findings.add(flow_id, "一条连线只能有一个条件")
    condition = ""
    for found in conditions:
        condition = (found.text or "").strip()
        if found.get("language"):
            findings.add(flow_id, "条件不得另外指定表达式语言")
        if not condition:
            findings.add(flow_id, "条件为空")
    return SequenceFlow(
        flow_id,
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        condition,
        element.get("name", ""),
    )


def _check_nodes(graph: Graph, findings: Findings) -> None:
    starts = [node.id for node in graph.nodes.values() if node.kind is NodeKind.START]
    if len(starts) != 1:
        findings.add(starts[1] if starts else "process", "流程须有且只有一个开始事件")
    if not any(node.kind is NodeKind.END for node in graph.nodes.values()):
        findings.add("process", "流程须有结束事件")
    for node in graph.nodes.values():
        _check_node(graph, node, findings)
    findings.refuse_if_any()


def _check_node(graph: Graph, node: Node, findings: Findings) -> None:
    leaving, arriving = graph.outgoing[node.id], graph.incoming[node.id]
    if node.kind is not NodeKind.START and not arriving:
        findings.add(node.id, "没有连线到达这里")
    if node.kind is NodeKind.START and arriving:
        findings.add(node.id, "开始事件不能有进入的连线")
    if node.kind is NodeKind.END and leaving:
        findings.add(node.id, "结束事件不能有离开的连线")
    if node.kind is not NodeKind.END and not leaving:
        findings.add(node.id, "没有连线离开这里")
    if not node.kind.is_gateway and len(leaving) > 1:
        findings.add(node.id, "只能有一条离开的连线, 分支请用网关")
    if len({(flow.source, flow.target) for flow in leaving}) < len(leaving):
        findings.add(node.id, "有两条连线通向同一处")
    _check_branching(node, leaving, findings)


def _check_branching(node: Node, leaving: tuple[SequenceFlow, ...], findings: Findings) -> None:
    if node.kind is not NodeKind.EXCLUSIVE:
        for flow in leaving:
            if flow.condition:
                findings.add(flow.id, "只有排他网关的出口可以有条件")
        return
    ids = {flow.id for flow in leaving}
    if node.default and node.default not in ids:
        findings.add(node.id, "默认出口不是它的连线")
    if len(leaving) == 1:
        if leaving[0].condition:
            findings.add(leaving[0].id, "只有一个出口的网关不能有条件")
        return
    if not node.default:
        findings.add(node.id, "排他网关须指定默认出口, 以免所有条件都不成立时流程停住")
    for flow in leaving:
        if flow.id == node.default and flow.condition:
            findings.add(flow.id, "默认出口不能有条件")
        if flow.id != node.default and not flow.condition:
            findings.add(flow.id, "排他网关的非默认出口须有条件")


def _check_cycles(graph: Graph, steps: Mapping[str, Step], findings: Findings) -> None:
    """A circle in which nobody has to do anything would be run through for ever."""
    passing = {node for node in graph.nodes if node not in steps or steps[node].optional}
    remaining = {node: {flow.target for flow in graph.outgoing[node]} & passing for node in passing}
    while ends := [node for node, targets in remaining.items() if not targets]:
        for node in ends:
            del remaining[node]
        for targets in remaining.values():
            targets.difference_update(ends)
    if remaining:
        findings.add(min(remaining), "这里有一个无人办理的循环, 流程会停不下来")


def _check_steps(steps: Mapping[str, Step], variables: Mapping[str, Variable], findings: Findings) -> None:
    for step in steps.values():
        for done in step.assign.steps:
            if done not in steps:
                findings.add(step.id, f"performer 所指的环节 {done} 不存在")
        for coming in step.chooses or ():
            if coming not in steps or steps[coming].assign.by is not AssignBy.CHOSEN:
                findings.add(step.id, f"chooses 中的 {coming} 不是由人选择办理人的环节")
        for name in step.asks:
            if name not in variables:
                findings.add(step.id, f"asks 中的变量 {name} 没有声明")
        if step.optional and step.assign.by is not AssignBy.CHOSEN:
            findings.add(step.id, "只有由人选择办理人的环节可以是可选环节")


def _check_conditions(
    graph: Graph, variables: Mapping[str, Variable], steps: Mapping[str, Step], findings: Findings
) -> None:
    outcomes: dict[str, Outcome] = {}
    for step in steps.values():
        outcomes.update({outcome.value: outcome for outcome in step.outcomes})
    outcome = Variable(OUTCOME, VariableType.TEXT, "办理结果", tuple(outcomes))
    known = {**variables, OUTCOME: outcome}
    for flow in graph.flows:
        if not flow.condition:
            continue
        try:
            check_condition(flow.condition, known)
        except ConditionError as error:
            findings.add(flow.id, str(error))
