"""Two people, or one person's two clicks, at the same duty at the same moment."""

from collections.abc import Callable

from shared.flow import duties
from shared.flow.acts import Assignee
from tests.service.flow.duties.tasks import REPORT, Task
from tests.service.flow.office import Office
from tests.service.flow.test_at_once import at_once


def test_two_who_open_work_at_once_open_one(office: Office) -> None:
    task = Task(office)
    facts = {"subject": task.subject, "unit_id": office.unit_id, "name": "督查事项"}
    results = at_once(*[lambda: task.try_now(duties.open_work, "clerk", **facts)] * 3)
    assert sorted(results) == ["flow.already_running"] * 2 + ["ok"]


def fulfilling(task: Task, by: str, *, alone: bool = False) -> Callable[[], object]:
    facts = {"subject_id": task.subject.id, "step_id": "report", "alone": alone}
    return lambda: task.try_now(duties.fulfil_duty, by, **facts)


def test_of_two_who_do_it_at_once_one_wins(task: Task) -> None:
    task.give("water", "farming")
    both = [fulfilling(task, name, alone=True) for name in ("water", "farming")]
    assert sorted(at_once(*both)) == ["flow.item_closed", "ok"]
    assert task.told().count("work_item.completed") == 1


def test_a_double_click_does_it_once(task: Task) -> None:
    task.give("water")
    assert sorted(at_once(*[fulfilling(task, "water")] * 3)) == ["flow.item_closed"] * 2 + ["ok"]


def test_two_who_give_the_same_duty_at_once_give_one_item(office: Office, task: Task) -> None:
    water = [Assignee(office.post_id("water"))]
    facts = {"subject_id": task.subject.id, "duty": REPORT, "assignees": water}
    assert at_once(*[lambda: task.try_now(duties.give_duty, "clerk", **facts)] * 3) == ["ok"] * 3
    assert len(office.items("water")) == 1


def test_work_ends_once_when_two_end_it_at_once(task: Task) -> None:
    task.give("water")
    closing = {"subject_id": task.subject.id}
    results = at_once(*[lambda: task.try_now(duties.close_work, "clerk", **closing)] * 3)
    assert sorted(results) == ["flow.instance_not_found"] * 2 + ["ok"]
    assert task.told()[-2:] == ["work_item.cancelled", "work.ended"]
    assert task.told().count("work.ended") == 1
