"""Reading an uploaded BPMN file safely, and the tables of what may occur in it.

Whatever is not in the tables is refused by name: an element that were silently ignored would make the flow do
something else than its diagram says.
"""

from typing import NamedTuple

from lxml import etree

from shared.flow.errors import Findings, definition_too_large, definition_unreadable, definition_unsafe

MAX_BYTES = 512 * 1024
MAX_ELEMENTS = 3000

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:yiwang:flow:1"

_PREFIXES = {BPMN: "bpmn", BPMNDI: "bpmndi", DC: "dc", DI: "di", OURS: "yw"}


class _Allowed(NamedTuple):
    """The attributes and children that an element may have; `tools`: also attributes of drawing tools."""

    attributes: frozenset[str]
    children: frozenset[str]
    tools: bool = False


def _allow(attributes: str = "", children: str = "", *, tools: bool = False) -> _Allowed:
    return _Allowed(frozenset(attributes.split()) | {"id"}, frozenset(children.split()), tools)


_NODE = "bpmn:documentation bpmn:extensionElements bpmn:incoming bpmn:outgoing"
_INERT = "bpmn:textAnnotation bpmn:association"
_FLOW_NODES = (
    "bpmn:startEvent bpmn:endEvent bpmn:userTask bpmn:manualTask bpmn:exclusiveGateway bpmn:parallelGateway"
)

_ELEMENTS: dict[str, _Allowed] = {
    "bpmn:definitions": _allow(
        "name targetNamespace exporter exporterVersion expressionLanguage typeLanguage",
        "bpmn:process bpmndi:BPMNDiagram",
        tools=True,
    ),
    "bpmn:process": _allow(
        "name isExecutable isClosed processType",
        f"bpmn:documentation bpmn:extensionElements bpmn:sequenceFlow {_FLOW_NODES} {_INERT}",
    ),
    "bpmn:startEvent": _allow("name isInterrupting", _NODE),
    "bpmn:endEvent": _allow("name", _NODE),
    "bpmn:userTask": _allow("name implementation", _NODE),
    "bpmn:manualTask": _allow("name", _NODE),
    "bpmn:exclusiveGateway": _allow("name default gatewayDirection", _NODE),
    "bpmn:parallelGateway": _allow("name gatewayDirection", _NODE),
    "bpmn:sequenceFlow": _allow(
        "name sourceRef targetRef isImmediate", "bpmn:documentation bpmn:conditionExpression"
    ),
    "bpmn:conditionExpression": _allow(f"{{{XSI}}}type language"),
    "bpmn:incoming": _allow(),
    "bpmn:outgoing": _allow(),
    "bpmn:documentation": _allow("textFormat"),
    "bpmn:textAnnotation": _allow("textFormat", "bpmn:text"),
    "bpmn:text": _allow(),
    "bpmn:association": _allow("sourceRef targetRef associationDirection"),
    "bpmn:extensionElements": _allow("", "yw:variable yw:step"),
    "yw:variable": _allow("name type label values"),
    "yw:step": _allow(
        "assign permission unit performer reach complete ratio limitDays work verbs optional lead final asks"
        " chooses",
        "yw:outcome",
    ),
    "yw:outcome": _allow("value label"),
    "bpmndi:BPMNDiagram": _allow("name documentation resolution", "bpmndi:BPMNPlane bpmndi:BPMNLabelStyle"),
    "bpmndi:BPMNPlane": _allow("bpmnElement", "bpmndi:BPMNShape bpmndi:BPMNEdge"),
    "bpmndi:BPMNShape": _allow(
        "bpmnElement isHorizontal isExpanded isMarkerVisible isMessageVisible",
        "dc:Bounds bpmndi:BPMNLabel",
        tools=True,
    ),
    "bpmndi:BPMNEdge": _allow(
        "bpmnElement sourceElement targetElement", "di:waypoint bpmndi:BPMNLabel", tools=True
    ),
    "bpmndi:BPMNLabel": _allow("labelStyle", "dc:Bounds", tools=True),
    "bpmndi:BPMNLabelStyle": _allow("", "dc:Font"),
    "dc:Bounds": _allow("x y width height"),
    "dc:Font": _allow("name size isBold isItalic isUnderline isStrikeThrough"),
    "di:waypoint": _allow("x y"),
}

# The elements that people do draw, with the reason why they are not run here.
_REASONS = {
    "scriptTask": "不允许脚本任务",
    "serviceTask": "不允许服务任务",
    "sendTask": "不允许发送任务",
    "receiveTask": "不允许接收任务",
    "businessRuleTask": "不允许规则任务",
    "task": "请使用用户任务 (userTask) 或手工任务 (manualTask)",
    "callActivity": "不允许调用其他流程",
    "subProcess": "不允许子流程",
    "transaction": "不允许子流程",
    "adHocSubProcess": "不允许子流程",
    "collaboration": "不允许协作与泳池",
    "laneSet": "不允许泳道, 办理人请写在环节的扩展属性中",
    "inclusiveGateway": "不允许包容网关, 请改用并行网关加可选环节",
    "complexGateway": "不允许复杂网关",
    "eventBasedGateway": "不允许事件网关",
    "boundaryEvent": "不允许边界事件",
    "intermediateCatchEvent": "不允许中间事件",
    "intermediateThrowEvent": "不允许中间事件",
    "timerEventDefinition": "不允许定时事件, 时限请写在环节的扩展属性中",
    "messageEventDefinition": "不允许消息事件",
    "signalEventDefinition": "不允许信号事件",
    "errorEventDefinition": "不允许错误事件",
    "terminateEventDefinition": "不允许终止事件, 请使用普通结束事件",
    "multiInstanceLoopCharacteristics": "不允许多实例标记, 多人办理请写在环节的扩展属性中",
    "standardLoopCharacteristics": "不允许循环标记",
    "ioSpecification": "不允许数据输入输出",
}


def read_source(xml: bytes) -> etree._Element:
    """The root of an uploaded file, with every element and attribute known.

    UTF-8 only, no document type, no entities, no network, at most 512 KB. Raises Problem.
    """
    if len(xml) > MAX_BYTES:
        raise definition_too_large(MAX_BYTES)
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise definition_unreadable("文件须为 UTF-8 编码的 BPMN 2.0 XML。") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise definition_unsafe("文件中不得有 DOCTYPE 或实体声明。")
    root = _parse(text.encode())
    _check_elements(root)
    return root


def _parse(xml: bytes) -> etree._Element:
    # The encoding is fixed because the checks above read the text as UTF-8, whatever the file declares.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise definition_unreadable(f"第 {error.lineno or 1} 行不是正确的 XML。") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise definition_unsafe("文件中不得有 DOCTYPE 或实体声明。")
    if qualified(root) != "bpmn:definitions":
        raise definition_unreadable("文件不是 BPMN 2.0 流程定义。")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise definition_unsafe(f"元素不得超过 {MAX_ELEMENTS} 个。")
    return root


def qualified(element: etree._Element) -> str:
    """The element's name with its usual prefix, `?` for a foreign namespace."""
    name = etree.QName(element)
    return f"{_PREFIXES.get(name.namespace or '', '?')}:{name.localname}"


def element_id(element: etree._Element) -> str:
    """The id of an element, or of the nearest one around it that has one, for naming it in a message."""
    current: etree._Element | None = element
    while current is not None:
        if identifier := current.get("id") or current.get("bpmnElement"):
            return identifier
        current = current.getparent()
    return str(etree.QName(element).localname)


def _check_elements(root: etree._Element) -> None:
    findings = Findings()
    _check_element(root, findings)
    findings.refuse_if_any()


def _check_element(element: etree._Element, findings: Findings) -> None:
    allowed = _ELEMENTS[qualified(element)]
    for attribute in element.attrib:
        name = str(attribute)
        if name in allowed.attributes or (allowed.tools and name.startswith("{")):
            continue
        findings.add(element_id(element), f"不支持属性 {etree.QName(name).localname}")
    for child in element:
        if qualified(child) in allowed.children:
            _check_element(child, findings)
            continue
        local = etree.QName(child).localname
        findings.add(element_id(child), _REASONS.get(local, f"不支持元素 {local}"))
