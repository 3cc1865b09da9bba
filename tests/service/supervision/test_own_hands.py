"""Nobody passes, extends, closes or rates what one reported or asked for oneself, nor gives work to units beside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from services.identity.domain.roles import Role
from services.supervision.commands import take_up
from services.supervision.commands.matter import Named
from services.supervision.commands.register import revise_task
from services.supervision.models import Task
from shared.directory import DirectoryDelegation
from shared.errors import Problem
from shared.events.affairs import CaseOverdue
from shared.events.base import example_of
from shared.ids import new_id
from tests.service.supervision.offices import Offices
from tests.service.supervision.test_take_up import decision, hear, party


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as raised:
        act()
    return f"{raised.value.status} {raised.value.code}"


def stand_in(offices: Offices, deputy: str, *absent: str) -> None:
    now = offices.clock.now()
    with offices.session() as session:
        session.add_all(
            DirectoryDelegation(
                id=new_id(),
                from_person_id=offices.people[name].person_id,
                from_post_id=offices.post_id(name),
                to_person_id=offices.people[deputy].person_id,
                to_post_id=offices.post_id(deputy),
                work_kinds=[],
                starts_at=now - timedelta(days=1),
                ends_at=now + timedelta(days=60),
            )
            for name in absent
        )


def test_a_deputy_of_both_sides_neither_passes_nor_closes_nor_rates_the_own_report(offices: Offices) -> None:
    stand_in(offices, "财政局承办", "数据局承办", "督查员", "市领导")
    task_id, both = offices.working(), "财政局承办"
    offices.do("ask_closure", task_id, both, conclusion="归档率达到83%。")
    own = "403 supervision.own_request"
    assert refusal(lambda: offices.do("review", task_id, both, passed=True)) == own
    offices.do("review", task_id, "督查员", passed=True)
    assert refusal(lambda: offices.do("close", task_id, both, agreed=True)) == own
    offices.do("close", task_id, "市领导", agreed=True)
    assert refusal(lambda: offices.do("rate", task_id, both, score=5)) == own
    assert offices.open_items(task_id) == {"rate": ["市领导"]}


def test_a_deputy_of_both_sides_neither_extends_nor_takes_back_what_one_asked(offices: Offices) -> None:
    stand_in(offices, "财政局承办", "数据局承办", "督查员", "市领导")
    task_id, both = offices.assigned(), "财政局承办"
    offices.do("ask_return", task_id, both, reason="不属于本单位职责")
    own = "403 supervision.own_request"
    assert refusal(lambda: offices.do("decide_return", task_id, both, granted=True)) == own
    offices.at(2026, 11, 2, 11)
    offices.do("decide_return", task_id, "督查员", granted=False, opinion="属于法定职责")
    offices.do("sign_for", task_id, both)
    offices.do("ask_extension", task_id, both, reason="接口改造", days=5)
    assert refusal(lambda: offices.do("decide_extension", task_id, both, granted=True)) == own
    offices.do("decide_extension", task_id, "市领导", granted=True)


def test_whoever_split_a_task_does_not_pass_the_own_part(offices: Offices) -> None:
    task_id = offices.working()
    lead = {"unit_id": offices.units["数据局"], "post_id": offices.post_id("数据局承办")}
    (part,) = offices.split(task_id, "数据局承办", {"title": "自己办", "lead": lead, "days": 3})
    offices.do("sign_for", part.id, "数据局承办")
    offices.do("ask_closure", part.id, "数据局承办", conclusion="已办")
    assert offices.open_items(part.id) == {"review": ["督查员", "督查员乙"]}
    offices.do("review", part.id, "督查员乙", passed=True)
    assert offices.get(part.id).state == "concluded"


def test_whoever_gave_the_instruction_does_not_rate_the_own_unit(offices: Offices) -> None:
    task_id = offices.showing(instructor_post_id=offices.post_id("数据局领导"))
    offices.do("close", task_id, "市领导", agreed=True)
    assert offices.open_items(task_id) == {"rate": ["市领导"]}


def test_a_part_is_not_extended_beyond_the_whole(offices: Offices) -> None:
    task_id = offices.working()
    lead = {"unit_id": offices.units["财政局"]}
    (part,) = offices.split(task_id, "数据局承办", {"title": "经费", "lead": lead, "days": 3})
    offices.do("sign_for", part.id, "财政局承办")
    asked = {"reason": "经费未到", "due_on": date(2026, 12, 30)}
    late = "422 supervision.due_after_parent"
    assert refusal(lambda: offices.do("ask_extension", part.id, "财政局承办", **asked)) == late
    offices.do("ask_extension", part.id, "财政局承办", reason="经费未到", due_on=date(2026, 11, 9))
    assert offices.open_items(part.id)["decide_extension"] == ["数据局承办"]


def test_an_extension_whose_own_date_is_over_is_not_granted(offices: Offices) -> None:
    task_id = offices.working()
    offices.do("ask_extension", task_id, "数据局承办", reason="接口改造", due_on=date(2026, 12, 2))
    offices.at(2026, 12, 4)
    over = refusal(lambda: offices.do("decide_extension", task_id, "市领导", granted=True))
    assert over == "409 supervision.extension_over"
    offices.do("decide_extension", task_id, "市领导", granted=False, opinion="请重新申请")
    assert offices.get(task_id).extensions == 0


@pytest.mark.parametrize("part", ["lead", "assistants"])
@pytest.mark.parametrize("name", ["财政局", "市政府办"])
def test_a_bureau_gives_nothing_to_units_beside_or_above_it(offices: Offices, part: str, name: str) -> None:
    with offices.session() as session:
        clerk = offices.post(session, "数据局督查", offices.units["数据局"], Role.SUPERVISOR)
    assert clerk.post_id
    elsewhere = Named(unit_id=offices.units[name])
    named = {part: elsewhere if part == "lead" else [elsewhere]}
    assert refusal(lambda: offices.register(by="数据局督查", **named)) == "422 supervision.unit_not_below"
    assert offices.get(offices.register(by="数据局督查")).lead_unit_id == offices.units["数据局"]


def test_what_is_revised_is_still_the_item_that_it_came_from(offices: Offices) -> None:
    unit_id = offices.units["财政局"]
    late = replace(example_of(CaseOverdue), case_id=new_id(), unit_id=unit_id, late_unit_id=unit_id)
    with offices.session() as session:
        task = take_up.take_up_case(session, offices.system, offices.clock, event=late)
        assert task
        session.execute(sa.update(Task).where(Task.id == task.id).values(state="registered"))
    with offices.session() as session:
        matter = offices.matter(title="换个题目")
        revise_task(
            session,
            offices.actor("督查员"),
            offices.clock,
            task_id=task.id,
            matter=matter,
            expected_revision=None,
        )
    with offices.session() as session:
        assert take_up.take_up_case(session, offices.system, offices.clock, event=late) is None
        kept = session.get_one(Task, task.id)
        assert (kept.title, kept.cause, kept.source) == ("换个题目", "overdue", "affairs")


def test_a_unit_that_is_named_twice_by_another_service_assists_once(offices: Offices) -> None:
    event = decision(offices, assistants=(party(offices, "财政局"), party(offices, "财政局")))
    task = hear(offices, take_up.take_up_decision, event)
    assert offices.verbs(task.id)[:2] == ["register", "propose"]
