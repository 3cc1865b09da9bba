"""The catalogue: drafts, versions from a day on, withdrawal, forms that are checked themselves, flows."""

from datetime import timedelta
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from services.affairs.commands.matters import edit_matter, publish_matter, withdraw_matter
from services.affairs.queries.matters import find_in_force, get_matter, list_high_frequency, list_matters
from services.identity.domain.roles import Role
from shared.errors import Problem
from tests.service.affairs.desk import Desk
from tests.service.affairs.offices import APPLICANT, ELSEWHERE, Offices

DAY = timedelta(days=1)
SIMPLE = (files("services.affairs") / "flows" / "case-simple.bpmn").read_bytes()


def test_a_version_is_in_force_from_its_day_on(offices: Offices) -> None:
    matter_id = offices.matter()
    today = offices.clock.today()
    later = today + timedelta(days=10)
    actor = offices.actor("人社主任")
    with offices.session() as session:
        edit_matter(
            session,
            actor,
            offices.clock,
            matter_id=matter_id,
            content=offices.content(promised_days=3, name="新名称"),
        )
        publish_matter(session, actor, offices.clock, matter_id=matter_id, effective_on=later)
    with offices.session() as session:
        matter = get_matter(session, matter_id)
        in_force = {day: find_in_force(session, matter, day) for day in (today, later)}
    assert {day: version and version.number for day, version in in_force.items()} == {today: 1, later: 2}
    case_id = offices.apply(matter_id)
    offices.later(days=10)
    offices.accept(case_id)
    assert offices.case(case_id).promised_days == 5


def test_what_was_published_last_is_in_force_though_an_earlier_version_was_planned(offices: Offices) -> None:
    matter_id, actor, today = offices.matter(), offices.actor("人社主任"), offices.clock.today()
    planned = today + timedelta(days=10)
    for day in (planned, today):
        with offices.session() as session:
            edit_matter(session, actor, offices.clock, matter_id=matter_id, content=offices.content())
            publish_matter(session, actor, offices.clock, matter_id=matter_id, effective_on=day)
    with offices.session() as session:
        matter = get_matter(session, matter_id)
        in_force = [find_in_force(session, matter, day) for day in (today, planned, planned + DAY)]
        listed = list_matters(session, query={"code": matter.code}, day=planned, limit=2)
    assert [version and version.number for version in in_force] == [3, 3, 3]
    assert [row["version"] for row in listed] == [3]


def test_nothing_is_applied_for_that_is_withdrawn_and_cases_go_on(offices: Offices) -> None:
    matter_id = offices.matter()
    case_id = offices.apply(matter_id)
    with offices.session() as session:
        withdraw_matter(
            session,
            offices.actor("人社主任"),
            offices.clock,
            matter_id=matter_id,
            reason="设定依据已废止",
            effective_on=None,
        )
    with pytest.raises(Problem, match="not_in_force"):
        offices.apply(matter_id)
    offices.accept(case_id)


def test_the_first_of_an_organ_are_high_frequency(offices: Offices) -> None:
    matters = [offices.matter() for _ in range(7)]
    for place, matter_id in enumerate(matters):
        for _ in range(place):
            offices.apply(matter_id)
    with offices.session() as session:
        frequent = list_high_frequency(session, day=offices.clock.today(), unit_ids=[offices.units["人社"]])
    assert frequent == set(matters[2:])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form": {"type": "array"}}, "form.type"),
        (
            {"form": {"type": "object", "properties": {"a": {"$ref": "https://example.com/x"}}}},
            "form.properties.a.$ref",
        ),
        ({"form": {"type": "object", "properties": {"a": {"type": "text"}}}}, "form.properties.a.type"),
        (
            {"form": {"type": "object", "properties": {"a": {"pattern": "(a+)+b"}}}},
            "form.properties.a.pattern",
        ),
        ({"form": {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}}, "form.$schema"),
        ({"promised_days": 30}, "promised_days"),
        ({"instant": True}, "promised_days"),
        ({"confidential": True}, "channels"),
        ({"result_code": ""}, "result_code"),
        ({"flow_key": "case-none"}, "flow_key"),
        ({"materials": [{"code": "A", "name": "甲"}, {"code": "A", "name": "乙"}]}, "materials"),
    ],
)
def test_what_contradicts_itself_is_told_by_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    body = {"code": "RS-BAD", **desk.content(**changes)}
    answer = desk.ask("人社主任", "POST", "/matters", json=body)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]


def test_an_organ_keeps_its_own_matters(desk: Desk) -> None:
    assert desk.refused(APPLICANT, "POST", "/matters", json={})[1] == "auth.missing_permission"
    drafted = desk.post(
        "人社主任", "/matters", status=201, code="RS-0100", **desk.content(name="草拟中的事项")
    )
    path = f"/matters/{drafted['id']}"
    assert desk.refused(ELSEWHERE, "GET", path)[0] == 404
    assert desk.get("人社主任", path)["state"] == "draft"
    again = {"code": "RS-0100", **desk.content()}
    assert desk.refused("人社主任", "POST", "/matters", json=again) == (409, "affairs.code_taken")
    edited = desk.ask("人社主任", "PUT", path, json=desk.content(), headers={"If-Match": '"1"'})
    assert edited.json()["revision"] == 2
    stale = desk.ask("人社主任", "PUT", path, json=desk.content(), headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "affairs.changed_meanwhile")
    past = {"effective_on": "2020-01-01"}
    assert desk.refused("人社主任", "POST", f"{path}/publish", json=past)[1] == "affairs.publish_in_past"
    assert desk.post("人社主任", f"{path}/publish")["state"] == "published"
    assert desk.refused("人社主任", "POST", f"{path}/publish", json={})[1] == "affairs.no_draft"
    assert desk.get(ELSEWHERE, f"{path}/versions")["items"][0]["in_force"] is True


def test_the_catalogue_is_searched_and_exported(desk: Desk) -> None:
    desk.matter("RS-0200", name="公务员年度考核备案", basis=["公务员考核规定"])
    found = desk.get(APPLICANT, "/matters", params={"q": "年度考核"})["items"]
    assert [row["code"] for row in found] == ["RS-0200"]
    book = desk.ask(APPLICANT, "GET", "/matters/export", params={"q": "年度考核"})
    rows = list(load_workbook(BytesIO(book.content)).worksheets[0].values)
    assert (rows[0][0], rows[1][0]) == ("事项编码", "RS-0200")


def test_a_flow_must_end_with_the_decision(desk: Desk) -> None:
    desk.offices.people["管理员"] = desk.offices.people.get("管理员") or _administrator(desk)
    wrong = SIMPLE.replace(b'value="refuse"', b'value="deny"')
    answer = desk.ask("管理员", "POST", "/flows", files={"file": ("流程.bpmn", wrong)})
    assert (answer.status_code, answer.json()["code"]) == (422, "affairs.flow_lacks_decision")
    other = SIMPLE.replace(b"case-simple", b"case-special")
    answer = desk.ask("管理员", "POST", "/flows", files={"file": ("流程.bpmn", other)})
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    assert desk.ask(APPLICANT, "GET", "/flows/case-special").content == other
    assert desk.refused(APPLICANT, "POST", "/flows", files={"file": ("流程.bpmn", other)})[0] == 403


def _administrator(desk: Desk) -> Any:
    with desk.offices.session() as session:
        units = desk.offices.units
        everywhere = list(units.values())
        return desk.offices.post(
            session, "管理员", units["人社"], Role.SYSTEM_ADMINISTRATOR, scope=everywhere
        )
