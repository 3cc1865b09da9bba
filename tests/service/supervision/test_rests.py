"""A task that rests (中止): its clock stands still, and whoever had it to do has it again when it goes on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.supervision.commands.matter import Named
from shared.clock import FixedClock
from shared.errors import Problem
from tests.service.supervision.offices import Offices


def test_a_rest_moves_the_date_by_the_working_time_rested(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 5)
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    assert offices.open_items(task_id) == {}
    offices.at(2026, 11, 12)
    assert offices.watch() == 0
    offices.do("resume", task_id, "督查员")
    task = offices.get(task_id)
    assert task.due_at == datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    assert (task.state, offices.open_items(task_id)) == ("working", {"handle": ["数据局承办"]})


def test_assistants_have_their_part_again_after_a_rest_unless_they_reported_it(offices: Offices) -> None:
    assistants = [Named(unit_id=offices.units[name]) for name in ("财政局", "档案局")]
    task_id = offices.working(assistants=assistants)
    offices.do("assist", task_id, "档案局承办", report="已提供目录")
    offices.at(2026, 11, 5)
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    offices.at(2026, 11, 12)
    offices.do("resume", task_id, "督查员")
    assert offices.open_items(task_id)["assist"] == ["财政局承办", "财政局文书"]
    offices.do("assist", task_id, "财政局承办", report="经费已落实")
    assert "assist" not in offices.open_items(task_id)


def test_a_task_goes_on_although_an_assistant_has_nobody_any_more(offices: Offices) -> None:
    task_id = offices.working(assistants=[Named(unit_id=offices.units["财政局"])])
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    for name in ("财政局承办", "财政局文书"):
        offices.abolish_post(name)
    offices.do("resume", task_id, "督查员")
    assert offices.open_items(task_id) == {"handle": ["数据局承办"]}


def part_of(
    offices: Offices, task_id: UUID, *, by: str = "财政局承办", due_on: date = date(2026, 11, 10)
) -> UUID:
    lead = {"unit_id": offices.units["财政局"]}
    (part,) = offices.split(task_id, "数据局承办", {"title": "落实经费", "lead": lead, "due_on": due_on})
    if by:
        offices.do("sign_for", part.id, by)
    return part.id


def test_the_parts_rest_with_the_whole_and_go_on_with_it(offices: Offices) -> None:
    task_id = offices.working()
    signed, unsigned = part_of(offices, task_id), part_of(offices, task_id, by="")
    alone = part_of(offices, task_id)
    offices.do("suspend", alone, "督查员", reason="等待经费下达")
    offices.at(2026, 11, 5)
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    assert [offices.get(part).state for part in (signed, unsigned)] == ["suspended", "suspended"]
    assert offices.open_items(signed) == offices.open_items(unsigned) == {}
    offices.at(2026, 11, 12)
    assert offices.watch() == 0
    with pytest.raises(Problem) as refused:
        offices.do("resume", alone, "督查员")
    assert refused.value.code == "supervision.whole_rests"
    offices.do("resume", task_id, "督查员")
    due = datetime(2026, 11, 17, 15, 59, 59, tzinfo=UTC)
    assert (offices.get(signed).due_at, offices.get(signed).light) == (due, "amber")
    assert offices.open_items(signed) == {"handle": ["财政局承办"]}
    assert offices.open_items(unsigned) == {"sign_for": ["财政局承办", "财政局文书"]}
    assert offices.get(alone).state == "suspended"
    offices.do("resume", alone, "督查员")
    assert {"suspended", "resumed"} <= set(offices.keys(signed))


@dataclass
class RunningClock(FixedClock):
    """Goes on whenever it is looked at, as the machine's does."""

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=3)
        return self.at


def test_parts_go_on_with_the_whole_by_a_clock_that_goes_on_too(offices: Offices) -> None:
    task_id = offices.working()
    part = part_of(offices, task_id)
    offices.clock = RunningClock(offices.clock.at)
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    offices.at(2026, 11, 5)
    offices.do("resume", task_id, "督查员")
    assert (offices.get(part).state, offices.open_items(part)) == ("working", {"handle": ["财政局承办"]})


def test_a_part_that_was_given_back_is_not_assigned_while_the_whole_rests(offices: Offices) -> None:
    task_id = offices.working()
    part = part_of(offices, task_id, by="")
    offices.do("ask_return", part, "财政局文书", reason="不属于本单位职责")
    offices.do("decide_return", part, "数据局承办", granted=True)
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    (holder, *_) = offices.open_items(part)["assign"]
    with pytest.raises(Problem) as refused:
        offices.do("assign", part, holder)
    assert refused.value.code == "supervision.whole_rests"
    offices.do("resume", task_id, "督查员")
    offices.do("assign", part, holder)
    assert set(offices.open_items(part)) == {"sign_for"}


def test_a_part_that_was_reported_is_not_sent_back_while_the_whole_rests(offices: Offices) -> None:
    task_id = offices.working()
    part = part_of(offices, task_id)
    offices.do("ask_closure", part, "财政局承办", conclusion="经费已落实")
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    with pytest.raises(Problem) as refused:
        offices.do("review", part, "数据局承办", passed=False, opinion="佐证材料不全")
    assert refused.value.code == "supervision.whole_rests"
    offices.do("review", part, "数据局承办", passed=True)
    assert offices.get(part).state == "concluded"


def test_a_whole_does_not_rest_while_the_return_of_a_part_is_to_be_decided(offices: Offices) -> None:
    task_id = offices.working()
    part = part_of(offices, task_id, by="")
    offices.do("ask_return", part, "财政局文书", reason="不属于本单位职责")
    with pytest.raises(Problem) as refused:
        offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    assert refused.value.code == "supervision.request_waits"
    assert offices.get(task_id).state == "working"


def test_what_is_due_by_the_hour_is_due_at_that_hour_after_a_rest(offices: Offices) -> None:
    at = datetime(2026, 11, 3, 5, 30, tzinfo=UTC)
    task_id = offices.established()
    offices.do("assign", task_id, "督查员", due_at=at)
    offices.do("sign_for", task_id, "数据局承办")
    offices.do("suspend", task_id, "督查员", reason="等待上级批复")
    offices.at(2026, 11, 5)
    offices.do("resume", task_id, "督查员")
    assert offices.get(task_id).due_at == at + timedelta(days=3)
