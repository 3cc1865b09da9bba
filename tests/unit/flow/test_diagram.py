"""The diagram that people see."""

from lxml import etree

from shared.flow.definitions import parse_definition
from shared.flow.diagram import draw_diagram, wrap_label
from shared.flow.engine import Marks, Run
from tests.support.bpmn import line, task

SVG = "{http://www.w3.org/2000/svg}"
DEFINITION = parse_definition(
    line(
        task("draft", name="起草"),
        task("review", name="办公室文秘科核稿并提出修改意见"),
        task("sign", name="<签发>&"),
    )
)


def classes(svg: str) -> dict[str, str]:
    root = etree.fromstring(svg.encode())
    return {group.get("id"): group.get("class") for group in root.iter(f"{SVG}g") if group.get("id")}


def test_steps_are_marked_as_done_open_and_returned():
    run = Run.start(DEFINITION)
    run.complete(run.open_steps()[0].task_id)
    run.complete(run.open_steps()[0].task_id)
    run.return_to("review")
    marked = classes(draw_diagram(DEFINITION, run.marks()))
    assert marked == {
        "start": "open",
        "draft": "done",
        "review": "current",
        "sign": "returned",
        "end": "open",
    }


def test_marks_are_said_in_words():
    svg = draw_diagram(DEFINITION, Marks(frozenset({"draft"}), frozenset({"review"}), frozenset({"sign"})))
    assert "<title>起草 (已办)</title>" in svg
    assert "(在办)" in svg
    assert "(已退回)" in svg


def test_long_chinese_names_are_wrapped_into_the_box():
    lines = wrap_label("办公室文秘科核稿并提出修改意见", 88, 14)
    assert "".join(lines) == "办公室文秘科核稿并提出修改意见"
    assert max(len(line) for line in lines) <= 6
    assert wrap_label("", 88, 14) == []


def test_names_cannot_break_out_of_the_drawing():
    root = etree.fromstring(draw_diagram(DEFINITION).encode())
    assert "".join(root.itertext()).count("<签发>&") == 2


def test_the_drawing_scales_to_a_narrow_screen():
    root = etree.fromstring(draw_diagram(DEFINITION).encode())
    assert root.get("viewBox")
    assert "width:100%" in root.get("style")
