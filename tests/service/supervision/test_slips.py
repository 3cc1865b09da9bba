"""Slips that a supervisor issues by hand: told and counted with those of the ladder, which goes on beside them."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from services.supervision.queries.assessment import preview
from services.supervision.queries.tasks import show_task
from services.supervision.schemas.assessment import ComputeQuery
from shared.errors import Problem
from shared.flow.models import WorkItem
from tests.service.supervision.desk import Desk
from tests.service.supervision.offices import MONDAY, Offices

REASON = "市长专题会点名督办"


def slips_of(offices: Offices, task_id: UUID) -> list[tuple[str, bool, str]]:
    with offices.session() as session:
        shown = show_task(session, offices.actor("督查员"), task_id, now=offices.clock.now())
    return [(slip["colour"], slip["by_hand"], slip["issued_by_name"]) for slip in shown["slips"]]


def refusal(offices: Offices, task_id: UUID, by: str, **request: str) -> str:
    with pytest.raises(Problem) as raised:
        offices.do("issue_slip", task_id, by, **{"colour": "orange", "reason": REASON, **request})
    return f"{raised.value.status} {raised.value.code}"


@pytest.mark.parametrize(
    ("colour", "shown_to"),
    [
        ("blue", ["数据局承办"]),
        ("orange", ["数据局领导"]),
        ("red", ["市领导", "数据局领导"]),
    ],
)
def test_a_slip_by_hand_goes_up_the_line_with_its_reason(
    offices: Offices, colour: str, shown_to: list[str]
) -> None:
    task_id = offices.working()
    offices.do("issue_slip", task_id, "督查员", colour=colour, reason=REASON)
    assert offices.open_items(task_id)["slip"] == shown_to
    (told,) = offices.events(task_id, "task.slip_issued")
    assert (told["colour"], told["reason"], told["doer"]["person_name"]) == (colour, REASON, "督查员")
    assert told["to_post_id"] == str(offices.post_id(shown_to[0]))
    assert slips_of(offices, task_id) == [(colour, True, "督查员")]
    assert offices.verbs(task_id)[-1] == "issue_slip"


def test_the_ladder_issues_each_of_its_slips_once_beside_those_by_hand(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("issue_slip", task_id, "督查员", colour="orange", reason=REASON)
    offices.do("issue_slip", task_id, "督查员", colour="orange", reason="仍未见进展")
    for day in (13, 17, 17, 20, 23):
        offices.at(2026, 11, day)
        offices.watch()
    slips = slips_of(offices, task_id)
    assert [colour for colour, by_hand, _ in slips if not by_hand] == ["blue", "orange", "red"]
    assert [name for _, by_hand, name in slips if by_hand] == ["督查员", "督查员"]
    assert len(offices.events(task_id, "task.slip_issued")) == len(slips) == 5


def test_whoever_has_not_read_the_last_slip_is_reminded_of_it_by_the_next(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("issue_slip", task_id, "督查员", colour="orange", reason=REASON)
    offices.do("issue_slip", task_id, "督查员", colour="red", reason="仍未见进展")
    assert offices.open_items(task_id)["slip"] == ["市领导", "数据局领导"]
    wanted = sa.select(WorkItem.reminders).where(
        WorkItem.subject_id == task_id,
        WorkItem.step_id == "slip",
        WorkItem.post_id == offices.post_id("数据局领导"),
    )
    with offices.session() as session:
        assert session.scalars(wanted).all() == [1]


def test_a_colour_by_hand_and_by_the_ladder_costs_once_in_the_assessment(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("issue_slip", task_id, "督查员", colour="orange", reason=REASON)
    offices.do("issue_slip", task_id, "督查员", colour="blue", reason=REASON)
    offices.at(2026, 11, 17)
    offices.watch()
    query = ComputeQuery().load({"period_from": "2026-11-01", "period_to": "2026-11-30"})
    with offices.session() as session:
        computed = preview(session, offices.actor("督查员"), query=query, now=offices.clock.now())
    (unit,) = computed["units"]
    (line,) = [line for line in unit["lines"] if line["code"] == "orange_slip"]
    assert line["points"] == "3.00"
    assert [cause["label"] for cause in line["causes"]] == ["发督办单", "发督办单"]


def test_only_the_supervising_organs_staff_issue_slips(offices: Offices) -> None:
    task_id = offices.working()
    for name in ("数据局承办", "数据局领导"):
        assert refusal(offices, task_id, name) == "403 supervision.not_your_staff"
    assert refusal(offices, task_id, "财政局承办") == "404 supervision.not_found"
    assert slips_of(offices, task_id) == []


def test_no_slip_goes_out_where_the_ladder_would_issue_none(offices: Offices) -> None:
    established = offices.established()
    assert refusal(offices, established, "督查员") == "409 supervision.act_not_possible"
    asked = offices.working()
    offices.do("ask_extension", asked, "数据局承办", reason="系统接口改造", days=8)
    assert refusal(offices, asked, "督查员") == "409 supervision.request_waits"
    assert refusal(offices, offices.reviewing(), "督查员") == "409 supervision.act_not_possible"
    marked = offices.working()
    assert refusal(offices, marked, "督查员", reason="机密★1年") == "422 supervision.secret_content"
    assert slips_of(offices, marked) == []


def test_a_slip_is_issued_over_http_and_says_what_is_wrong(desk: Desk) -> None:
    desk.offices.clock.at = MONDAY
    task_id = desk.register()["id"]
    desk.do("督查员", task_id, "propose")
    desk.do("市领导", task_id, "approve")
    assert "issue_slip" not in desk.actions("督查员", task_id)
    desk.do("督查员", task_id, "assign")
    assert "issue_slip" in desk.actions("督查员", task_id)
    assert "issue_slip" not in desk.actions("数据局承办", task_id)
    wrong = desk.refused("督查员", task_id, "issue-slip", colour="green", reason=" ")
    assert set(wrong["errors"]) == {"colour", "reason"}
    done = desk.do("督查员", task_id, "issue-slip", colour="red", reason=REASON)
    assert [(slip["colour"], slip["by_hand"]) for slip in done["slips"]] == [("red", True)]
