"""Whoever has something to do may go: what waits is then given to whoever is there, and time goes on meanwhile."""

from services.identity.domain.roles import Role
from services.supervision.commands.matter import Named
from services.supervision.commands.settling import LOOK_AGAIN
from services.supervision.commands.watch import wake_orphaned
from shared.permissions import Permission
from tests.service.supervision.offices import Offices


def wake(offices: Offices) -> None:
    with offices.session() as session:
        wake_orphaned(session, offices.clock)


def test_an_extension_is_decided_by_another_when_the_deciders_post_is_abolished(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 12)
    offices.do("ask_extension", task_id, "数据局承办", reason="系统接口改造", days=8)
    offices.abolish_post("市领导")
    offices.at(2026, 11, 13)
    offices.watch()
    assert offices.open_items(task_id) == {"handle": ["数据局承办"], "decide_extension": ["市副职"]}
    offices.do("decide_extension", task_id, "市副职", granted=True)
    assert offices.get(task_id).extensions == 1


def test_an_extension_that_nobody_can_decide_waits_for_the_next_who_can(offices: Offices) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 12)
    offices.do("ask_extension", task_id, "数据局承办", reason="系统接口改造", days=8)
    offices.abolish_post("市领导")
    offices.abolish_post("市副职")
    offices.at(2026, 11, 13)
    offices.watch()
    with offices.session() as session:
        offices.post(session, "新市领导", offices.units["市政府办"], Role.PRINCIPAL)
    offices.clock.at += LOOK_AGAIN
    offices.watch()
    assert offices.open_items(task_id)["decide_extension"] == ["新市领导"]


def test_nobody_decides_on_the_extension_that_the_own_post_asked_for(offices: Offices) -> None:
    with offices.session() as session:
        offices.post(session, "办公室主任", offices.units["市政府办"], Role.OFFICE_DIRECTOR)
    task_id = offices.assigned(lead=Named(unit_id=offices.units["市政府办"]))
    offices.do("sign_for", task_id, "办公室主任")
    offices.at(2026, 11, 12)
    offices.do("ask_extension", task_id, "办公室主任", reason="系统接口改造", days=8)
    assert offices.open_items(task_id)["decide_extension"] == ["市领导"]
    for name in ("市领导", "市副职"):
        offices.abolish_post(name)
    offices.at(2026, 11, 13)
    offices.watch()
    assert offices.open_items(task_id)["decide_extension"] == ["市领导"]


def test_nobody_examines_the_report_of_the_own_post(offices: Offices) -> None:
    both = frozenset(
        {Permission.SUPERVISION_HANDLE, Permission.SUPERVISION_READ, Permission.SUPERVISION_REGISTER}
    )
    with offices.session() as session:
        offices.post(session, "督查科长", offices.units["督查科"], Role.HANDLER, permissions=both)
    task_id = offices.assigned(lead=Named(unit_id=offices.units["市政府办"]))
    offices.do("sign_for", task_id, "督查科长")
    offices.do("ask_closure", task_id, "督查科长", conclusion="归档率达到83%。")
    assert offices.open_items(task_id) == {"review": ["督查员"]}
    for name in ("督查员", "督查员乙"):
        offices.abolish_post(name)
    wake(offices)
    offices.watch()
    assert offices.open_items(task_id) == {}


def test_an_assistants_part_goes_to_another_post_of_the_unit(offices: Offices) -> None:
    assistants = [Named(unit_id=offices.units[name]) for name in ("财政局", "档案局")]
    task_id = offices.working(assistants=assistants)
    offices.do("assist", task_id, "档案局文书", report="已提供目录")
    for name in ("财政局承办", "财政局文书"):
        offices.abolish_post(name)
    offices.at(2026, 11, 9)
    offices.watch()
    with offices.session() as session:
        offices.post(session, "财政局新承办", offices.units["财政局"], Role.HANDLER)
    offices.clock.at += LOOK_AGAIN
    offices.watch()
    assert offices.open_items(task_id)["assist"] == ["财政局新承办"]
    offices.do("assist", task_id, "财政局新承办", report="经费已落实")


def test_each_assistants_part_goes_on_by_itself(offices: Offices) -> None:
    assistants = [Named(unit_id=offices.units[name]) for name in ("财政局", "档案局")]
    task_id = offices.working(assistants=assistants)
    for name in ("财政局承办", "财政局文书", "档案局承办"):
        offices.abolish_post(name)
    wake(offices)
    offices.watch()
    assert offices.open_items(task_id)["assist"] == ["档案局文书", "财政局承办", "财政局文书"]
    offices.do("assist", task_id, "档案局文书", report="已提供目录")
    with offices.session() as session:
        offices.post(session, "财政局新承办", offices.units["财政局"], Role.HANDLER)
    offices.clock.at += LOOK_AGAIN
    offices.watch()
    assert offices.open_items(task_id)["assist"] == ["财政局新承办"]


def test_a_task_for_which_time_has_nothing_left_is_looked_at_when_its_holder_has_gone(
    offices: Offices,
) -> None:
    task_id = offices.working()
    offices.at(2026, 11, 23)
    offices.watch()
    wake(offices)
    assert offices.get(task_id).next_at is None
    offices.abolish_post("数据局承办")
    wake(offices)
    assert offices.get(task_id).next_at == offices.clock.now()
    offices.watch()
    wake(offices)
    assert offices.open_items(task_id)["handle"] == ["数据局文书"]
    assert offices.get(task_id).next_at is None
