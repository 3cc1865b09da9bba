"""Reading our own vocabulary in a definition (`urn:yiwang:flow:1`): variables, and what a step means.

<yw:variable name="read_only" type="boolean" label="阅知件"/>
<yw:step assign="holders" permission="documents.review" unit="owner" complete="any" limitDays="2"
         work="documents.review" verbs="return withdraw transfer add_signer" asks="read_only">
  <yw:outcome value="agree" label="同意"/>
</yw:step>
"""

import re
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from shared.flow.errors import Findings
from shared.flow.source import BPMN, OURS, element_id
from shared.flow.steps import (
    UNIT_RELATIONS,
    AssignBy,
    Assignment,
    Completion,
    Outcome,
    Reach,
    Rule,
    Step,
    Variable,
    VariableType,
    Verb,
)

MAX_VARIABLES = 40
MAX_LIMIT_DAYS = 365

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DOTTED = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)*")

Choice = TypeVar("Choice", bound=StrEnum)


def read_variables(process: etree._Element, findings: Findings) -> dict[str, Variable]:
    """The declared variables of the flow, by name."""
    variables: dict[str, Variable] = {}
    for element in _ours(process, "variable", findings):
        name = element.get("name", "")
        where = f"yw:variable {name}".strip()
        if not _NAME.fullmatch(name) or name == "outcome":
            findings.add(where, "变量名须为小写英文字母开头的标识符, 且不能是 outcome")
        elif name in variables:
            findings.add(where, "变量重复声明")
        else:
            kind = _choice(VariableType, element, "type", VariableType.TEXT, where, findings)
            values = tuple(element.get("values", "").split())
            if values and kind is not VariableType.TEXT:
                findings.add(where, "只有文字变量可以限定取值")
            variables[name] = Variable(name, kind, element.get("label", ""), values)
    if len(variables) > MAX_VARIABLES:
        findings.add(element_id(process), f"变量不得超过 {MAX_VARIABLES} 个")
    return variables


def read_step(task: etree._Element, findings: Findings) -> Step | None:
    """The step that a user task stands for; None, with a finding, when it does not say who does it."""
    task_id = element_id(task)
    elements = _ours(task, "step", findings)
    if len(elements) != 1:
        findings.add(task_id, "须有且只有一个扩展元素 yw:step 说明由谁办理")
        return None
    name = " ".join(task.get("name", "").split())
    if not name or len(name) > 40:
        findings.add(task_id, "环节须有名称, 且不超过 40 字")
    return _read_step(elements[0], task_id, name, findings)


def _read_step(element: etree._Element, task_id: str, name: str, findings: Findings) -> Step:
    assign = _read_assignment(element, task_id, findings)
    return Step(
        id=task_id,
        name=name,
        assign=assign,
        completion=_read_completion(element, assign, task_id, findings),
        limit_days=_read_limit(element, task_id, findings),
        work_kind=_dotted(element, "work", task_id, findings),
        verbs=_read_verbs(element, task_id, findings),
        optional=_flag(element, "optional", task_id, findings),
        with_lead=_flag(element, "lead", task_id, findings),
        final=_flag(element, "final", task_id, findings),
        reach=_choice(Reach, element, "reach", Reach.OWNER, task_id, findings),
        outcomes=_read_outcomes(element, task_id, findings),
        asks=tuple(element.get("asks", "").split()),
        chooses=None if element.get("chooses") is None else tuple(element.get("chooses", "").split()),
    )


def refuse_extensions(element: etree._Element, findings: Findings) -> None:
    """Only the process and its steps may carry our extension elements."""
    if element.find(f"{{{BPMN}}}extensionElements/*") is not None:
        findings.add(element_id(element), "此处不能有扩展元素")


def _ours(element: etree._Element, wanted: str, findings: Findings) -> list[etree._Element]:
    found = element.findall(f"{{{BPMN}}}extensionElements/*")
    for other in found:
        if other.tag != f"{{{OURS}}}{wanted}":
            findings.add(element_id(element), f"此处不能有扩展元素 yw:{etree.QName(other).localname}")
    return [item for item in found if item.tag == f"{{{OURS}}}{wanted}"]


def _choice(
    kind: type[Choice],
    element: etree._Element,
    attribute: str,
    default: Choice,
    where: str,
    findings: Findings,
) -> Choice:
    text = element.get(attribute)
    if text is None:
        return default
    if text in {member.value for member in kind}:
        return kind(text)
    findings.add(where, f"{attribute} 须为 {'、'.join(member.value for member in kind)} 之一")
    return default


def _read_assignment(element: etree._Element, task_id: str, findings: Findings) -> Assignment:
    if element.get("assign") is None:
        findings.add(task_id, "yw:step 须有属性 assign")
    by = _choice(AssignBy, element, "assign", AssignBy.CHOSEN, task_id, findings)
    permission = _dotted(element, "permission", task_id, findings)
    unit = element.get("unit", "owner")
    performer = tuple(element.get("performer", "").split())
    if by is AssignBy.HOLDERS and not permission:
        findings.add(task_id, 'assign="holders" 须有 permission')
    if permission and by not in (AssignBy.HOLDERS, AssignBy.CHOSEN):
        findings.add(task_id, 'permission 只能与 assign="holders" 或 assign="chosen" 同时使用')
    if unit not in UNIT_RELATIONS:
        findings.add(task_id, f"unit 须为 {'、'.join(UNIT_RELATIONS)} 之一")
    if (by is AssignBy.PERFORMER) != bool(performer):
        findings.add(task_id, 'performer 与 assign="performer" 须同时使用')
    return Assignment(by, permission, unit, performer)


def _read_completion(
    element: etree._Element, assign: Assignment, task_id: str, findings: Findings
) -> Completion:
    # Where every holder of a permission gets the step, one of them does it for all unless it says otherwise.
    usual = Rule.ANY if assign.by is AssignBy.HOLDERS else Rule.ALL
    rule = _choice(Rule, element, "complete", usual, task_id, findings)
    text = element.get("ratio")
    if (rule is Rule.SHARE) != (text is not None):
        findings.add(task_id, 'ratio 与 complete="share" 须同时使用')
        return Completion(rule)
    if text is None:
        return Completion(rule)
    if not re.fullmatch(r"0\.\d{1,4}|1(\.0{1,4})?", text) or float(text) == 0:
        findings.add(task_id, "ratio 须为大于 0 且不大于 1 的小数, 如 0.5")
        return Completion(rule)
    return Completion(rule, float(text))


def _read_limit(element: etree._Element, task_id: str, findings: Findings) -> int | None:
    text = element.get("limitDays")
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,2}", text) or int(text) > MAX_LIMIT_DAYS:
        findings.add(task_id, f"limitDays 须为 1 至 {MAX_LIMIT_DAYS} 的工作日数")
        return None
    return int(text)


def _read_verbs(element: etree._Element, task_id: str, findings: Findings) -> frozenset[Verb]:
    text = element.get("verbs")
    if text is None:
        return frozenset(Verb)
    known = {verb.value for verb in Verb}
    for word in text.split():
        if word not in known:
            findings.add(task_id, f"verbs 中的 {word} 不认识, 可用: {'、'.join(sorted(known))}")
    return frozenset(Verb(word) for word in text.split() if word in known)


def _read_outcomes(element: etree._Element, task_id: str, findings: Findings) -> tuple[Outcome, ...]:
    outcomes: list[Outcome] = []
    for child in element:
        outcome = Outcome(child.get("value", ""), child.get("label", ""))
        if not _NAME.fullmatch(outcome.value) or not outcome.label:
            findings.add(task_id, "yw:outcome 须有 value (小写英文标识符) 与 label")
        if outcome.value in {known.value for known in outcomes}:
            findings.add(task_id, f"办理结果 {outcome.value} 重复")
        outcomes.append(outcome)
    return tuple(outcomes)


def _dotted(element: etree._Element, attribute: str, task_id: str, findings: Findings) -> str:
    text = element.get(attribute, "")
    if text and not _DOTTED.fullmatch(text):
        findings.add(task_id, f"{attribute} 须为以点分隔的小写英文, 如 documents.review")
        return ""
    return text


def _flag(element: etree._Element, attribute: str, task_id: str, findings: Findings) -> bool:
    text = element.get(attribute, "false")
    if text not in ("true", "false"):
        findings.add(task_id, f"{attribute} 须为 true 或 false")
    return text == "true"
