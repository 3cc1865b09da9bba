"""Returns, assistants, subtasks, follow-ups and calling off."""

from datetime import UTC, date, datetime

import pytest

from services.supervision.commands.matter import Named
from shared.errors import Problem
from shared.events import dossier
from tests.service.supervision.offices import Offices


def test_a_return_that_is_granted_lets_the_task_be_assigned_to_another(offices: Offices) -> None:
    task_id = offices.assigned()
    offices.do("ask_return", task_id, "数据局文书", reason="不属于本单位职责")
    assert offices.open_items(task_id) == {"decide_return": ["督查员"]}
    offices.do("decide_return", task_id, "督查员", granted=True, opinion="同意退回")
    assert (offices.get(task_id).state, offices.get(task_id).due_at) == ("established", None)
    offices.do("assign", task_id, "督查员", lead={"unit_id": offices.units["档案局"]})
    assert offices.open_items(task_id) == {"sign_for": ["档案局承办", "档案局文书"]}
    (told,) = offices.events(task_id, "task.returned")
    assert told["reason"] == "不属于本单位职责"


def test_a_return_that_is_refused_has_to_be_signed_for(offices: Offices) -> None:
    task_id = offices.assigned()
    offices.do("ask_return", task_id, "数据局文书", reason="不属于本单位职责")
    offices.do("decide_return", task_id, "督查员", granted=False, opinion="属于法定职责")
    assert offices.open_items(task_id) == {"sign_for": ["数据局承办", "数据局文书"]}
    offices.do("sign_for", task_id, "数据局文书")
    assert offices.get(task_id).state == "working"


def test_an_assistant_reports_its_part_and_the_lead_reports_for_all(offices: Offices) -> None:
    assistants = [Named(unit_id=offices.units["财政局"]), Named(unit_id=offices.units["档案局"])]
    task_id = offices.working(assistants=assistants)
    assert offices.open_items(task_id)["assist"] == ["档案局承办", "档案局文书", "财政局承办", "财政局文书"]
    offices.do("assist", task_id, "财政局承办", report="经费已落实")
    assert offices.open_items(task_id)["assist"] == ["档案局承办", "档案局文书"]
    offices.do("ask_closure", task_id, "数据局承办", conclusion="全部完成")
    assert offices.open_items(task_id) == {"review": ["督查员"]}


def test_a_whole_closes_only_when_its_parts_have(offices: Offices) -> None:
    task_id = offices.working()
    lead = {"unit_id": offices.units["财政局"]}
    with pytest.raises(Problem) as late:
        offices.split(
            task_id, "数据局承办", {"title": "落实经费", "lead": lead, "due_on": date(2026, 11, 20)}
        )
    assert late.value.code == "supervision.due_after_parent"
    (part,) = offices.split(
        task_id, "数据局承办", {"title": "落实经费", "lead": lead, "due_on": date(2026, 11, 10)}
    )
    assert part.number == "萍府办督〔2026〕1号-1"
    with pytest.raises(Problem) as refused:
        offices.do("ask_closure", task_id, "数据局承办", conclusion="完成")
    assert refused.value.code == "supervision.parts_open"
    assert part.number in refused.value.detail
    offices.do("sign_for", part.id, "财政局承办")
    offices.do("ask_closure", part.id, "财政局承办", conclusion="经费已落实")
    assert offices.open_items(part.id) == {"review": ["数据局承办"]}
    offices.do("review", part.id, "数据局承办", passed=True)
    assert offices.get(part.id).state == "concluded"
    offices.do("ask_closure", task_id, "数据局承办", conclusion="完成")
    assert offices.get(task_id).state == "reviewing"
    assert offices.events(part.id, "task.registered")[0]["parent_id"] == str(task_id)


def test_a_new_instruction_of_the_leader_becomes_a_new_task(offices: Offices) -> None:
    task_id = offices.showing()
    instruction: dict[str, object] = {
        "title": "扩大到县区",
        "content": "请推广到各县区。",
        "urgency": "",
        "lead": None,
        "assistants": [],
        "due_on": None,
        "days": None,
    }
    _, new = offices.do("close", task_id, "市领导", agreed=True, instruction=instruction)
    assert (new.follows_id, new.source, new.state) == (task_id, "instruction", "registered")
    assert new.instructor_post_id == offices.post_id("市领导")
    assert offices.open_items(new.id) == {"propose": ["督查员"]}


def test_a_task_that_is_called_off_leaves_nothing_to_do(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("cancel", task_id, "督查员", reason="任务依据已废止")
    task = offices.get(task_id)
    assert (task.state, task.light, task.next_at) == ("cancelled", "done", None)
    assert offices.open_items(task_id) == {}


def test_a_task_that_is_called_off_goes_to_the_archives_with_its_number(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("cancel", task_id, "督查员", reason="任务依据已废止")
    (told,) = offices.events(task_id, "task.concluded")
    assert (told["number"], told["score"]) == (offices.get(task_id).number, None)
    filed = dossier.from_json(offices.blobs.read(told["dossier"]["digest"]))
    assert [(act.verb, act.opinion) for act in filed.acts][-1] == ("cancel", "任务依据已废止")
    assert filed.rendered
    assert offices.blobs.read(filed.rendered.digest).startswith(b"%PDF")
    assert offices.keys(task_id)[-3:] == ["cancelled", "concluded", "light_turned"]


def test_reminding_by_hand_reaches_whoever_has_it(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("remind", task_id, "督查员", opinion="请于今日下班前反馈")
    (told,) = offices.events(task_id, "task.reminded")
    assert (told["occasion"], told["post_id"]) == ("by_hand", str(offices.post_id("数据局承办")))


def test_signing_late_is_told(offices: Offices) -> None:
    task_id = offices.assigned()
    assert offices.get(task_id).sign_by == datetime(2026, 11, 4, 15, 59, 59, tzinfo=UTC)
    offices.at(2026, 11, 5)
    offices.do("sign_for", task_id, "数据局文书")
    (told,) = offices.events(task_id, "task.signed_for")
    assert told["in_time"] is False
