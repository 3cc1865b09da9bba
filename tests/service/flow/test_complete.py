"""Starting a flow and completing items."""

from uuid import UUID

import pytest

from shared.errors import Problem
from shared.events.work import ItemRole
from shared.flow import verbs
from shared.flow.acts import Subject, choose, choose_lead
from shared.flow.models import ItemStatus
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.flow.flows import dispatch
from tests.service.flow.office import OUTSIDE, Office
from tests.support.bpmn import line, task


def choices(office: Office, *countersigners: str) -> dict[str, object]:
    chosen = {"sign": choose(office.post_id("mayor"))}
    if countersigners:
        chosen["countersign"] = choose(*map(office.post_id, countersigners))
    return {"choices": chosen}


def test_an_item_can_be_completed_only_by_the_post_that_has_it(office: Office) -> None:
    act = office.start(dispatch())
    (card,) = act.opened
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(verbs.complete_item, OUTSIDE, item_id=card.item_id)
    assert office.item(card.item_id).status == ItemStatus.OPEN


def test_an_item_that_does_not_exist_is_not_found(office: Office) -> None:
    with pytest.raises(Problem, match="item_not_found"):
        office.do(verbs.complete_item, "clerk", item_id=new_id())


def test_a_post_that_lost_the_steps_permission_does_not_complete_it(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    item_id = office.open_item("director")
    office.revoke("director", Permission.DOCUMENTS_REVIEW)
    office.delegate("director", "deputy", "documents")
    for name in ("director", "deputy"):
        with pytest.raises(Problem, match="permission_lost") as caught:
            office.do(verbs.complete_item, name, item_id=item_id, **choices(office))
        assert caught.value.status == 403
    assert office.item(item_id).status == ItemStatus.OPEN
    office.complete("deputy", **choices(office))
    # Signing names no permission in this flow, so that whoever was chosen for it may do it.
    office.revoke("mayor", Permission.DOCUMENTS_SIGN)
    assert office.complete("mayor").completed_step == "sign"


def test_a_flow_without_definition_is_not_found(office: Office) -> None:
    with pytest.raises(Problem, match="definition_not_found"):
        office.start(key="nothing")


def test_a_subject_has_one_running_flow(office: Office) -> None:
    office.start(dispatch())
    act = office.start()
    with office.session() as session, pytest.raises(Problem, match="already_running"):
        verbs.start_flow(
            session,
            office.posts["clerk"],
            office.clock,
            key="test",
            subject=_subject(act.subject_id),
            unit_id=office.unit_id,
        )


def _subject(subject_id: UUID) -> Subject:
    return Subject(id=subject_id, kind="dispatch", title="标题", link="/x")


def test_a_completed_item_cannot_be_completed_again(office: Office) -> None:
    office.start(dispatch())
    item_id = office.open_item("clerk")
    office.complete("clerk")
    with pytest.raises(Problem, match="item_closed") as caught:
        office.do(verbs.complete_item, "clerk", item_id=item_id)
    assert caught.value.status == 409
    assert "重复提交" in caught.value.detail


def test_a_step_takes_only_the_variables_that_it_asks(office: Office) -> None:
    office.start(dispatch())
    with pytest.raises(Problem, match="variable_not_asked") as caught:
        office.complete("clerk", variables={"pages": 3})
    assert caught.value.status == 422
    assert "页数" in caught.value.detail
    with pytest.raises(Problem, match="variable_unknown"):
        office.complete("clerk", variables={"colour": 3})
    office.complete("clerk")
    assert office.complete("director", variables={"pages": 3}, **choices(office)).variables["pages"] == 3


def test_the_way_through_with_countersigners(office: Office) -> None:
    office.start(dispatch())
    act = office.complete("clerk", opinion=" 请核 ")
    assert (act.completed_step, act.entered_steps, act.opinion) == ("draft", ("review",), "请核")
    assert office.at_work() == {"director": "review", "deputy": "review"}
    act = office.complete("director", **choices(office, "finance", "water"), variables={"pages": 3})
    assert act.variables["pages"] == 3
    assert {card.step_id for card in act.closed} == {"review"}
    assert office.at_work() == {"finance": "countersign", "water": "countersign"}
    act = office.complete("finance", outcome="agree", opinion="同意")
    assert (act.completed_step, act.outcome_label) == ("", "agree")
    act = office.complete("water", outcome="disagree")
    assert (act.completed_step, act.step_outcome) == ("countersign", "disagree")
    assert office.at_work() == {"mayor": "sign"}
    office.complete("mayor")
    act = office.complete("registry")
    assert act.ended
    assert office.at_work() == {}
    assert office.instance(act).status == "ended"
    assert office.told()[-1] == "work.ended"


def test_an_optional_step_that_nobody_is_chosen_for_is_passed_over(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    act = office.complete("director", **choices(office))
    assert (act.skipped_steps, act.entered_steps) == (("countersign",), ("sign",))
    assert office.at_work() == {"mayor": "sign"}


def test_a_step_that_must_be_chosen_for_is_asked_for_and_nothing_is_half_done(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    with pytest.raises(Problem, match="assignee_needed") as caught:
        office.complete("director")
    assert caught.value.errors == {"assignees.sign": ["请至少选择一个办理岗位"]}
    assert office.at_work() == {"director": "review", "deputy": "review"}


@pytest.mark.parametrize(
    ("step", "code"),
    [("review", "step_not_chosen"), ("sign", "step_not_chosen"), ("nowhere", "step_unknown")],
)
def test_choices_for_other_steps_are_refused(office: Office, step: str, code: str) -> None:
    office.start(dispatch())
    with pytest.raises(Problem, match=code):
        office.complete("clerk", choices={step: choose(office.post_id("mayor"))})


def test_posts_that_do_not_exist_or_are_named_twice_are_refused(office: Office) -> None:
    office.start(line(task("draft"), task("sign", 'assign="chosen" reach="anywhere"')))
    mayor = office.post_id("mayor")
    with pytest.raises(Problem, match="post_unknown"):
        office.complete("clerk", choices={"sign": choose(new_id())})
    with pytest.raises(Problem, match="assignee_twice"):
        office.complete("clerk", choices={"sign": choose(mayor, mayor)})
    with pytest.raises(Problem, match="lead_needed"):
        office.complete("clerk", choices={"sign": choose_lead(mayor, office.post_id("finance"))})


def test_a_chosen_post_must_have_the_permission_that_the_step_names(office: Office) -> None:
    office.start(
        line(task("draft"), task("sign", 'assign="chosen" reach="anywhere" permission="documents.sign"'))
    )
    with pytest.raises(Problem, match="post_not_permitted"):
        office.complete("clerk", choices={"sign": choose(office.post_id("finance"))})
    office.complete("clerk", choices={"sign": choose(office.post_id("mayor"))})
    with pytest.raises(Problem, match="post_not_permitted"):
        office.do(
            verbs.transfer, "mayor", item_id=office.open_item("mayor"), to_post_id=office.post_id("finance")
        )


def test_who_calls_in_countersigners_also_says_who_signs(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    with pytest.raises(Problem, match="assignee_needed"):
        office.complete("director", choices={"countersign": choose(office.post_id("finance"))})
    assert office.at_work() == {"director": "review", "deputy": "review"}


@pytest.mark.parametrize(
    ("rule", "done", "ended"),
    [
        ('complete="all"', 2, False),
        ('complete="all"', 3, True),
        ('complete="any"', 1, True),
        ('complete="share" ratio="0.5"', 1, False),
        ('complete="share" ratio="0.5"', 2, True),
        ('complete="share" ratio="0.67"', 2, False),
    ],
)
def test_the_completion_rule_says_how_many_must_answer(
    office: Office, rule: str, done: int, ended: bool
) -> None:
    office.start(dispatch(rule))
    office.complete("clerk")
    bureaus = ("finance", "water", "farming")
    office.complete("director", **choices(office, *bureaus))
    for name in bureaus[:done]:
        act = office.complete(name, outcome="agree")
    assert (act.completed_step == "countersign") is ended
    open_bureaus = dict.fromkeys(bureaus[done:], "countersign")
    assert office.at_work() == ({"mayor": "sign"} if ended else open_bureaus)
    if ended:
        assert all(office.items(name)[0].status == ItemStatus.CANCELLED for name in bureaus[done:])


def test_the_others_see_that_the_step_was_done_without_them(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    late = office.open_item("deputy")
    office.complete("director", **choices(office))
    with pytest.raises(Problem, match="item_closed") as caught:
        office.do(verbs.complete_item, "deputy", item_id=late)
    assert "他人办结" in caught.value.detail


def test_one_lead_and_assistants(office: Office) -> None:
    office.start(line(task("draft"), task("handle", 'assign="chosen" reach="anywhere" lead="true"')))
    finance, water = office.post_id("finance"), office.post_id("water")
    for wrong in (choose(finance, water), choose_lead(finance, finance)):
        with pytest.raises(Problem):
            office.complete("clerk", choices={"handle": wrong})
    act = office.complete("clerk", choices={"handle": choose_lead(finance, water)})
    assert [card.role for card in act.opened] == [ItemRole.LEAD, ItemRole.ASSISTANT]


def test_the_performer_of_a_step_gets_a_later_one(office: Office) -> None:
    office.start(
        line(
            task("draft"),
            task("handle", 'assign="chosen" reach="anywhere" lead="true"'),
            task("reply", 'assign="performer" performer="handle"'),
        )
    )
    lead = choose_lead(office.post_id("finance"), office.post_id("water"))
    office.complete("clerk", choices={"handle": lead})
    office.complete("water")
    office.complete("finance")
    assert office.at_work() == {"finance": "reply"}


def test_nobody_to_do_the_next_step_is_a_clear_refusal(office: Office) -> None:
    office.start(line(task("draft"), task("x", 'assign="holders" permission="archives.correct"')))
    with pytest.raises(Problem, match="nobody_holds"):
        office.complete("clerk")
    assert office.at_work() == {"clerk": "draft"}


def test_a_permission_of_the_unit_above(office: Office) -> None:
    xml = line(task("draft"), task("x", 'assign="holders" permission="documents.sign" unit="superior"'))
    office.start(xml)
    office.complete("clerk")
    assert office.at_work() == {"mayor": "x"}


def test_wrong_outcomes_and_variables_change_nothing(office: Office) -> None:
    office.start(dispatch())
    for facts in ({"outcome": "agree"}, {"variables": {"nope": 1}}, {"opinion": "长" * 2001}):
        with pytest.raises(Problem):
            office.complete("clerk", **facts)
    assert office.at_work() == {"clerk": "draft"}
    assert office.told() == ["work.started", "work_item.opened"]


def test_events_carry_what_an_inbox_needs(office: Office) -> None:
    act = office.start(dispatch())
    office.complete("clerk")
    opened = [data for key, data in office.events() if key == "work_item.opened"]
    review = opened[1]
    assert review["subject_of_work"] == {
        "system": "documents",
        "kind": "dispatch",
        "id": str(act.subject_id),
        "title": "关于测试的通知",
        "number": "",
        "document_kind": "",
        "urgency": "加急",
        "link": "/documents/1",
    }
    assert (review["step"], review["role"], review["sender_name"]) == ("核稿", "lead", "clerk")
    # Two working days after Monday 2 November 2026, local time, is the end of Wednesday.
    assert review["deadline"] == "2026-11-04T15:59:59+00:00"


def test_new_facts_of_the_subject_show_on_open_and_later_items(office: Office) -> None:
    act = office.start(dispatch())
    with office.session() as session:
        subject = _subject(act.subject_id)
        verbs.describe_subject(
            session, office.posts["clerk"], office.clock, instance_id=act.instance_id, subject=subject
        )
    assert office.items("clerk")[0].title == "标题"
    office.complete("clerk")
    assert office.items("director")[0].title == "标题"
