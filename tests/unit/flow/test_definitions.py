"""What an uploaded definition must be, and how a bad one is refused."""

import pytest

from shared.errors import Problem
from shared.flow.definitions import parse_definition, require_performers
from shared.flow.source import MAX_BYTES
from shared.flow.steps import AssignBy, Rule, Verb
from tests.support.bpmn import HEADER, arrow, line, node, outcomes, process, task


def findings_of(xml: bytes) -> dict[str, list[str]]:
    with pytest.raises(Problem) as caught:
        parse_definition(xml)
    assert caught.value.code == "flow.definition_refused"
    assert caught.value.status == 422
    return {element: list(messages) for element, messages in caught.value.errors.items()}


def code_of(xml: bytes) -> str:
    with pytest.raises(Problem) as caught:
        parse_definition(xml)
    return caught.value.code


def branching(condition: str, variables: str = '<yw:variable name="pages" type="integer"/>') -> bytes:
    return process(
        node("start", "start"),
        task("draft", inner=outcomes("agree", "revise")),
        node("xor", "ask", 'default="ask-end"'),
        task("more"),
        node("end", "end"),
        arrow("start", "draft"),
        arrow("draft", "ask"),
        arrow("ask", "more", condition),
        arrow("ask", "end"),
        arrow("more", "end"),
        variables=variables,
    )


def test_a_step_says_who_does_it_until_when_and_how_it_is_done():
    step = parse_definition(
        line(
            task(
                "review",
                'assign="holders" permission="documents.review" unit="superior" complete="share" ratio="0.5"'
                ' limitDays="3" work="documents.review" verbs="return transfer" asks="urgent"',
                name="核稿",
                inner='<yw:outcome value="agree" label="同意"/>',
            ),
            variables='<yw:variable name="urgent" type="boolean" label="急件"/>',
        )
    ).steps["review"]
    assert (step.name, step.work_kind, step.limit_days) == ("核稿", "documents.review", 3)
    assert (step.assign.by, step.assign.permission, step.assign.unit) == (
        AssignBy.HOLDERS,
        "documents.review",
        "superior",
    )
    assert (step.completion.rule, step.completion.ratio) == (Rule.SHARE, 0.5)
    assert step.verbs == {Verb.RETURN, Verb.TRANSFER}
    assert step.asks == ("urgent",)
    assert step.outcome_label("agree") == "同意"


def test_one_holder_of_a_permission_is_enough_unless_said_otherwise():
    definition = parse_definition(line(task("a", 'assign="holders" permission="documents.sign"'), task("b")))
    assert definition.steps["a"].completion.rule is Rule.ANY
    assert definition.steps["b"].completion.rule is Rule.ALL


def test_the_same_bytes_are_the_same_definition():
    assert parse_definition(line(task("a"))) is parse_definition(line(task("a")))


def test_choices_look_past_gateways_and_optional_steps():
    definition = parse_definition(
        line(
            task("review"),
            task("countersign", 'assign="chosen" optional="true"'),
            task("sign", 'assign="chosen"'),
            task("check", 'assign="chosen"'),
        )
    )
    assert [step.id for step in definition.choices_after("review")] == ["countersign", "sign"]
    assert [step.id for step in definition.choices_after("countersign")] == ["sign"]
    assert definition.first_choices == ()


def test_a_step_may_limit_whom_its_completer_chooses():
    definition = parse_definition(
        line(
            task("review"),
            task("countersign", 'assign="chosen" optional="true" chooses=""'),
            task("sign", 'assign="chosen"'),
        )
    )
    assert definition.choices_after("countersign") == ()
    assert [step.id for step in definition.choices_after("countersign", whoever=True)] == ["sign"]


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ('<bpmn:scriptTask id="bad" name="x"><bpmn:script>1</bpmn:script></bpmn:scriptTask>', "脚本任务"),
        ('<bpmn:serviceTask id="bad"/>', "服务任务"),
        ('<bpmn:callActivity id="bad" calledElement="other"/>', "调用"),
        ('<bpmn:subProcess id="bad"/>', "子流程"),
        ('<bpmn:inclusiveGateway id="bad"/>', "包容网关"),
        ('<bpmn:boundaryEvent id="bad" attachedToRef="a"/>', "边界事件"),
        ('<bpmn:laneSet id="bad"/>', "泳道"),
        ('<bpmn:dataObject id="bad"/>', "dataObject"),
        ('<x:robot xmlns:x="urn:x" id="bad"/>', "robot"),
    ],
)
def test_elements_that_are_not_run_are_refused_by_name(element, reason):
    xml = line(task("a")).replace(b"</bpmn:process>", element.encode() + b"</bpmn:process>")
    assert reason in findings_of(xml)["bad"][0]


def test_a_timer_on_an_event_is_refused():
    xml = line(task("a")).replace(
        b'<bpmn:startEvent id="start" />',
        b'<bpmn:startEvent id="start"><bpmn:timerEventDefinition/></bpmn:startEvent>',
    )
    assert "定时" in findings_of(xml)["start"][0]


def test_a_collaboration_is_refused():
    xml = line(task("a")).replace(b"<bpmn:process ", b'<bpmn:collaboration id="c"/><bpmn:process ')
    assert "泳池" in findings_of(xml)["c"][0]


def test_several_instances_of_a_task_are_refused():
    xml = line(task("a")).replace(
        b"</bpmn:userTask>", b"<bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>"
    )
    assert "多实例" in findings_of(xml)["a"][0]


def test_attributes_of_other_tools_on_a_step_are_refused_rather_than_ignored():
    xml = line(task("a")).replace(
        b'<bpmn:userTask id="a"', b'<bpmn:userTask xmlns:c="urn:c" c:assignee="x" id="a"'
    )
    assert findings_of(xml)["a"] == ["不支持属性 assignee"]


def test_all_findings_are_told_at_once():
    xml = line(
        task("a", 'assign="nobody"'), task("b", 'assign="chosen" verbs="fly"'), task("c", "", name="丙")
    )
    assert set(findings_of(xml)) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("", "assign"),
        ('assign="holders"', "permission"),
        ('assign="starter" permission="documents.sign"', "permission"),
        ('assign="holders" permission="DROP TABLE"', "permission"),
        ('assign="holders" permission="a.b" unit="moon"', "unit"),
        ('assign="performer"', "performer"),
        ('assign="performer" performer="nowhere"', "nowhere"),
        ('assign="chosen" complete="most"', "complete"),
        ('assign="chosen" complete="share"', "ratio"),
        ('assign="chosen" complete="share" ratio="0"', "ratio"),
        ('assign="chosen" complete="share" ratio="nan"', "ratio"),
        ('assign="chosen" limitDays="-1"', "limitDays"),
        ('assign="chosen" limitDays="9999"', "limitDays"),
        ('assign="chosen" asks="unknown"', "unknown"),
        ('assign="starter" chooses="nowhere"', "chooses"),
        ('assign="starter" final="maybe"', "final"),
        ('assign="starter" optional="true"', "可选"),
        ('assign="chosen" optional="yes"', "optional"),
    ],
)
def test_wrong_step_attributes_are_refused(attributes, reason):
    assert reason in "".join(findings_of(line(task("a", attributes)))["a"])


def test_a_step_without_our_extension_is_refused():
    xml = line(task("a")).replace(b'<yw:step assign="starter"></yw:step>', b"")
    assert "yw:step" in findings_of(xml)["a"][0]


def test_ids_must_be_unique():
    assert findings_of(line(task("a"), task("a")))["a"] == ["id 重复"]


def test_what_is_not_drawn_is_refused():
    xml = line(task("a")).replace(b'bpmnElement="a"', b'bpmnElement="other"')
    assert "没有画" in findings_of(xml)["a"][0]


@pytest.mark.parametrize("number", ["nan", "inf", "1e9", "x"])
def test_impossible_coordinates_are_refused(number):
    xml = line(task("a")).replace(b'x="250"', f'x="{number}"'.encode())
    assert "位置" in findings_of(xml)["a"][0]


def test_a_step_nobody_can_reach_is_refused():
    xml = process(
        node("start", "start"),
        task("a"),
        node("end", "end"),
        task("island"),
        arrow("start", "a"),
        arrow("a", "end"),
        arrow("island", "end"),
    )
    assert "island" in findings_of(xml)


def test_a_join_that_waits_for_a_branch_not_taken_is_refused():
    xml = process(
        node("start", "start"),
        task("ask"),
        node("xor", "split", 'default="split-b"'),
        task("a"),
        task("b"),
        node("and", "join"),
        node("end", "end"),
        arrow("start", "ask"),
        arrow("ask", "split"),
        arrow("split", "a", "yes"),
        arrow("split", "b"),
        arrow("a", "join"),
        arrow("b", "join"),
        arrow("join", "end"),
        variables='<yw:variable name="yes" type="boolean"/>',
    )
    assert any("并行网关" in message for found in findings_of(xml).values() for message in found)


def test_branches_that_run_a_step_twice_at_once_are_refused():
    xml = process(
        node("start", "start"),
        node("and", "split"),
        task("a"),
        task("b"),
        task("c"),
        node("end", "end"),
        arrow("start", "split"),
        arrow("split", "a"),
        arrow("split", "b"),
        arrow("a", "c"),
        arrow("b", "c"),
        arrow("c", "end"),
    )
    assert "汇合" in "".join(findings_of(xml)["c"])


def test_a_circle_in_which_nobody_does_anything_is_refused():
    xml = process(
        node("start", "start"),
        task("a"),
        node("xor", "one"),
        node("xor", "two", 'default="two-end"'),
        task("b", 'assign="chosen" optional="true"'),
        node("end", "end"),
        arrow("start", "a"),
        arrow("a", "one"),
        arrow("one", "b"),
        arrow("b", "two"),
        arrow("two", "one", "again"),
        arrow("two", "end"),
        variables='<yw:variable name="again" type="boolean"/>',
    )
    assert "循环" in "".join(message for found in findings_of(xml).values() for message in found)


def test_an_exclusive_gateway_needs_a_default_and_conditions():
    xml = branching("pages &gt; 3").replace(b'default="ask-end"', b"")
    assert "默认出口" in findings_of(xml)["ask"][0]
    assert "须有条件" in findings_of(branching(""))["ask-more"][0]


def test_conditions_outside_exclusive_gateways_are_refused():
    xml = process(
        node("start", "start"),
        task("a"),
        node("end", "end"),
        arrow("start", "a"),
        arrow("a", "end", "True"),
    )
    assert "排他网关" in findings_of(xml)["a-end"][0]


@pytest.mark.parametrize(
    "condition",
    [
        "pages &gt; 3",
        "pages &gt;= 3 and not pages == 5",
        'outcome == "agree"',
        'outcome in ("agree", "revise")',
        "1 &lt; pages &lt; 9",
        "True",
    ],
)
def test_comparisons_of_declared_variables_are_conditions(condition):
    assert parse_definition(branching(condition)).graph.outgoing["ask"][0].condition


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('id')",
        "().__class__.__bases__[0].__subclasses__()",
        "open('/etc/passwd').read()",
        "9**9**9**9**9",
        "'a' * 10000000000 == 'b'",
        "1 &lt;&lt; 100000000 &gt; 1",
        "[x for x in (1, 2)] == 1",
        "(lambda: True)()",
        "f'{pages}' == '1'",
        "pages.real == 1",
        "pages[0] == 1",
        "unknown == 1",
        "pages == 'three'",
        "pages",
        "not pages",
        "'a' &lt; 'b'",
        'outcome == "agre"',
        "pages in ()",
        "pages in (1, 'a')",
        "pages in pages",
        "pages == 1.5",
        "pages := 3",
        "True; False",
        "(" * 220 + "True" + ")" * 220,
        "not " * 200 + "True",
        "True if pages == 1 else False",
        "b'a' == b'a'",
        "... == ...",
        "print(pages) or True",
        "",
    ],
)
def test_any_other_condition_is_refused(condition):
    assert "ask-more" in findings_of(branching(condition))


def test_a_condition_in_another_language_is_refused():
    xml = branching("pages &gt; 3").replace(
        b"<bpmn:conditionExpression ", b'<bpmn:conditionExpression language="python" '
    )
    assert "语言" in findings_of(xml)["ask-more"][0]


XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "prologue", [XXE, LAUGHS, "<!DOCTYPE definitions>", "<!DOCTYPE a SYSTEM 'http://x/'>"]
)
def test_document_types_and_entities_are_refused(prologue):
    xml = line(task("a", name="&x;")).replace(b"?>\n", b"?>" + prologue.encode(), 1)
    assert code_of(xml) == "flow.definition_unsafe"


def test_another_encoding_cannot_hide_a_document_type():
    hidden = ('<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-' + "<a/>").encode()
    assert code_of(hidden) == "flow.definition_unreadable"
    assert code_of(line(task("a")).decode().encode("utf-16")) == "flow.definition_unreadable"


@pytest.mark.parametrize(
    "junk", [b"", b"hello", b"<a", b"<a/>", b"\xff\xfe\x00", b"%PDF-1.7", b"<a>" * 100_000]
)
def test_what_is_no_bpmn_is_refused(junk):
    assert code_of(junk) == "flow.definition_unreadable"


def test_a_file_over_the_limit_is_refused():
    assert code_of(b"<a>" + b" " * MAX_BYTES) == "flow.definition_too_large"


def test_too_many_elements_are_refused():
    body = "<bpmn:documentation>x</bpmn:documentation>" * 4000
    assert code_of(f"{HEADER}<bpmn:process id='p'>{body}</bpmn:process></bpmn:definitions>".encode()) == (
        "flow.definition_unsafe"
    )


def test_a_file_without_or_with_two_processes_is_refused():
    assert "definitions" in findings_of(f"{HEADER}</bpmn:definitions>".encode())
    two = '<bpmn:process id="p"/><bpmn:process id="q"/>'
    assert "definitions" in findings_of(f"{HEADER}{two}</bpmn:definitions>".encode())


def test_notes_on_the_diagram_are_kept_out_of_the_way():
    note = '<bpmn:textAnnotation id="note"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation>'
    xml = line(task("a")).replace(b"</bpmn:process>", f"{note}</bpmn:process>".encode())
    assert parse_definition(xml).steps.keys() == {"a"}


@pytest.mark.parametrize(
    ("performer", "refused"),
    [("asked", True), ("maybe", True), ("draft", False), ("asked draft", False), ("both", False)],
)
def test_every_way_to_a_step_leads_through_one_whose_performer_gets_it(performer: str, *, refused: bool):
    definition = parse_definition(
        process(
            node("start", "start"),
            task("draft"),
            node("xor", "ask", 'default="ask-maybe"'),
            task("asked"),
            task("maybe", 'assign="chosen" optional="true"'),
            node("and", "split"),
            task("both"),
            task("other"),
            node("and", "join"),
            task("reply", f'assign="performer" performer="{performer}"'),
            node("end", "end"),
            arrow("start", "draft"),
            arrow("draft", "ask"),
            arrow("ask", "asked", "urgent"),
            arrow("ask", "maybe"),
            arrow("asked", "maybe"),
            arrow("maybe", "split"),
            arrow("split", "both"),
            arrow("split", "other"),
            arrow("both", "join"),
            arrow("other", "join"),
            arrow("join", "reply"),
            arrow("reply", "end"),
            variables='<yw:variable name="urgent" type="boolean"/>',
        )
    )
    if not refused:
        return require_performers(definition)
    with pytest.raises(Problem, match="definition_refused") as caught:
        require_performers(definition)
    assert "没有办理人" in caught.value.errors["reply"][0]
    return None
