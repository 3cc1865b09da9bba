"""Returning to an earlier step, and withdrawing what was sent on."""

import pytest

from shared.errors import Problem
from shared.flow import verbs, work
from shared.flow.acts import choose
from shared.flow.models import ItemStatus
from tests.service.flow.flows import dispatch
from tests.service.flow.office import OUTSIDE, Office
from tests.support.bpmn import arrow, line, node, process, task


def at_countersign(office: Office, rule: str = 'complete="all"') -> None:
    """Bring a dispatch to its countersigners finance and water; the mayor is chosen to sign."""
    office.start(dispatch(rule))
    office.complete("clerk")
    office.complete(
        "director",
        choices={
            "sign": choose(office.post_id("mayor")),
            "countersign": choose(office.post_id("finance"), office.post_id("water")),
        },
    )


def test_only_the_holder_returns_an_item(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(
            verbs.return_to_step,
            OUTSIDE,
            item_id=office.open_item("director"),
            step_id="draft",
            reason="缺少附件",
        )


def test_returning_needs_a_reason_and_an_earlier_step(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    item_id = office.open_item("director")
    with pytest.raises(Problem, match="reason_needed"):
        office.do(verbs.return_to_step, "director", item_id=item_id, step_id="draft", reason="  ")
    for step_id in ("sign", "review", "nowhere"):
        with pytest.raises(Problem, match="cannot_return_there"):
            office.do(verbs.return_to_step, "director", item_id=item_id, step_id=step_id, reason="重办")
    assert office.at_work() == {"director": "review", "deputy": "review"}


def test_a_definition_may_forbid_returning(office: Office) -> None:
    office.start(dispatch(verbs='verbs="transfer"'))
    office.complete("clerk")
    with pytest.raises(Problem, match="verb_not_allowed"):
        office.do(
            verbs.return_to_step,
            "director",
            item_id=office.open_item("director"),
            step_id="draft",
            reason="重办",
        )


def test_returning_cancels_the_siblings_and_gives_the_step_to_who_did_it(office: Office) -> None:
    at_countersign(office)
    late = office.open_item("finance")
    act = office.do(
        verbs.return_to_step,
        "water",
        item_id=office.open_item("water"),
        step_id="review",
        reason="数据有误",
    )
    assert act.opinion == "数据有误"
    # The director reviewed it, so it is the director's again and not the deputy's.
    assert office.at_work() == {"director": "review"}
    assert office.item(late).status == ItemStatus.CANCELLED
    assert office.told()[-3:] == ["work_item.returned", "work_item.cancelled", "work_item.opened"]
    with pytest.raises(Problem, match="item_closed"):
        office.do(verbs.complete_item, "finance", item_id=late, outcome="agree")


def test_after_a_return_the_chosen_signer_stays_unless_another_is_chosen(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    office.complete("director", choices={"sign": choose(office.post_id("mayor"))})
    office.complete("mayor")
    back = {"step_id": "review", "reason": "请再核"}
    office.do(verbs.return_to_step, "registry", item_id=office.open_item("registry"), **back)
    office.complete("director")
    assert office.at_work() == {"mayor": "sign"}
    office.do(verbs.return_to_step, "mayor", item_id=office.open_item("mayor"), **back)
    office.complete("director", choices={"sign": choose(office.post_id("deputy"))})
    assert office.at_work() == {"deputy": "sign"}


def test_returning_to_chosen_posts(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    office.do(
        verbs.return_to_step,
        "director",
        item_id=office.open_item("director"),
        step_id="draft",
        reason="换人起草",
        choice=choose(office.post_id("deputy")),
    )
    assert office.at_work() == {"deputy": "draft"}


def test_an_item_opened_again_counts_anew(office: Office) -> None:
    at_countersign(office)
    office.complete("finance", outcome="agree")
    office.do(
        verbs.return_to_step,
        "water",
        item_id=office.open_item("water"),
        step_id="review",
        reason="重新会签",
    )
    two = choose(office.post_id("finance"), office.post_id("water"))
    office.complete("director", choices={"countersign": two})
    office.complete("water", outcome="agree")
    assert office.at_work() == {"finance": "countersign"}
    office.complete("finance", outcome="agree")
    assert office.at_work() == {"mayor": "sign"}


def test_returning_behind_a_split_cancels_the_other_branch(office: Office) -> None:
    office.start(
        process(
            node("start", "start"),
            task("draft"),
            node("and", "split"),
            task("a", 'assign="holders" permission="documents.sign" unit="superior"'),
            task("b", 'assign="holders" permission="documents.registry"'),
            node("and", "join"),
            node("end", "end"),
            arrow("start", "draft"),
            arrow("draft", "split"),
            arrow("split", "a"),
            arrow("split", "b"),
            arrow("a", "join"),
            arrow("b", "join"),
            arrow("join", "end"),
        )
    )
    office.complete("clerk")
    office.do(
        verbs.return_to_step, "mayor", item_id=office.open_item("mayor"), step_id="draft", reason="重拟"
    )
    assert office.at_work() == {"clerk": "draft"}
    office.complete("clerk")
    office.complete("mayor")
    assert office.complete("registry").ended


def test_withdrawing_gives_the_item_back_as_it_was(office: Office) -> None:
    at_countersign(office)
    mine = office.items("director")[0].id
    theirs = office.open_item("water")
    act = office.do(verbs.withdraw, "director", item_id=mine)
    assert {card.step_id for card in act.closed} == {"countersign"}
    # The director's completion had cancelled the deputy's item, which comes back with it.
    assert office.at_work() == {"director": "review", "deputy": "review"}
    assert office.item(theirs).status == ItemStatus.WITHDRAWN
    with pytest.raises(Problem, match="item_closed") as caught:
        office.do(verbs.complete_item, "water", item_id=theirs, outcome="agree")
    assert "撤回" in caught.value.detail
    assert office.complete("deputy", choices={"sign": choose(office.post_id("mayor"))}).completed_step


@pytest.mark.parametrize("touch", ["read", "complete", "transfer", "add_signer"])
def test_what_was_touched_cannot_be_withdrawn(office: Office, touch: str) -> None:
    at_countersign(office)
    mine = office.items("director")[0].id
    theirs = office.open_item("water")
    if touch == "read":
        office.do(verbs.read_item, "water", item_id=theirs)
    elif touch == "complete":
        office.complete("water", outcome="agree")
    elif touch == "transfer":
        office.do(verbs.transfer, "water", item_id=theirs, to_post_id=office.post_id("farming"))
    else:
        office.do(verbs.add_signer, "water", item_id=theirs, post_ids=[office.post_id("farming")])
    with pytest.raises(Problem, match=r"followed_up|not_the_last_act"):
        office.do(verbs.withdraw, "director", item_id=mine)


def test_one_of_several_may_withdraw_while_the_step_waits_for_others(office: Office) -> None:
    at_countersign(office)
    office.complete("finance", outcome="agree")
    mine = office.items("finance")[0].id
    office.do(verbs.withdraw, "finance", item_id=mine)
    assert office.at_work() == {"finance": "countersign", "water": "countersign"}
    office.complete("water", outcome="agree")
    assert office.complete("finance", outcome="disagree").step_outcome == "disagree"


def test_only_the_last_completer_may_withdraw(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    office.complete("director", choices={"sign": choose(office.post_id("mayor"))})
    with pytest.raises(Problem, match="not_the_last_act"):
        office.do(verbs.withdraw, "clerk", item_id=office.items("clerk")[0].id)


def test_a_final_step_is_neither_withdrawn_nor_returned_to(office: Office) -> None:
    office.start(line(task("a"), task("b", 'assign="starter" final="true"'), task("c")))
    office.complete("clerk")
    office.complete("clerk")
    with pytest.raises(Problem, match="verb_not_allowed"):
        office.do(verbs.withdraw, "clerk", item_id=office.items("clerk")[1].id)
    item_id = office.open_item("clerk")
    with pytest.raises(Problem, match="step_is_final"):
        office.do(verbs.return_to_step, "clerk", item_id=item_id, step_id="a", reason="重办")
    with office.session() as session:
        assert work.form_of(session, item_id).earlier == ()
    assert office.complete("clerk").ended


def test_others_and_open_items_cannot_be_withdrawn(office: Office) -> None:
    office.start(dispatch())
    item_id = office.open_item("clerk")
    with pytest.raises(Problem, match="item_closed"):
        office.do(verbs.withdraw, "clerk", item_id=item_id)
    office.complete("clerk")
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(verbs.withdraw, OUTSIDE, item_id=item_id)


def test_the_end_of_a_flow_cannot_be_withdrawn(office: Office) -> None:
    office.start(line(task("only")))
    office.complete("clerk")
    with pytest.raises(Problem, match="instance_ended"):
        office.do(verbs.withdraw, "clerk", item_id=office.items("clerk")[0].id)


def test_the_form_of_an_item_names_what_may_come_and_where_it_may_go_back(office: Office) -> None:
    at_countersign(office)
    office.complete("finance", outcome="agree")
    office.complete("water", outcome="agree")
    with office.session() as session:
        form = work.form_of(session, office.open_item("mayor"))
    assert [(step.step_id, step.post_ids) for step in form.earlier] == [
        ("draft", (office.post_id("clerk"),)),
        ("review", (office.post_id("director"),)),
        ("countersign", (office.post_id("finance"), office.post_id("water"))),
    ]
    with office.session() as session:
        review = work.form_of(session, office.items("director")[0].id)
    assert [(step.step_id, step.optional, step.usual) for step in review.coming] == [
        ("countersign", True, (office.post_id("finance"), office.post_id("water"))),
        ("sign", False, ()),
    ]


def test_the_diagram_shows_where_the_work_is(office: Office) -> None:
    at_countersign(office)
    act = office.do(
        verbs.return_to_step,
        "water",
        item_id=office.open_item("water"),
        step_id="draft",
        reason="重拟",
    )
    with office.session() as session:
        svg = work.draw_flow(session, act.instance_id)
    assert "起草 (在办)" in svg
    assert "会签 (已退回)" in svg
