"""Bundles, prefilled forms, guides and report forms over HTTP."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.ids import new_id
from tests.service.affairs.desk import Desk
from tests.service.affairs.offices import APPLICANT, ELSEWHERE, HANDLER, WINDOW

KEEPER = "人社主任"


@pytest.fixture(scope="module")
def matters(desk: Desk) -> list[dict[str, Any]]:
    one = [{"code": "M1", "name": "一件事申请表"}]
    return [desk.matter(f"YJS-{at}-{new_id().hex[-6:]}", materials=one) for at in (1, 2)]


def test_a_matter_has_its_guide_as_page_and_pdf(desk: Desk, matters: list[dict[str, Any]]) -> None:
    path = f"/matters/{matters[0]['id']}/guide"
    page = desk.ask(APPLICANT, "GET", path)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "办事指南" in page.content.decode()
    assert desk.ask(APPLICANT, "GET", f"{path}.pdf", params={"version": 1}).content.startswith(b"%PDF")
    assert desk.refused("", "GET", path)[0] == 401
    assert desk.refused(APPLICANT, "GET", path, params={"version": 9})[0] == 404


def test_the_served_form_says_what_is_left_to_ask(desk: Desk, matters: list[dict[str, Any]]) -> None:
    shown = desk.get(APPLICANT, f"/matters/{matters[0]['id']}/form")
    assert (shown["fields_asked"], shown["materials_asked"]) == (2, 1)
    someone = {"applicant_post_id": str(desk.offices.post_id("教育同事"))}
    path = f"/matters/{matters[0]['id']}/form"
    assert desk.get(WINDOW, path, params=someone)["fields_asked"] == 2
    assert desk.refused(APPLICANT, "GET", path, params=someone)[0] == 403
    # A window of another organ has no business with what is held of this person.
    assert desk.refused("统计文书", "GET", path, params=someone) == (403, "affairs.not_at_window")
    assert desk.get("教育文书", "/known-documents")["items"] == []
    assert desk.refused(APPLICANT, "GET", "/known-documents")[0] == 403


def test_a_bundle_is_defined_applied_for_and_accepted(desk: Desk, matters: list[dict[str, Any]]) -> None:
    first, second = (matter["id"] for matter in matters)
    said = {
        "code": new_id().hex[-10:],
        "name": "调动一件事",
        "parts": [{"matter_id": first}, {"matter_id": second, "after": [first]}],
    }
    assert desk.refused(APPLICANT, "POST", "/bundles", json=said)[0] == 403
    bundle = desk.post(KEEPER, "/bundles", status=201, **said)
    assert (bundle["state"], bundle["may_manage"]) == ("draft", True)
    assert desk.refused(APPLICANT, "GET", f"/bundles/{bundle['id']}") == (404, "affairs.bundle_not_found")
    bundle = desk.ask(KEEPER, "POST", f"/bundles/{bundle['id']}/publish").json()
    assert (bundle["state"], bundle["promised_days"]) == ("published", 10)
    form = desk.get(APPLICANT, f"/bundles/{bundle['id']}/form")
    assert [row["saved"] for row in form["materials"]] == [1]
    body = {
        "bundle_id": bundle["id"],
        "form": {"name": "李娟"},
        "materials": [{"key": "一件事申请表", "file_id": desk.upload(APPLICANT)}],
    }
    made = desk.post(APPLICANT, "/bundle-applications", status=201, **body)
    path = f"/bundle-applications/{made['id']}"
    assert desk.refused(ELSEWHERE, "GET", path) == (404, "affairs.bundle_application_not_found")
    assert desk.get(WINDOW, path)["steps"] == ["check_bundle"]
    accepted = desk.post(WINDOW, f"{path}/accept", opinion="齐全")
    assert [part["state"] for part in accepted["parts"]] == ["handling", "waiting"]
    case_id = accepted["parts"][0]["case_id"]
    assert desk.get(HANDLER, f"/cases/{case_id}")["bundle_id"] == made["id"]
    assert desk.get(APPLICANT, "/bundle-applications")["items"][0]["id"] == made["id"]
    acts = desk.get(APPLICANT, f"{path}/history")["acts"]
    assert [act["verb_label"] for act in acts] == ["申请", "受理", "开始办理"]


def test_a_department_answers_over_http(desk: Desk) -> None:
    rule = {
        "code": "D",
        "name": f"核定表{new_id().hex[-6:]}",
        "provided_by": "department",
        "department_unit_id": str(desk.offices.units["统计"]),
        "note": "核定到人",
    }
    matter = desk.matter(f"BM-{new_id().hex[-6:]}", materials=[rule])
    body = {"matter_id": matter["id"], "form": {"name": "李娟"}}
    case = desk.post(APPLICANT, "/cases", status=201, **body)
    (row,) = case["materials"]
    path = f"/asked-materials/{row['id']}"
    asked = desk.get(ELSEWHERE, path)
    assert (asked["name"], asked["applicant_unit_name"], asked["applicant_name"], asked["note"]) == (
        rule["name"], "萍乡市教育局", APPLICANT, "核定到人"
    )  # fmt: skip
    assert desk.refused("教育同事", "GET", path) == (404, "affairs.asked_material_not_found")
    assert desk.refused(ELSEWHERE, "POST", f"{path}/provide", json={})[1] == "affairs.application_invalid"
    shown = desk.post(ELSEWHERE, f"{path}/provide", data="核定 12 名")
    assert (shown["state"], shown["given_by_name"]) == ("present", ELSEWHERE)
    assert desk.ask(ELSEWHERE, "GET", f"/files/{shown['files'][0]['file_id']}/content").text == "核定 12 名"


def test_who_is_asked_for_a_material_sees_nothing_else_of_the_case(desk: Desk) -> None:
    rule = {
        "code": "D",
        "name": "核定表",
        "provided_by": "department",
        "department_unit_id": str(desk.offices.units["统计"]),
    }
    matter = desk.matter(f"BM-{new_id().hex[-6:]}", materials=[{"code": "M1", "name": "申请表"}, rule])
    given = [{"code": "M1", "file_id": desk.upload(APPLICANT)}]
    case = desk.post(
        APPLICANT, "/cases", status=201, matter_id=matter["id"], form={"name": "李娟"}, materials=given
    )
    own, asked = case["materials"]
    path = f"/cases/{case['id']}"
    for part in ("", "/history", "/items", "/steps", "/diagram", "/result"):
        assert desk.refused(ELSEWHERE, "GET", path + part) == (404, "affairs.case_not_found")
    assert desk.refused(ELSEWHERE, "GET", f"/files/{own['file_id']}/content")[0] == 404
    assert case["id"] not in [row["id"] for row in desk.get(ELSEWHERE, "/cases")["items"]]
    assert desk.refused(ELSEWHERE, "GET", f"/asked-materials/{own['id']}")[0] == 404
    seen = desk.get(ELSEWHERE, f"/asked-materials/{asked['id']}")
    assert "李娟" not in str(seen)
    assert {"form", "materials", "contact", "reason"} & set(seen) == set()
    assert desk.get(WINDOW, f"/asked-materials/{asked['id']}") == seen
    refused = desk.refused(WINDOW, "POST", f"/asked-materials/{asked['id']}/decline", json={"reason": "无"})
    assert refused == (403, "flow.item_not_yours")


def test_a_report_form_is_proposed_and_read_over_http(desk: Desk) -> None:
    mark = new_id().hex[-8:]
    field = {"code": f"cars_{mark}", "name": f"公车数{mark}", "kind": "integer", "measure": "辆"}
    assert desk.refused(APPLICANT, "POST", "/report-fields", json=field)[0] == 403
    desk.post(KEEPER, "/report-fields", status=201, **field)
    assert [row["name"] for row in desk.get(APPLICANT, "/report-fields", params={"q": mark})["items"]] == [
        field["name"]
    ]
    asked: dict[str, Any] = {
        "fields": [{"code": field["code"]}],
        "unit_ids": [str(desk.offices.units["统计"])],
    }
    assert desk.post(KEEPER, "/report-forms/overlaps", **asked) == {"overlap": []}
    form = desk.post(KEEPER, "/report-forms", status=201, name=f"月报{mark}", period="month", **asked)
    assert (form["state_label"], form["units"][0]["unit_name"]) == ("执行中", "萍乡市统计局")
    assert desk.post(KEEPER, "/report-forms/overlaps", **asked)["overlap"][0]["field_code"] == field["code"]
    path = f"/report-forms/{form['id']}"
    assert desk.refused(KEEPER, "GET", f"{path}/data", params={"period": "2026Q4"})[0] == 422
    book = desk.ask(KEEPER, "GET", f"{path}/export", params={"period": "2026-11"})
    sheet = load_workbook(BytesIO(book.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][2] == f"{field['name']}（辆）"
    assert desk.get(ELSEWHERE, "/report-filings")["items"] == []
    assert desk.post(KEEPER, f"{path}/end", reason="不再需要")["state"] == "ended"
