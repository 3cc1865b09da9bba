"""What is refused, in words that a person can act on, and nothing half done."""

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from services.supervision.commands.matter import Named
from services.supervision.domain.deadlines import Limit
from services.supervision.models import Task
from shared.errors import Problem
from shared.events.supervision import TaskSource
from tests.service.supervision.offices import Offices


def refusal(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as raised:
        act()
    return raised.value


def test_a_date_that_is_over_is_refused(offices: Offices) -> None:
    problem = refusal(lambda: offices.register(limit=Limit(on=date(2026, 10, 30))))
    assert (problem.status, problem.code) == (422, "supervision.due_in_the_past")
    assert "2026-10-30 早于今天" in problem.detail


def test_a_date_in_an_unknown_year_is_refused(offices: Offices) -> None:
    problem = refusal(lambda: offices.register(limit=Limit(on=date(2027, 3, 1))))
    assert (problem.status, problem.code) == (409, "workdays.year_not_loaded")


def test_a_date_that_was_over_when_it_was_assigned_is_refused_until_another_is_set(offices: Offices) -> None:
    task_id = offices.established(limit=Limit(on=date(2026, 11, 3)))
    offices.at(2026, 11, 4)
    problem = refusal(lambda: offices.do("assign", task_id, "督查员"))
    assert problem.code == "supervision.due_in_the_past"
    offices.do("assign", task_id, "督查员", due_on=date(2026, 11, 10))
    assert offices.get(task_id).state == "assigned"


def test_a_decision_without_lead_is_refused(offices: Offices) -> None:
    problem = refusal(lambda: offices.register(source=TaskSource.MEETING, lead=None))
    assert (problem.status, problem.code) == (422, "supervision.lead_missing")


def test_a_matter_without_lead_is_not_proposed(offices: Offices) -> None:
    task_id = offices.register(lead=None)
    assert refusal(lambda: offices.do("propose", task_id, "督查员")).code == "supervision.lead_missing"
    assert offices.open_items(task_id) == {"propose": ["督查员"]}
    offices.do("propose", task_id, "督查员", lead={"unit_id": offices.units["财政局"]})
    assert offices.get(task_id).lead_unit_name == "萍乡市财政局"


def test_a_task_is_not_given_to_a_dissolved_unit_or_an_abolished_post(offices: Offices) -> None:
    task_id = offices.established(
        lead=Named(unit_id=offices.units["数据局"], post_id=offices.post_id("数据局文书"))
    )
    offices.abolish_post("数据局文书")
    problem = refusal(lambda: offices.do("assign", task_id, "督查员"))
    assert (problem.code, problem.title) == ("directory.post_unknown", "岗位不存在或已撤销")
    offices.dissolve("财政局")
    to_dissolved = {"unit_id": offices.units["财政局"]}
    problem = refusal(lambda: offices.do("assign", task_id, "督查员", lead=to_dissolved))
    assert (problem.code, problem.title) == ("directory.unit_unknown", "单位不存在或已撤销")
    offices.do("assign", task_id, "督查员", lead={"unit_id": offices.units["数据局"]})
    assert offices.open_items(task_id) == {"sign_for": ["数据局承办"]}


def test_a_unit_without_receiving_posts_gets_no_task(offices: Offices) -> None:
    task_id = offices.established()
    offices.abolish_post("数据局文书")
    offices.abolish_post("数据局承办")
    problem = refusal(lambda: offices.do("assign", task_id, "督查员"))
    assert problem.code == "supervision.nobody_receives"
    assert "萍乡市数据局" in problem.detail


def test_a_unit_is_named_once(offices: Offices) -> None:
    both = [Named(unit_id=offices.units["数据局"])]
    assert refusal(lambda: offices.register(assistants=both)).code == "supervision.party_twice"


def test_whoever_has_no_part_does_not_know_of_it(offices: Offices) -> None:
    task_id = offices.working()
    assert (
        refusal(lambda: offices.do("feed_back", task_id, "财政局承办", progress=1, report="无")).status == 404
    )


def test_only_the_holder_does_what_is_the_holders(offices: Offices) -> None:
    task_id = offices.working()
    problem = refusal(lambda: offices.do("ask_closure", task_id, "数据局文书", conclusion="办结"))
    assert (problem.status, problem.code) == (403, "flow.item_not_yours")
    assert refusal(lambda: offices.do("suspend", task_id, "数据局承办", reason="无")).status == 403


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of acts that began together: `done`, or the code of the refusal, in no order."""
    found: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            found.append("done")
        except Problem as problem:
            found.append(f"{problem.status} {problem.code}")

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_of_two_people_who_close_one_task_one_is_told_who_was_faster(offices: Offices) -> None:
    task_id = offices.reviewing(leader_post_id=None)
    with offices.session() as session:
        session.get_one(Task, task_id).leader_post_id = None
    offices.do("review", task_id, "督查员", passed=True)
    assert offices.open_items(task_id) == {"show": ["市副职", "市领导"]}
    told = at_once(
        *(lambda by=by: offices.do("close", task_id, by, agreed=True) for by in ("市领导", "市副职"))
    )
    assert told == ["409 supervision.act_not_possible", "done"]
    problem = refusal(lambda: offices.do("close", task_id, "市领导", agreed=True))
    assert "已于" in problem.detail
    assert offices.verbs(task_id).count("close") == 1


def test_of_two_approvals_at_once_one_wins_and_numbers_have_no_gaps(offices: Offices) -> None:
    tasks: list[UUID] = [offices.proposed() for _ in range(3)]
    for task_id in tasks:
        told = at_once(
            *(
                lambda by=by, task_id=task_id: offices.do("approve", task_id, by)
                for by in ("市领导", "市副职")
            )
        )
        assert told == ["409 supervision.act_not_possible", "done"]
    assert [offices.get(task_id).number for task_id in tasks] == [
        f"萍府办督〔2026〕{number}号" for number in (1, 2, 3)
    ]


def test_a_rejection_gives_its_reason_and_takes_no_number(offices: Offices) -> None:
    task_id = offices.proposed()
    offices.do("reject", task_id, "市领导", reason="与萍府办督〔2026〕5号重复")
    assert (offices.get(task_id).state, offices.get(task_id).number) == ("rejected", None)
    (told,) = offices.events(task_id, "task.rejected")
    assert told["reason"] == "与萍府办督〔2026〕5号重复"
    assert offices.get(offices.established()).number == "萍府办督〔2026〕1号"


def test_more_time_is_not_asked_for_an_earlier_date_nor_twice(offices: Offices) -> None:
    task_id = offices.working()

    def ask(day: int) -> object:
        due_on = date(2026, 11, day)
        return offices.do("ask_extension", task_id, "数据局承办", reason="需延长", due_on=due_on)

    assert refusal(lambda: ask(16)).code == "supervision.not_later"
    ask(20)
    assert refusal(lambda: ask(24)).code == "supervision.request_waits"


def test_a_refusal_needs_a_reason(offices: Offices) -> None:
    task_id = offices.reviewing()
    assert refusal(lambda: offices.do("review", task_id, "督查员", passed=False)).code == "flow.reason_needed"


def test_progress_does_not_fall(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("feed_back", task_id, "数据局承办", progress=50, report="过半")
    problem = refusal(lambda: offices.do("feed_back", task_id, "数据局承办", progress=40, report="倒退"))
    assert problem.code == "supervision.progress_falls"
