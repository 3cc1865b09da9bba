"""A task that rests (中止): its clock stands still, and whoever had it to do has it again when it goes on."""

from datetime import UTC, datetime

from services.supervision.commands.matter import Named
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
