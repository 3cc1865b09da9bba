"""A bundle is applied for at the window too, for somebody who came; that they came is noted."""

from typing import Any
from uuid import UUID

import pytest

from services.affairs.commands import bundle_check, departments
from services.affairs.commands.materials import waive_material
from shared.errors import Problem
from shared.ids import new_id
from tests.service.affairs.bundle_desk import BundleOffices
from tests.service.affairs.desk import Desk
from tests.service.affairs.offices import APPLICANT, ELSEWHERE, HANDLER, WINDOW, Offices


@pytest.fixture
def bundle(offices: Offices) -> BundleOffices:
    return BundleOffices.open(offices)


def _came(offices: Offices) -> dict[str, Any]:
    return {"channel": "window", "applicant_post_id": str(offices.post_id(APPLICANT))}


@pytest.mark.parametrize("by", [APPLICANT, "财政领导", HANDLER.replace("承办", "领导"), "教育文书"])
def test_only_who_takes_the_bundle_in_applies_for_others(bundle: BundleOffices, by: str) -> None:
    with pytest.raises(Problem, match=r"affairs\.not_at_intake"):
        bundle.apply(by=by, **_came(bundle.offices))


def test_the_window_names_who_came(bundle: BundleOffices) -> None:
    with pytest.raises(Problem) as refused:
        bundle.apply(by=WINDOW, channel="window")
    assert list(refused.value.errors) == ["applicant_post_id"]


def test_the_window_applies_for_who_came_and_notes_the_visit(bundle: BundleOffices) -> None:
    offices = bundle.offices
    application_id = bundle.apply(by=WINDOW, **_came(offices))
    row = bundle.row(application_id)
    assert (row.channel, row.applicant_name, row.applicant_post_id, row.applicant_person_id) == (
        "window",
        APPLICANT,
        offices.post_id(APPLICANT),
        offices.people[APPLICANT].person_id,
    )
    cases = [offices.case(part["case_id"]) for part in bundle.show(application_id)["parts"]]
    assert {(case.channel, case.trips, case.applicant_name) for case in cases} == {("window", 1, APPLICANT)}
    for case in cases:
        told = offices.told(case.id, "case.applied.v1", "case.trip_made.v1")
        assert [(event.get("channel"), event.get("reason")) for event in told] == [
            ("window", None),
            (None, "到窗口申请"),
        ]
    bundle.accept(application_id)
    for short in ("人社", "编制", "财政"):
        bundle.decide(application_id, short)
    assert bundle.row(application_id).state == "finished"


def test_a_completion_does_not_wait_for_what_a_department_declined_meanwhile(offices: Offices) -> None:
    unit_id = str(offices.units["编制"])
    asked = {"code": "D", "name": "核定表", "provided_by": "department", "department_unit_id": unit_id}
    shared = {"code": "A", "name": "调动申请表"}
    bundle = BundleOffices.open(offices, materials={"人社": [shared, asked]})
    application_id = bundle.apply()
    case_id = bundle.part(application_id, "人社")["case_id"]
    missing = [{"kind": "material", "key": "调动申请表", "text": "没有盖章"}]
    bundle.run(bundle_check.ask_bundle_completion, WINDOW, application_id, missing=missing)
    offices.answer(departments.decline_material, "编制承办", case_id, "D", reason="无此核定")
    given = [{"key": "调动申请表", "file_id": UUID(offices.file())}]
    bundle.run(bundle_check.complete_bundle, APPLICANT, application_id, materials=given)
    with pytest.raises(Problem, match=r"affairs\.bundle_still_missing"):
        bundle.accept(application_id)
    offices.run(waive_material, WINDOW, case_id, code="D", reason="不影响办理")
    bundle.accept(application_id)
    assert bundle.states(application_id)["人社"] == "handling"


def test_who_applied_online_made_no_trip(bundle: BundleOffices) -> None:
    application_id = bundle.apply()
    assert bundle.row(application_id).channel == "web"
    parts = bundle.show(application_id)["parts"]
    assert {bundle.offices.case(part["case_id"]).trips for part in parts} == {0}


def test_a_bundle_with_an_online_matter_is_not_taken_at_the_window(bundle: BundleOffices) -> None:
    offices = bundle.offices
    online = offices.matter(channels=["web"], materials=[])
    parts = [{"matter_id": str(online)}, {"matter_id": str(bundle.matters["编制"])}]
    bundle.bundle_id = bundle.define(parts=parts)
    with pytest.raises(Problem, match=r"affairs\.bundle_not_this_way"):
        bundle.apply(by=WINDOW, **_came(offices), form={"name": "李娟"})


def test_the_window_opens_the_form_for_who_came_and_applies_over_http(desk: Desk) -> None:
    matters = [desk.matter(f"YJ-{new_id().hex[-8:]}", materials=[]) for _ in range(2)]
    parts = [{"matter_id": matter["id"]} for matter in matters]
    code = new_id().hex[-12:]
    made = desk.post("人社主任", "/bundles", status=201, code=code, name="调动一件事", parts=parts)
    desk.post("人社主任", f"/bundles/{made['id']}/publish")
    came = str(desk.offices.post_id(APPLICANT))
    form = f"/bundles/{made['id']}/form"
    assert desk.get(WINDOW, form, params={"applicant_post_id": came})["bundle_id"] == made["id"]
    for stranger in (ELSEWHERE, "教育文书"):
        refused = desk.refused(stranger, "GET", form, params={"applicant_post_id": came})
        assert refused == (403, "affairs.not_at_intake")
    body = {
        "bundle_id": made["id"],
        "form": {"name": "李娟"},
        "channel": "window",
        "applicant_post_id": came,
    }
    assert desk.refused(ELSEWHERE, "POST", "/bundle-applications", json=body)[0] == 403
    applied = desk.post(WINDOW, "/bundle-applications", status=201, **body)
    assert (applied["channel"], applied["applicant_name"]) == ("window", APPLICANT)
    case_id = UUID(applied["parts"][0]["case_id"])
    assert desk.get(APPLICANT, f"/cases/{case_id}")["trip_list"][0]["reason"] == "到窗口申请"
