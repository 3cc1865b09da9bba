"""Transferring, adding signers, circulating, reminding, reading, stopping, and acting for others."""

from datetime import timedelta

import pytest

from shared.errors import Problem
from shared.events.work import ItemRole
from shared.flow import verbs, work
from shared.flow.acts import choose
from shared.flow.models import ItemStatus
from shared.permissions import Permission
from tests.service.flow.flows import dispatch
from tests.service.flow.office import OUTSIDE, Office
from tests.support.bpmn import line, task


def test_a_transferred_item_is_another_posts_with_its_deadline(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    item_id = office.open_item("director")
    act = office.do(
        verbs.transfer, "director", item_id=item_id, to_post_id=office.post_id("mayor"), opinion="请你办"
    )
    assert office.at_work() == {"deputy": "review", "mayor": "review"}
    assert office.item(item_id).status == ItemStatus.TRANSFERRED
    assert office.items("mayor")[0].deadline == office.item(item_id).deadline
    assert office.told()[-2:] == ["work_item.opened", "work_item.transferred"]
    assert act.opinion == "请你办"
    with pytest.raises(Problem, match="item_closed"):
        office.do(verbs.complete_item, "director", item_id=item_id)
    office.complete("mayor", choices={"sign": choose(office.post_id("mayor"))})
    assert office.at_work() == {"mayor": "sign"}


def test_an_item_is_not_transferred_to_who_has_one_or_to_nobody(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    item_id = office.open_item("director")
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(verbs.transfer, OUTSIDE, item_id=item_id, to_post_id=office.post_id("finance"))
    for name in ("deputy", "director"):
        with pytest.raises(Problem, match="assignee_twice"):
            office.do(verbs.transfer, "director", item_id=item_id, to_post_id=office.post_id(name))
    with pytest.raises(Problem, match="post_unknown"):
        office.do(verbs.transfer, "director", item_id=item_id, to_post_id=item_id)


@pytest.mark.parametrize("signer_first", [True, False])
def test_an_added_signer_must_answer_before_the_step_is_done(office: Office, signer_first: bool) -> None:
    office.start(dispatch())
    office.complete("clerk")
    act = office.do(
        verbs.add_signer,
        "director",
        item_id=office.open_item("director"),
        post_ids=[office.post_id("registry")],
        opinion="请提意见",
    )
    assert [card.role for card in act.opened] == [ItemRole.SIGNER]
    sign = {"choices": {"sign": choose(office.post_id("mayor"))}}
    if signer_first:
        assert not office.complete("registry", opinion="无异议").completed_step
        assert office.complete("director", **sign).completed_step
    else:
        assert not office.complete("director", **sign).completed_step
        assert office.at_work() == {"registry": "review"}
        assert office.complete("registry").completed_step == "review"
    assert office.at_work() == {"mayor": "sign"}


def test_signers_are_named_once_and_allowed_by_the_definition(office: Office) -> None:
    office.start(dispatch(verbs='verbs=""'))
    item_id = office.open_item("clerk")
    finance = office.post_id("finance")
    with pytest.raises(Problem, match="nobody_named"):
        office.do(verbs.add_signer, "clerk", item_id=item_id, post_ids=[])
    for twice in ([finance, finance], [office.post_id("clerk")]):
        with pytest.raises(Problem, match="assignee_twice"):
            office.do(verbs.add_signer, "clerk", item_id=item_id, post_ids=twice)
    office.complete("clerk")
    with pytest.raises(Problem, match="verb_not_allowed"):
        office.do(verbs.add_signer, "director", item_id=office.open_item("director"), post_ids=[finance])
    with pytest.raises(Problem, match="verb_not_allowed"):
        office.do(verbs.transfer, "director", item_id=office.open_item("director"), to_post_id=finance)


def circulate(office: Office, *names: str, of: str = "clerk") -> None:
    instance_id = office.items(of)[0].instance_id
    office.do(
        verbs.circulate,
        of,
        instance_id=instance_id,
        post_ids=[office.post_id(name) for name in names],
        work_kind="documents",
    )


def test_circulating_never_blocks_and_is_answerable_after_the_end(office: Office) -> None:
    office.start(line(task("only")))
    circulate(office, "director", "deputy")
    assert office.complete("clerk").ended
    copy = office.open_item("director")
    assert office.item(copy).role == ItemRole.READER
    office.do(verbs.mark_read, "director", item_id=copy)
    assert office.item(copy).status == ItemStatus.DONE
    office.do(verbs.answer_reading, "director", item_id=copy, opinion="已阅, 按要求落实")
    office.do(verbs.answer_reading, "director", item_id=copy, opinion="已落实")
    assert office.item(copy).opinion == "已阅, 按要求落实\n已落实"
    circulate(office, "registry")
    assert office.items("registry", ItemStatus.OPEN)
    office.do(verbs.mark_read, "deputy", item_id=office.open_item("deputy"), opinion="阅")
    assert office.told()[-1] == "work_item.completed"


def test_work_stays_within_the_organ_that_owns_it(office: Office) -> None:
    step = 'assign="holders" permission="documents.registry"'
    office.start(line(task("only", step)), by="registry")
    with office.session() as session:
        bureau = office.posts["finance"].unit_id
        assert bureau
        office.add_post(session, "their registry", Permission.DOCUMENTS_REGISTRY, unit_id=bureau)
    theirs, item_id = office.post_id("their registry"), office.open_item("registry")
    with pytest.raises(Problem, match="post_of_another_organ") as caught:
        office.do(verbs.transfer, "registry", item_id=item_id, to_post_id=theirs)
    assert caught.value.status == 422
    assert "财政局" in caught.value.detail
    with pytest.raises(Problem, match="post_of_another_organ"):
        office.do(verbs.add_signer, "registry", item_id=item_id, post_ids=[theirs])
    with pytest.raises(Problem, match="post_of_another_organ"):
        circulate(office, "director", "their registry", of="registry")
    assert office.at_work() == {"registry": "only"}


@pytest.mark.parametrize(
    ("reach", "refused"),
    [("owner", {"mayor", "finance"}), ("superior", {"finance"}), ("anywhere", set())],
)
def test_a_step_reaches_as_far_as_its_definition_says(office: Office, reach: str, refused: set[str]) -> None:
    chosen = f'assign="chosen" reach="{reach}"'
    office.start(line(task("first"), task("second", chosen)))
    for name in ("mayor", "finance"):
        choices = {"second": choose(office.post_id(name))}
        if name in refused:
            with pytest.raises(Problem, match="post_of_another_organ"):
                office.complete("clerk", choices=choices)
    office.complete("clerk", choices={"second": choose(office.post_id("director"))})
    for name in ("mayor", "finance"):
        if name in refused:
            with pytest.raises(Problem, match="post_of_another_organ"):
                office.do(
                    verbs.return_to_step,
                    "director",
                    item_id=office.open_item("director"),
                    step_id="first",
                    reason="请改",
                    choice=choose(office.post_id(name)),
                )
    if not refused:
        office.do(
            verbs.transfer,
            "director",
            item_id=office.open_item("director"),
            to_post_id=office.post_id("finance"),
        )
        assert office.at_work() == {"finance": "second"}


def test_reading_twice_changes_nothing(office: Office) -> None:
    office.start(line(task("only")))
    circulate(office, "director")
    copy = office.open_item("director")
    first = office.do(verbs.mark_read, "director", item_id=copy, opinion="阅")
    told = office.told()
    again = office.do(verbs.mark_read, "director", item_id=copy)
    assert (first.opinion, again.opinion, office.told()) == ("阅", "阅", told)


def test_a_post_has_one_unread_copy(office: Office) -> None:
    office.start(line(task("only")))
    circulate(office, "director", "director")
    circulate(office, "director", "deputy")
    assert len(office.items("director")) == len(office.items("deputy")) == 1
    office.do(verbs.mark_read, "director", item_id=office.open_item("director"))
    circulate(office, "director")
    assert len(office.items("director")) == 2


def test_a_copy_is_read_and_not_worked_on_and_the_other_way_round(office: Office) -> None:
    office.start(line(task("only")))
    circulate(office, "director")
    copy, job = office.open_item("director"), office.open_item("clerk")
    with pytest.raises(Problem, match="item_is_reading"):
        office.do(verbs.complete_item, "director", item_id=copy)
    with pytest.raises(Problem, match="item_is_to_do"):
        office.do(verbs.mark_read, "clerk", item_id=job)
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(verbs.mark_read, OUTSIDE, item_id=copy)
    with pytest.raises(Problem, match="reason_needed"):
        office.do(verbs.answer_reading, "director", item_id=copy, opinion=" ")
    with pytest.raises(Problem, match="nobody_named"):
        circulate(office)


def test_reading_an_item_is_noted_once(office: Office) -> None:
    office.start(dispatch())
    item_id = office.open_item("clerk")
    act = office.do(verbs.read_item, "clerk", item_id=item_id)
    assert office.item(item_id).read_at == act.at
    with office.session() as session:
        assert verbs.read_item(session, office.posts["clerk"], office.clock, item_id=item_id) is None
    assert office.told().count("work_item.read") == 1


def test_reminders_are_counted(office: Office) -> None:
    office.start(dispatch())
    item_id = office.open_item("clerk")
    for _ in range(2):
        act = office.do(verbs.remind, "director", item_id=item_id, opinion="请抓紧")
    item = office.item(item_id)
    assert (item.reminders, item.reminded_at) == (2, act.at)
    assert office.events()[-1][1]["reminders"] == 2
    office.complete("clerk")
    with pytest.raises(Problem, match="nothing_to_remind"):
        office.do(verbs.remind, "director", item_id=item_id)


def test_a_stopped_flow_cancels_what_is_open_and_takes_no_more_acts(office: Office) -> None:
    act = office.start(dispatch())
    office.complete("clerk")
    circulate(office, "registry")
    item_id = office.open_item("director")
    with pytest.raises(Problem, match="reason_needed"):
        office.do(verbs.stop_flow, "clerk", instance_id=act.instance_id, reason="")
    stopped = office.do(verbs.stop_flow, "clerk", instance_id=act.instance_id, reason="作废")
    assert stopped.ended
    assert office.at_work() == {"registry": "circulation"}
    with pytest.raises(Problem, match="item_closed"):
        office.do(verbs.complete_item, "director", item_id=item_id)
    with pytest.raises(Problem, match="instance_ended"):
        office.do(verbs.stop_flow, "clerk", instance_id=act.instance_id, reason="再作废")


def test_a_deputy_acts_on_behalf_of_the_absent_and_it_is_told(office: Office) -> None:
    office.start(dispatch())
    office.complete("clerk")
    office.complete("director", choices={"sign": choose(office.post_id("mayor"))})
    office.delegate("mayor", "finance", "documents")
    item_id = office.open_item("mayor")
    act = office.do(verbs.complete_item, "finance", item_id=item_id, opinion="代签")
    absent = office.posts["mayor"]
    assert (act.person_name, act.for_post_id, act.for_person_id) == (
        "finance",
        absent.post_id,
        absent.person_id,
    )
    item = office.item(item_id)
    assert (item.acted_post_id, item.for_post_id) == (office.post_id("finance"), absent.post_id)
    completed = [data for key, data in office.events() if key == "work_item.completed"][-1]
    assert completed["by"]["for_post_id"] == str(absent.post_id)


@pytest.mark.parametrize("reason", ["other kind", "over", "none"])
def test_without_a_delegation_for_it_nobody_acts_for_another(office: Office, reason: str) -> None:
    office.start(dispatch())
    if reason != "none":
        office.delegate("clerk", "finance", "meetings" if reason == "other kind" else "documents")
    if reason == "over":
        office.clock.at += timedelta(days=30)
    with pytest.raises(Problem, match="item_not_yours"):
        office.do(verbs.complete_item, "finance", item_id=office.open_item("clerk"))


def test_open_items_are_listed_page_by_page(office: Office) -> None:
    for _ in range(5):
        office.start(line(task("only"), key="other") if not office.items("clerk") else None, key="other")
    posts = [office.post_id("clerk")]
    with office.session() as session:
        first = work.list_open_items(session, posts, limit=3)
        last = (first[-1].received_at, first[-1].id)
        second = work.list_open_items(session, posts, limit=3, before=last)
    assert len({item.id for item in (*first, *second)}) == 5


def test_who_has_or_had_an_item_is_known(office: Office) -> None:
    act = office.start(dispatch())
    office.complete("clerk")
    with office.session() as session:
        for name, had in (("clerk", True), ("director", True), (OUTSIDE, False)):
            posts = [office.post_id(name)]
            assert work.had_item(session, subject_id=act.subject_id, post_ids=posts) is had
