"""What time does to a task: lights, reminders, slips, missed feedback, extensions, the end of rating."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.supervision.commands.settling import LOOK_AGAIN
from services.supervision.domain.deadlines import Limit
from services.supervision.models import Task, TaskReminder
from shared.errors import Problem
from tests.service.supervision.offices import Offices

# Ten working days from Monday 2 November 2026 end on Monday the 16th.
DUE = datetime(2026, 11, 16, 15, 59, 59, tzinfo=UTC)


def lights(offices: Offices, task_id: object) -> list[str]:
    return [event["light"] for event in offices.events(task_id, "task.light_turned")]  # type: ignore[arg-type]


def test_a_task_is_due_after_its_working_days(offices: Offices) -> None:
    task = offices.get(offices.assigned())
    assert (task.due_at, task.original_due_at, task.light) == (DUE, DUE, "grey")


def test_half_a_day_ends_at_noon(offices: Offices) -> None:
    task = offices.get(offices.assigned(limit=Limit(half_days=3)))
    assert task.due_at == datetime(2026, 11, 4, 4, 0, tzinfo=UTC)


def test_lights_turn_as_time_passes_and_each_turn_is_told_once(offices: Offices) -> None:
    task_id = offices.working()
    assert lights(offices, task_id) == ["green"]
    offices.at(2026, 11, 10)
    offices.watch()
    assert offices.get(task_id).light == "green"
    offices.at(2026, 11, 11)
    offices.watch()
    assert offices.get(task_id).light == "amber"
    offices.at(2026, 11, 17)
    offices.watch()
    offices.watch()
    assert lights(offices, task_id) == ["green", "amber", "red"]


def test_a_task_behind_its_plan_is_amber_until_it_has_caught_up(offices: Offices) -> None:
    task_id = offices.working()
    goals = [{"on": date(2026, 11, 4), "progress": 40}, {"on": date(2026, 11, 12), "progress": 90}]
    offices.do("plan", task_id, "数据局承办", goals=goals)
    offices.at(2026, 11, 5)
    offices.watch()
    assert offices.get(task_id).light == "amber"
    offices.do("feed_back", task_id, "数据局承办", progress=45, report="已赶上进度")
    assert offices.get(task_id).light == "green"


def test_a_task_that_nobody_signed_for_turns_red_when_it_is_late(offices: Offices) -> None:
    task_id = offices.assigned()
    offices.at(2026, 11, 17)
    offices.watch()
    assert offices.get(task_id).light == "red"


def test_nothing_is_looked_at_before_its_time(offices: Offices) -> None:
    task_id = offices.working()
    assert offices.watch() == 0
    assert offices.get(task_id).next_at == datetime(2026, 11, 9, 1, 0, tzinfo=UTC)


def test_each_reminder_goes_once_to_the_present_holder(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 9)
    offices.watch()
    offices.watch()
    offices.do("hand_over", task_id, "数据局承办", to_post_id=offices.post_id("数据局文书"))
    offices.at(2026, 11, 11)
    offices.watch()
    told = [(event["occasion"], event["post_id"]) for event in offices.events(task_id, "task.reminded")]
    assert told == [
        ("due-5", str(offices.post_id("数据局承办"))),
        ("due-3", str(offices.post_id("数据局文书"))),
    ]
    assert offices.get(task_id).holder_name.startswith("数据局文书")


def test_when_the_holders_post_is_abolished_the_unit_has_it_again_and_is_reminded(offices: Offices) -> None:
    task_id = offices.working()
    offices.abolish_post("数据局承办")
    offices.at(2026, 11, 9)
    offices.watch()
    assert offices.open_items(task_id) == {"handle": ["数据局文书"]}
    (told,) = offices.events(task_id, "task.reminded")
    assert told["post_id"] == str(offices.post_id("数据局文书"))


def test_of_points_that_were_slept_through_only_the_last_is_sent(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 13, 8)
    offices.watch()
    assert [event["occasion"] for event in offices.events(task_id, "task.reminded")] == ["due-3"]


def test_slips_go_up_the_line_each_once(offices: Offices) -> None:
    task_id = offices.working()
    for day in (13, 16, 17, 20, 23):
        offices.at(2026, 11, day)
        offices.watch()
    slips = offices.events(task_id, "task.slip_issued")
    assert [(slip["colour"], slip["to_post_id"]) for slip in slips] == [
        ("blue", str(offices.post_id("数据局承办"))),
        ("orange", str(offices.post_id("数据局领导"))),
        ("red", str(offices.post_id("市领导"))),
    ]
    assert offices.open_items(task_id)["slip"] == ["市领导", "数据局承办", "数据局领导"]


def test_an_extension_keeps_the_first_date_and_begins_a_new_ladder(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 17)
    offices.watch()
    offices.do("ask_extension", task_id, "数据局承办", reason="系统接口改造", days=8)
    assert offices.open_items(task_id)["decide_extension"] == ["市领导"]
    offices.do("decide_extension", task_id, "市领导", granted=True)
    task = offices.get(task_id)
    assert (task.original_due_at, task.extensions, task.light) == (DUE, 1, "green")
    assert task.due_at == datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC)
    offices.at(2026, 11, 20)
    offices.watch()
    offices.at(2026, 11, 30)
    offices.watch()
    assert [slip["colour"] for slip in offices.events(task_id, "task.slip_issued")] == ["orange", "orange"]
    with offices.session() as session:
        due = session.query(TaskReminder.due_at).filter_by(task_id=task_id).distinct().count()
    assert due == 2


def test_no_slip_is_issued_while_an_extension_waits_for_its_answer(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 12)
    offices.do("ask_extension", task_id, "数据局承办", reason="系统接口改造", due_on=date(2026, 11, 27))
    offices.at(2026, 11, 18)
    offices.watch()
    assert offices.events(task_id, "task.slip_issued") == []
    offices.do("decide_extension", task_id, "市领导", granted=False, opinion="理由不充分")
    offices.watch()
    assert [slip["colour"] for slip in offices.events(task_id, "task.slip_issued")] == ["orange"]
    assert "extension_refused" in offices.keys(task_id)


def test_a_missed_feedback_is_told_once_and_the_next_is_asked_for(offices: Offices) -> None:
    task_id = offices.working(limit=Limit(half_days=60))
    due = offices.get(task_id).feedback_due_at
    assert due == DUE
    offices.at(2026, 11, 17)
    offices.watch()
    offices.watch()
    (missed,) = offices.events(task_id, "task.feedback_missed")
    assert missed["due_at"].startswith("2026-11-16")
    after = offices.get(task_id).feedback_due_at
    assert after
    assert after > due


def test_a_task_that_is_sent_back_has_a_whole_period_until_its_next_report(offices: Offices) -> None:
    task_id = offices.reviewing(limit=Limit(half_days=60))
    offices.at(2026, 11, 18)
    offices.do("review", task_id, "督查员", passed=False, opinion="佐证材料不全")
    offices.watch()
    assert offices.events(task_id, "task.feedback_missed") == []
    assert offices.get(task_id).feedback_due_at == datetime(2026, 12, 2, 15, 59, 59, tzinfo=UTC)


def test_what_was_reported_in_time_does_not_turn_red_in_review(offices: Offices) -> None:
    task_id = offices.reviewing()
    offices.at(2026, 11, 20)
    offices.watch()
    assert offices.get(task_id).light == "green"
    offices.do("review", task_id, "督查员", passed=False, opinion="佐证材料不全")
    assert offices.get(task_id).light == "red"
    assert offices.open_items(task_id) == {"handle": ["数据局承办"]}


def test_a_task_that_nobody_rates_is_concluded_without(offices: Offices) -> None:
    task_id = offices.showing()
    offices.do("close", task_id, "市领导", agreed=True)
    offices.at(2026, 11, 16)
    offices.watch()
    assert offices.get(task_id).state == "closed"
    offices.at(2026, 11, 17)
    offices.watch()
    task = offices.get(task_id)
    assert (task.state, task.score, offices.open_items(task_id)) == ("concluded", None, {})


def test_a_task_is_closed_although_next_years_holidays_are_unknown(offices: Offices) -> None:
    offices.at(2026, 12, 24)
    task_id = offices.showing(limit=Limit(half_days=4))
    offices.do("close", task_id, "市领导", agreed=True)
    assert offices.get(task_id).rate_by == datetime(2027, 1, 13, 15, 59, 59, tzinfo=UTC)


def test_a_deadline_in_an_unknown_year_is_refused_with_what_to_load(offices: Offices) -> None:
    task_id = offices.established(limit=Limit(half_days=120))
    with pytest.raises(Problem) as refusal:
        offices.do("assign", task_id, "督查员")
    assert refusal.value.code == "workdays.year_not_loaded"
    assert "2027 年部分节假日安排" in refusal.value.detail
    assert (offices.get(task_id).state, offices.open_items(task_id)) == (
        "established",
        {"assign": ["督查员"]},
    )
    offices.load_year(2027)
    offices.do("assign", task_id, "督查员")
    assert offices.get(task_id).due_at


def test_one_task_that_fails_stands_in_nobodys_way(offices: Offices) -> None:
    bad, good = offices.working(), offices.working()
    with offices.session() as session:
        session.get_one(Task, bad).lead_unit_id = None
    offices.at(2026, 11, 17)
    offices.watch()
    assert offices.get(good).light == "red"
    assert offices.get(bad).next_at == offices.clock.now() + LOOK_AGAIN


def test_what_is_due_by_the_hour_is_late_and_gets_its_slip_when_the_hour_has_passed(offices: Offices) -> None:
    at = offices.clock.now() + timedelta(hours=2)
    task_id = offices.established()
    offices.do("assign", task_id, "督查员", due_at=at)
    offices.do("sign_for", task_id, "数据局承办")
    assert offices.get(task_id).due_at == at
    offices.clock.at = at + timedelta(seconds=1)
    offices.watch()
    assert offices.get(task_id).light == "red"
    assert [slip["colour"] for slip in offices.events(task_id, "task.slip_issued")] == ["orange"]


def test_an_hour_that_is_over_is_refused(offices: Offices) -> None:
    task_id = offices.established()
    with pytest.raises(Problem) as refused:
        offices.do("assign", task_id, "督查员", due_at=offices.clock.now())
    assert refused.value.code == "supervision.due_hour_past"
