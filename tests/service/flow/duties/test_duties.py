"""Work items of life cycles without a flow: who gets them, who may do them, and what becomes of the rest."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from shared.errors import Problem
from shared.events.work import CancelCause, ItemRole
from shared.flow import duties, verbs
from shared.flow.acts import Assignee
from shared.flow.models import ItemStatus
from shared.ids import new_id
from tests.service.flow.duties.tasks import CHECK, REPORT, Task
from tests.service.flow.office import NOON, OUTSIDE, Office


def test_work_that_begins_is_told_as_its_life_cycle(office: Office, task: Task) -> None:
    (told,) = task.events()
    key, data = told
    clerk = office.posts["clerk"]
    assert key == "work.started"
    assert (data["flow"], data["unit_id"]) == ("督查事项", str(office.unit_id))
    assert data["subject_of_work"]["id"] == str(task.subject.id)
    assert data["started_by"]["post_id"] == str(clerk.post_id)


def test_a_subject_has_one_work_at_a_time(task: Task) -> None:
    with pytest.raises(Problem, match="already_running"):
        task.open()
    task.act(duties.close_work, "clerk")
    task.open()
    assert task.told() == ["work.started", "work.ended", "work.started"]


@pytest.mark.parametrize("ended", [False, True])
def test_nothing_is_given_out_while_no_work_is_under_way(office: Office, ended: bool) -> None:
    task = Task(office)
    if ended:
        task.open()
        task.act(duties.close_work, "clerk")
    acts: list[Callable[[], object]] = [
        lambda: task.give("water"),
        lambda: task.act(duties.cancel_duties, "clerk"),
        lambda: task.act(duties.move_deadline, "clerk", step_ids=["report"], deadline=NOON),
        lambda: task.act(duties.close_work, "clerk"),
    ]
    for act in acts:
        with pytest.raises(Problem, match="instance_not_found"):
            act()


def test_each_post_gets_a_duty_once_as_long_as_it_is_open(office: Office, task: Task) -> None:
    assert len(task.give("water", "farming", "water")) == 2
    assert [item.post_id for item in task.give("water", "finance")] == [office.post_id("finance")]
    task.fulfil("water")
    assert len(task.give("water", "farming")) == 1
    assert task.open_posts() == {("water", "report"), ("farming", "report"), ("finance", "report")}


def test_an_item_says_what_is_to_be_done_until_when_and_by_whom_it_was_sent(
    office: Office, task: Task
) -> None:
    (item,) = task.give("water")
    key, data = task.events()[-1]
    assert key == "work_item.opened"
    assert (data["step"], data["role"], data["work_kind"]) == ("反馈", "lead", "tasks")
    assert data["post_id"] == str(office.post_id("water"))
    assert data["sender_name"] == "clerk"
    assert datetime.fromisoformat(data["deadline"]) == REPORT.deadline == item.deadline


def test_a_post_that_is_not_in_force_gets_nothing(task: Task) -> None:
    with pytest.raises(Problem, match="post_unknown"):
        task.act(duties.give_duty, "clerk", duty=REPORT, assignees=[Assignee(new_id())])
    assert task.told() == ["work.started"]


def test_a_copy_is_to_be_read_and_never_done(office: Office, task: Task) -> None:
    (copy,) = task.give("water", role=ItemRole.READER)
    assert copy.task_id is None
    assert task.open_posts() == set()
    for verb, facts in (
        (duties.fulfil_duty, {}),
        (duties.hand_over_duty, {"to_post_id": office.post_id("farming")}),
    ):
        with pytest.raises(Problem, match="item_is_reading"):
            task.act(verb, "water", step_id="report", **facts)
    office.do(verbs.mark_read, "water", item_id=copy.id)
    assert task.status("water") == [ItemStatus.DONE]


def test_a_reader_may_get_the_duty_but_who_has_the_duty_needs_no_copy(task: Task) -> None:
    task.give("water", role=ItemRole.READER)
    assert len(task.give("water")) == 1
    assert task.give("water", role=ItemRole.READER) == []
    both = ("farming", ItemRole.READER), ("farming", ItemRole.ASSISTANT)
    assert [item.role for item in task.give_roles(*both)] == ["assistant"]
    task.fulfil("water")
    assert sorted(task.status("water")) == [ItemStatus.DONE, ItemStatus.OPEN]


def test_the_holder_does_the_duty(office: Office, task: Task) -> None:
    (item,) = task.give("water")
    act = task.fulfil("water", outcome="done", outcome_label="已完成", opinion=" 已落实 ")
    assert (act.item_id, act.outcome_label, act.opinion) == (item.id, "已完成", "已落实")
    assert [card.item_id for card in act.closed] == [item.id]
    key, data = task.events()[-1]
    assert key == "work_item.completed"
    assert (data["outcome"], data["by"]["for_post_id"]) == ("done", None)
    kept = office.item(item.id)
    assert (kept.status, kept.outcome, kept.opinion) == (ItemStatus.DONE, "done", "已落实")


def test_a_deputy_does_the_duty_in_the_name_of_who_is_absent(office: Office, task: Task) -> None:
    office.delegate("water", "farming", "tasks")
    (item,) = task.give("water")
    act = task.fulfil("farming")
    assert (act.person_name, act.for_post_id) == ("farming", office.post_id("water"))
    assert office.item(item.id).for_post_id == office.post_id("water")
    assert task.events()[-1][1]["by"]["for_post_id"] == str(office.post_id("water"))


@pytest.mark.parametrize("reason", ["none", "other kind", "over"])
def test_nobody_else_does_it(office: Office, task: Task, reason: str) -> None:
    task.give("water")
    task.give("farming", duty=CHECK)
    if reason != "none":
        office.delegate("water", OUTSIDE, "documents" if reason == "other kind" else "tasks")
    if reason == "over":
        office.clock.at += timedelta(days=30)
    for verb, facts in (
        (duties.fulfil_duty, {}),
        (duties.hand_over_duty, {"to_post_id": office.post_id("finance")}),
    ):
        for name in (OUTSIDE, "farming"):
            with pytest.raises(Problem, match="item_not_yours") as refused:
                task.act(verb, name, step_id="report", **facts)
            assert refused.value.status == 403
    assert task.open_posts() == {("water", "report"), ("farming", "check")}


def test_what_is_done_is_not_done_twice(task: Task) -> None:
    task.give("water")
    task.fulfil("water")
    with pytest.raises(Problem, match="item_closed") as refused:
        task.fulfil("water")
    assert refused.value.status == 409
    assert task.told().count("work_item.completed") == 1


def test_a_second_click_is_told_so_when_the_first_one_ended_the_work(task: Task) -> None:
    task.give("water")
    task.fulfil("water")
    task.act(duties.close_work, "clerk")
    with pytest.raises(Problem, match="item_closed"):
        task.fulfil("water")


def test_a_second_click_does_not_do_the_item_of_somebody_absent(office: Office, task: Task) -> None:
    for absent in ("water", "finance"):
        office.delegate(absent, "farming", "tasks")
    task.give("farming", "water", "finance")
    for name in ("farming", "water", "finance"):
        post_id = office.post_id(name)
        act = task.fulfil("farming", for_post_id=None if name == "farming" else post_id)
        assert act.for_post_id in (None, post_id)
        with pytest.raises(Problem, match="item_closed"):
            task.fulfil("farming")
    assert task.open_posts() == set()


def test_a_deputy_who_has_done_the_own_item_goes_on_with_a_later_one_of_somebody_absent(
    office: Office, task: Task
) -> None:
    office.delegate("water", "farming", "tasks")
    task.give("farming")
    task.fulfil("farming")
    task.give("water")
    assert task.fulfil("farming").for_post_id == office.post_id("water")


def test_one_alone_is_enough_for_all_who_had_it(office: Office, task: Task) -> None:
    first, *others = task.give("water", "farming", "finance")
    task.give("director", role=ItemRole.READER)
    task.give("deputy", duty=CHECK)
    act = task.fulfil("water", alone=True)
    assert {card.item_id for card in act.closed} == {first.id, *(item.id for item in others)}
    for item in others:
        kept = office.item(item.id)
        assert (kept.status, kept.closed_by_item_id) == (ItemStatus.CANCELLED, first.id)
    causes = [data["cause"] for key, data in task.events() if key == "work_item.cancelled"]
    assert causes == ["step_done", "step_done"]
    assert task.open_posts() == {("deputy", "check")}
    assert task.status("director") == [ItemStatus.OPEN]
    with pytest.raises(Problem, match="item_closed"):
        task.fulfil("farming")


def test_duties_are_taken_back_by_step_and_post(office: Office, task: Task) -> None:
    task.give("water", "farming", "finance")
    task.give("director", role=ItemRole.READER)
    task.give("water", duty=CHECK)
    one = {"step_ids": ["report"], "post_ids": [office.post_id("water")]}
    assert task.act(duties.cancel_duties, "clerk", cause=CancelCause.RETURNED, **one) == 1
    assert task.events()[-1][1]["cause"] == "returned"
    assert task.open_posts() == {("farming", "report"), ("finance", "report"), ("water", "check")}
    assert task.act(duties.cancel_duties, "clerk", step_ids=["report"]) == 3
    assert task.status("director") == [ItemStatus.CANCELLED]
    assert task.act(duties.cancel_duties, "clerk") == 1
    assert task.act(duties.cancel_duties, "clerk") == 0


def test_a_duty_that_is_handed_over_keeps_its_role_and_deadline(office: Office, task: Task) -> None:
    (item,) = task.give("water", role=ItemRole.ASSISTANT)
    task.hand_over("water", "farming")
    (passed,) = office.items("farming")
    assert (passed.role, passed.deadline, passed.opened_by_item_id) == ("assistant", item.deadline, item.id)
    assert task.status("water") == [ItemStatus.TRANSFERRED]
    assert task.told()[-2:] == ["work_item.opened", "work_item.transferred"]
    assert task.events()[-1][1]["to_work_item_id"] == str(passed.id)
    with pytest.raises(Problem, match="item_closed"):
        task.fulfil("water")
    task.fulfil("farming")


def test_a_duty_is_not_handed_to_who_has_it_already_or_to_nobody(task: Task) -> None:
    task.give("water", "farming")
    for name in ("farming", "water"):
        with pytest.raises(Problem, match="assignee_twice"):
            task.hand_over("water", name)
    with pytest.raises(Problem, match="post_unknown"):
        task.act(duties.hand_over_duty, "water", step_id="report", to_post_id=new_id())
    assert task.open_posts() == {("water", "report"), ("farming", "report")}


def test_a_deadline_moves_for_what_is_open_of_those_steps(office: Office, task: Task) -> None:
    items = task.give("water", "farming")
    task.give("water", duty=CHECK)
    task.fulfil("farming")
    later = NOON + timedelta(days=9)
    assert task.act(duties.move_deadline, "clerk", step_ids=["report"], deadline=later) == 1
    assert office.item(items[0].id).deadline == later
    assert office.item(items[1].id).deadline == REPORT.deadline
    key, data = task.events()[-1]
    assert (key, data["work_item_id"]) == ("work_item.deadline_moved", str(items[0].id))
    assert datetime.fromisoformat(data["deadline"]) == later
    told = len(task.told())
    assert task.act(duties.move_deadline, "clerk", step_ids=["report"], deadline=later) == 0
    assert len(task.told()) == told


@pytest.mark.parametrize("stopped", [False, True])
def test_work_that_ends_leaves_copies_to_read_and_nothing_to_do(
    office: Office, task: Task, stopped: bool
) -> None:
    task.give("water")
    (copy,) = task.give("director", role=ItemRole.READER)
    task.act(duties.close_work, "clerk", stopped=stopped)
    cancelled, ended = task.events()[-2:]
    assert cancelled[1]["cause"] == ("stopped" if stopped else "step_done")
    assert (ended[0], ended[1]["stopped"]) == ("work.ended", stopped)
    assert task.open_posts() == set()
    office.do(verbs.mark_read, "director", item_id=copy.id)
    assert task.status("director") == [ItemStatus.DONE]
