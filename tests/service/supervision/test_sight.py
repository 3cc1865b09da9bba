"""Who sees what: every list shows what opens, nothing else opens, and the unit tree decides for supervising staff."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from services.identity.domain.roles import Role
from services.supervision.commands.assessment_findings import record_finding
from services.supervision.commands.desk import Desk
from services.supervision.commands.links import add_link
from services.supervision.commands.matter import Named
from services.supervision.models import Task
from services.supervision.queries.assessment import preview, preview_own
from services.supervision.queries.assessment_findings import list_findings
from services.supervision.queries.board import show_board
from services.supervision.queries.board_tasks import page_board_tasks, page_late
from services.supervision.queries.lists import list_tasks
from services.supervision.queries.tasks import show_task
from services.supervision.schemas.assessment import ComputeQuery, FindingRequest, OwnComputeQuery
from services.supervision.schemas.board import BoardTaskQuery
from services.supervision.schemas.tasks import TaskQuery
from shared.directory import DirectoryUnit
from shared.errors import Problem
from shared.events.origin import Origin
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.supervision.offices import Offices

NOVEMBER = {"period_from": "2026-11-01", "period_to": "2026-11-30"}


@pytest.fixture
def tasks(offices: Offices) -> dict[str, UUID]:
    """Tasks of a city's office, of a bureau by itself and of a county, late all but the last, by short names."""
    _more_organs(offices)
    city = offices.working(assistants=[Named(unit_id=offices.units["档案局"])])
    part = {"title": "清点在用系统", "lead": {"unit_id": offices.units["财政局"]}, "days": 3}
    (split_by_staff,) = offices.split(city, "督查员", part)
    (split_by_lead,) = offices.split(city, "数据局承办", {**part, "title": "核定经费"})
    bureau = offices.register(by="数据局督查", title="本局系统整合")
    offices.do("propose", bureau, "数据局督查")
    offices.do("approve", bureau, "数据局领导")
    offices.do("assign", bureau, "数据局督查")
    county = offices.register(by="安源督查", lead=Named(unit_id=offices.units["安源教育局"]))
    offices.do("propose", county, "安源督查")
    offices.do("approve", county, "安源区长")
    offices.do("assign", county, "安源督查")
    draft = offices.register(by="湘东督查", lead=None, title="尚未立项的事项")
    offices.at(2026, 11, 24)
    offices.watch()
    return {
        "city": city,
        "city part by staff": split_by_staff.id,
        "city part by lead": split_by_lead.id,
        "bureau": bureau,
        "county": county,
        "draft": draft,
    }


CITY_ALL = {"city", "city part by staff", "city part by lead"}
SEEN: Mapping[str, set[str]] = {
    # The general office speaks for the government: its bureaus, and the counties below.
    "督查员": {*CITY_ALL, "bureau", "county", "draft"},
    "市领导": {*CITY_ALL, "bureau", "county", "draft"},
    "市长": {*CITY_ALL, "bureau", "county", "draft"},
    # A bureau's supervisor, not the unit that takes tasks: its own organ's only.
    "数据局督查": {"bureau"},
    "数据局领导": {*CITY_ALL, "bureau"},
    "数据局承办": {*CITY_ALL, "bureau"},
    "财政局承办": {"city part by staff", "city part by lead"},
    "档案局承办": {"city"},
    "安源督查": {"county"},
    "安源区长": {"county"},
    "安源教育承办": {"county"},
    "湘东督查": {"draft"},
    "路人": set(),
}


def test_all_that_a_list_shows_opens_and_nothing_else_does(offices: Offices, tasks: dict[str, UUID]) -> None:
    names = {task_id: name for name, task_id in tasks.items()}
    for who, seen in SEEN.items():
        listed = set(_listed(offices, who))
        opened = {task_id for task_id in tasks.values() if _opens(offices, who, task_id)}
        assert {names[task_id] for task_id in listed} == seen, who
        assert opened == listed, who
        assert set(_shown_elsewhere(offices, who)) <= opened, who


def test_the_board_counts_what_its_list_shows_and_that_opens(
    offices: Offices, tasks: dict[str, UUID]
) -> None:
    established = {name: {tasks[one] for one in SEEN[name] - {"draft"}} for name in ("督查员", "市长")}
    established |= {
        "数据局督查": {tasks["bureau"]},
        "安源督查": {tasks["county"]},
        "湘东督查": set(),
    }
    for who, wanted in established.items():
        counted = _paged(offices, who, page_board_tasks)
        assert set(counted) == wanted, who
        with offices.session() as session:
            query = BoardTaskQuery().load({})
            board = show_board(session, offices.actor(who), query=query, today=offices.clock.today())
        assert board["total"]["tasks"] == len(wanted), who
        assert all(_opens(offices, who, task_id) for task_id in counted)


def test_who_sees_a_task_of_a_lower_organ_does_not_act_on_it(
    offices: Offices, tasks: dict[str, UUID]
) -> None:
    with offices.session() as session:
        shown = show_task(session, offices.actor("督查员"), tasks["county"], now=offices.clock.now())
    assert shown["actions"] == []
    for verb, request in (
        ("remind", {}),
        ("suspend", {"reason": "等待批复"}),
        ("cancel", {"reason": "重复"}),
    ):
        with pytest.raises(Problem) as refusal:
            offices.do(verb, tasks["county"], "督查员", **request)
        assert refusal.value.code == "supervision.not_your_staff"


def test_an_office_sees_its_own_tasks_before_its_government_is_known_here(offices: Offices) -> None:
    task_id = offices.working()
    with offices.session() as session:
        session.get_one(DirectoryUnit, offices.units["市政府办"]).parent_id = new_id()
    assert _opens(offices, "督查员", task_id)
    assert task_id in _listed(offices, "督查员")


def test_a_finding_about_a_unit_names_no_task_that_the_unit_had_no_part_in(
    offices: Offices, tasks: dict[str, UUID]
) -> None:
    about = {"code": "feedback_empty", "reason": "反馈无实质内容", "on": "2026-11-20"}
    with offices.session() as session, pytest.raises(Problem) as refusal:
        _find(session, offices, {**about, "lead_unit_id": offices.units["财政局"], "task_id": tasks["city"]})
    assert refusal.value.code == "supervision.unit_not_party"
    with offices.session() as session:
        _find(session, offices, {**about, "lead_unit_id": offices.units["数据局"], "task_id": tasks["city"]})
        mine = list_findings(
            session, offices.actor("数据局承办"), query={"limit": 20, "lead_unit_id": None}
        ).items
    assert [finding.task_id for finding in mine] == [tasks["city"]]


def _more_organs(offices: Offices) -> None:
    with offices.session() as session:
        city = offices.units["市政府"]
        offices.post(session, "市长", city, Role.PRINCIPAL)
        staff = {Permission.SUPERVISION_REGISTER, Permission.SUPERVISION_BOARD, Permission.SUPERVISION_READ}
        offices.post(
            session, "数据局督查", offices.units["数据局"], Role.SUPERVISOR, permissions=frozenset(staff)
        )
        offices.post(session, "路人", offices.units["数据局"], Role.HANDLER, permissions=frozenset())
        for name in ("安源", "湘东"):
            county = offices.unit(
                session, name, f"{name}区人民政府", kind="government", level="county", parent=city
            )
            office = offices.unit(
                session, f"{name}办", f"{name}区人民政府办公室", kind="general_office", parent=county
            )
            offices.post(session, f"{name}督查", office, Role.SUPERVISOR)
            offices.post(session, f"{name}区长", office, Role.PRINCIPAL)
        school = offices.unit(session, "安源教育局", "安源区教育局", parent=offices.units["安源"])
        offices.post(session, "安源教育承办", school, Role.HANDLER)


def _listed(offices: Offices, who: str) -> list[UUID]:
    found: list[UUID] = []
    after = ""
    while True:
        query = TaskQuery().load({"limit": 2, **({"after": after} if after else {})})
        with offices.session() as session:
            page = list_tasks(session, offices.actor(who), query=query, now=offices.clock.now())
        found += [row["id"] for row in page.items]
        if page.next is None:
            assert len(found) == len(set(found))
            return found
        after = page.next


def _opens(offices: Offices, who: str, task_id: UUID) -> bool:
    with offices.session() as session:
        try:
            show_task(session, offices.actor(who), task_id, now=offices.clock.now())
        except Problem as problem:
            if problem.status == 404:
                return False
            raise
    return True


def _shown_elsewhere(offices: Offices, who: str) -> Iterable[UUID]:
    """The tasks in every other list that the person may ask for."""
    actor, now = offices.actor(who), offices.clock.now()
    if actor.may(Permission.SUPERVISION_BOARD):
        yield from _paged(offices, who, page_board_tasks)
        late = _paged(offices, who, page_late)
        assert late or who == "湘东督查"
        yield from late
    with offices.session() as session:
        for task_id in _listed(offices, who):
            shown = show_task(session, actor, task_id, now=now)
            yield from (part["id"] for part in shown["parts"])
        if actor.may(Permission.SUPERVISION_ASSESS):
            query = ComputeQuery().load(NOVEMBER)
            yield from _causes(preview(session, actor, query=query, now=now))
        for organ in ("市政府办", "数据局", "安源办"):
            query = OwnComputeQuery().load({**NOVEMBER, "unit_id": str(offices.units[organ])})
            yield from _causes(preview_own(session, actor, query=query, now=now))


def _paged(offices: Offices, who: str, read: Any) -> list[UUID]:
    with offices.session() as session:
        query = BoardTaskQuery().load({"limit": 100})
        page = read(session, offices.actor(who), query=query, now=offices.clock.now())
    return [row["id"] for row in page.items]


def _causes(computed: Mapping[str, Any]) -> Iterable[UUID]:
    for unit in computed["units"]:
        for line in unit["lines"]:
            yield from (UUID(cause["task_id"]) for cause in line["causes"] if cause["task_id"])


def _find(session: Session, offices: Offices, finding: Mapping[str, Any]) -> None:
    told = {name: str(value) for name, value in finding.items()}
    request = FindingRequest().load(told)
    record_finding(session, offices.actor("督查员"), offices.clock, request=request)


def test_links_name_only_tasks_that_the_reader_may_open(offices: Offices) -> None:
    task_id = offices.showing()
    instruction: dict[str, Any] = {
        "title": "核查经费使用",
        "content": "",
        "urgency": "",
        "lead": None,
        "assistants": [],
    }
    _, new = offices.do("close", task_id, "市领导", agreed=True, instruction=instruction)
    document = Origin(system="documents", kind="dispatch", id=new_id(), title="复函", number="1号", link="/")
    with offices.session() as session:
        desk = Desk(session, offices.system, offices.clock, task=session.get_one(Task, task_id))
        add_link(desk, kind="reply", of=document)
    named = {}
    for name in ("督查员", "数据局承办"):
        with offices.session() as session:
            shown = show_task(session, offices.actor(name), task_id, now=offices.clock.now())
            named[name] = {link.item_id for link in shown["links"]}
    assert named == {"督查员": {new.id, document.id}, "数据局承办": {document.id}}
