"""The two flows that documents ships: openable in any BPMN tool, and the steps of the regulation in their order."""

from importlib.resources import files
from pathlib import Path

import pytest
import SpiffWorkflow.bpmn.parser as spiff_parser
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from shared.flow.definitions import Definition, parse_definition, require_performers
from shared.flow.engine import Run
from shared.flow.steps import AssignBy
from shared.permissions import Permission

FLOWS = ("dispatch", "incoming")
SCHEMA = Path(spiff_parser.__file__).parent / "schema" / "BPMN20.xsd"


def source(name: str) -> bytes:
    return (files("services.documents") / "flows" / f"{name}.bpmn").read_bytes()


def flow(name: str) -> Definition:
    return parse_definition(source(name))


def open_ids(run: Run) -> list[str]:
    return [item.step.id for item in run.open_steps()]


def walk(run: Run, *acts: str | tuple[str, str] | tuple[str, str, dict[str, object]]) -> Run:
    """Complete steps: a name, or a name with an outcome and variables. `-name` passes over an optional step."""
    for act in acts:
        name, outcome, variables = (*((act,) if isinstance(act, str) else act), "", {})[:3]
        (item,) = run.open_steps()
        assert item.step.id == name.removeprefix("-")
        if name.startswith("-"):
            run.skip(item.task_id)
            continue
        known = item.step.outcomes
        run.complete(item.task_id, outcome or (known[0].value if known else ""), variables)
        run = Run.load(run.definition, run.to_json())
    return run


@pytest.mark.parametrize("name", FLOWS)
def test_the_file_keeps_the_bpmn_schema(name: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(source(name)))


@pytest.mark.parametrize("name", FLOWS)
def test_other_bpmn_software_reads_the_file(name: str) -> None:
    parser = BpmnParser()
    parser.add_bpmn_str(source(name))
    spec = parser.get_spec(name)
    assert set(flow(name).steps) <= set(spec.task_specs)


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_names_known_permissions_and_work(name: str) -> None:
    known = {permission.value for permission in Permission} | {""}
    for step in flow(name).steps.values():
        assert step.assign.permission in known
        assert step.work_kind == "documents"
        assert step.limit_days is not None or step.assign.by is AssignBy.STARTER


@pytest.mark.parametrize("name", FLOWS)
def test_every_way_to_a_step_has_somebody_to_do_it(name: str) -> None:
    require_performers(flow(name))


@pytest.mark.parametrize("name", FLOWS)
def test_shapes_do_not_overlap(name: str) -> None:
    boxes = list(flow(name).layout.shapes.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )


def test_a_dispatch_goes_through_every_step_in_order() -> None:
    run = walk(
        Run.start(flow("dispatch")),
        "draft",
        "review",
        "countersign",
        "sign",
        "check",
        "register",
        "render",
        "issue",
    )
    assert run.ended


def test_a_dispatch_needs_no_countersigners() -> None:
    run = walk(Run.start(flow("dispatch")), "draft", "review", "-countersign")
    assert open_ids(run) == ["sign"]


def test_a_countersigner_who_disagrees_sends_it_to_review() -> None:
    run = walk(Run.start(flow("dispatch")), "draft", "review", ("countersign", "disagree"))
    assert open_ids(run) == ["review"]


def test_a_substantial_change_at_the_final_check_goes_to_the_signer_again() -> None:
    definition = flow("dispatch")
    run = walk(Run.start(definition), "draft", "review", "-countersign", "sign", ("check", "substantive"))
    assert open_ids(run) == ["sign"]
    # Nobody else can be chosen then: it goes to whoever signed (第二十五条（一）).
    assert definition.choices_after("check") == ()
    assert open_ids(walk(run, "sign", "check")) == ["register"]


def test_whoever_reviews_chooses_countersigners_and_signer() -> None:
    definition = flow("dispatch")
    assert [step.id for step in definition.choices_after("review")] == ["countersign", "sign"]
    assert definition.choices_after("countersign") == ()


def test_an_incoming_document_to_act_on() -> None:
    run = walk(
        Run.start(flow("incoming")),
        "sign_for",
        "register",
        "first_check",
        "propose",
        ("instruct", "", {"needs_circulation": True, "needs_reply": True}),
        "handle",
        "circulate",
        "reply",
        "close",
    )
    assert run.ended


def test_neither_circulation_nor_reply_when_nobody_asked_for_them() -> None:
    run = walk(
        Run.start(flow("incoming")), "sign_for", "register", "first_check", "propose", "instruct", "handle"
    )
    assert open_ids(run) == ["close"]


def test_a_document_to_read_only_skips_instructing_and_handling() -> None:
    run = walk(
        Run.start(flow("incoming")),
        "sign_for",
        "register",
        ("first_check", "accept", {"read_only": True}),
        "propose",
        "circulate",
        "close",
    )
    assert run.ended


@pytest.mark.parametrize("steps", [["sign_for"], ["sign_for", "register", "first_check"]])
def test_what_should_not_have_come_goes_back_to_its_sender(steps: list[str]) -> None:
    run = walk(Run.start(flow("incoming")), *steps[:-1], (steps[-1], "return_to_sender"))
    assert run.ended
