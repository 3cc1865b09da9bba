"""The shipped dispatch flow with people in it."""

from importlib.resources import files

import pytest

from shared.errors import Problem
from shared.flow.acts import choose
from tests.service.flow.office import Office


@pytest.fixture
def sent_to_check(office: Office) -> Office:
    """A dispatch that was countersigned by two bureaus at once and signed by the mayor."""
    xml = (files("services.documents") / "flows" / "dispatch.bpmn").read_bytes()
    office.start(xml, key="dispatch")
    office.complete("clerk", choices={"review": choose(office.post_id("director"))})
    two = choose(office.post_id("finance"), office.post_id("water"))
    office.complete("director", choices={"countersign": two, "sign": choose(office.post_id("mayor"))})
    assert office.at_work() == {"finance": "countersign", "water": "countersign"}
    office.complete("water", outcome="agree")
    office.complete("finance", outcome="agree")
    office.complete("mayor", outcome="agree", opinion="同意")
    return office


def test_a_dispatch_comes_to_its_issue(sent_to_check: Office) -> None:
    office = sent_to_check
    assert office.at_work() == {"registry": "check"}
    office.complete("registry", outcome="pass")
    for step in ("register", "render", "issue"):
        assert office.at_work() == {"registry": step}
        act = office.complete("registry")
    assert act.ended


def test_a_substantial_change_goes_to_the_original_signer(sent_to_check: Office) -> None:
    office = sent_to_check
    with pytest.raises(Problem, match="step_not_chosen"):
        office.complete(
            "registry", outcome="substantive", choices={"sign": choose(office.post_id("director"))}
        )
    office.complete("registry", outcome="substantive", opinion="数据已改")
    assert office.at_work() == {"mayor": "sign"}
