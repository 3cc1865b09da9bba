"""A case over HTTP: what its people can do, what others cannot see, what anybody may verify."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from asn1crypto import x509
from asn1crypto.pem import unarmor
from openpyxl import load_workbook
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.affairs.commands.seal import renew_seal_key
from shared.auth import Actor
from shared.ids import new_id
from tests.service.affairs.desk import Desk
from tests.service.affairs.offices import ACTING, APPLICANT, DECIDER, ELSEWHERE, HANDLER, SECRET, WINDOW


@pytest.fixture(scope="module")
def matter(desk: Desk) -> dict[str, Any]:
    return desk.matter("RS-0001", flow_key="case-joint", joint=desk.offices.joint(ACTING))


def test_a_case_goes_all_the_way(desk: Desk, matter: dict[str, Any]) -> None:
    case = desk.apply(matter["id"])
    assert (case["state"], case["state_label"], len(case["fields"])) == ("checking", "待受理", 1)
    case_id = case["id"]
    desk.post(WINDOW, f"/cases/{case_id}/accept", opinion="材料齐全")
    form = desk.get(HANDLER, f"/cases/{case_id}/items/{desk.item(HANDLER, case_id, 'handle')}/form")
    assert [step["step_id"] for step in form["coming"]] == ["decide"]
    desk.do(HANDLER, case_id, "handle", opinion="拟同意")
    desk.do(ACTING, case_id, "joint", outcome="agree", opinion="经费已落实")
    done = desk.do(DECIDER, case_id, "decide", outcome="grant", opinion="同意调动")
    assert (done["state"], done["result"]["name"]) == ("delivered", "调动批复")
    pdf = desk.ask(APPLICANT, "GET", f"/cases/{case_id}/result")
    assert pdf.content.startswith(b"%PDF")
    assert desk.post(APPLICANT, f"/cases/{case_id}/rate", score=5)["state"] == "concluded"
    steps = [act["verb"] for act in desk.get(APPLICANT, f"/cases/{case_id}/history")["items"]]
    assert steps[0] == "apply"
    assert steps[-1] == "conclude"
    assert desk.ask(APPLICANT, "GET", f"/cases/{case_id}/diagram").content.startswith(b"<svg")


def test_the_same_application_sent_twice_is_one_case(desk: Desk, matter: dict[str, Any]) -> None:
    body, headers = desk.application(matter["id"]), {"Idempotency-Key": "twice"}
    answers = [desk.ask(APPLICANT, "POST", "/cases", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_others_do_not_know_of_a_case(desk: Desk, matter: dict[str, Any]) -> None:
    case_id = desk.apply(matter["id"])["id"]
    for stranger in (ELSEWHERE, "统计文书", "教育同事", ACTING, HANDLER.replace("承办", "领导")):
        assert desk.refused(stranger, "GET", f"/cases/{case_id}") == (404, "affairs.case_not_found")
    for knows in (APPLICANT, "教育文书", WINDOW):
        assert desk.get(knows, f"/cases/{case_id}")["id"] == case_id
    assert desk.refused("", "GET", f"/cases/{case_id}")[0] == 401
    assert desk.refused("教育文书", "POST", f"/cases/{case_id}/accept", json={}) == (
        403,
        "flow.item_not_yours",
    )
    listed = [row["id"] for row in desk.get(ELSEWHERE, "/cases")["items"]]
    assert case_id not in listed
    file_id = desk.get(APPLICANT, f"/cases/{case_id}")["materials"][0]["file_id"]
    assert desk.refused(ELSEWHERE, "GET", f"/files/{file_id}/content")[0] == 404


def test_results_of_before_and_after_a_renewal_are_verified(desk: Desk, matter: dict[str, Any]) -> None:
    prints = []
    for _ in range(2):
        case_id = desk.accepted(matter["id"])
        desk.do(HANDLER, case_id, "handle")
        desk.do(ACTING, case_id, "joint", outcome="agree")
        code = desk.do(DECIDER, case_id, "decide", outcome="grant")["result"]["code"]
        pdf = desk.ask(APPLICANT, "GET", f"/cases/{case_id}/result").content
        prints.append((code, pdf))
        with desk.offices.session() as session:
            renew_seal_key(session, Actor.system(new_id()), desk.offices.clock, secret_key=SECRET)
    known = {row["sha256"]: row for row in desk.get(APPLICANT, "/seal/certificates")["items"]}
    for code, pdf in prints:
        shown = desk.get("", f"/results/{code}/verify")
        certificate = known[shown["certificate_sha256"]]
        assert (shown["valid"], certificate["active"]) == (True, False)
        pem = desk.ask(APPLICANT, "GET", f"/seal/certificates/{certificate['id']}").content
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        trusted = ValidationContext(trust_roots=[x509.Certificate.load(unarmor(pem)[2])])
        assert validate_pdf_signature(signature, trusted).bottom_line
    assert [row["active"] for row in known.values()].count(True) == 1
    missing = desk.ask(APPLICANT, "GET", f"/seal/certificates/{new_id()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "affairs.seal_key_not_found")


def test_anybody_verifies_a_result_and_learns_no_more(desk: Desk, matter: dict[str, Any]) -> None:
    case_id = desk.accepted(matter["id"])
    desk.do(HANDLER, case_id, "handle")
    desk.do(ACTING, case_id, "joint", outcome="agree")
    result = desk.do(DECIDER, case_id, "decide", outcome="grant")["result"]
    shown = desk.get("", f"/results/{result['code']}/verify")
    assert set(shown) == {
        "number", "matter", "name", "granted", "organ", "issued_at", "valid", "revoked_at", "pdf_sha256",
        "certificate_sha256",
    }  # fmt: skip
    assert (shown["number"], shown["valid"]) == (result["number"], True)
    assert (shown["name"], shown["granted"]) == ("调动批复", True)
    assert len(result["code"]) >= 40
    codes = {desk.ask("", "GET", f"/results/{new_id()}/verify").status_code for _ in range(40)}
    assert codes == {404, 429}
    certificate = desk.ask(APPLICANT, "GET", "/seal/certificate")
    assert certificate.content.startswith(b"-----BEGIN CERTIFICATE")


def test_files_are_told_by_their_content(desk: Desk, matter: dict[str, Any]) -> None:
    for file in (("脚本.pdf", b"MZ" + bytes(50)), ("压缩.docx", b"PK\x05\x06" + bytes(18))):
        answer = desk.ask(APPLICANT, "POST", "/files", files={"file": file})
        assert (answer.status_code, answer.json()["code"]) == (415, "affairs.file_refused")
    used = desk.application(matter["id"])
    desk.post(APPLICANT, "/cases", status=201, **used)
    assert desk.refused(APPLICANT, "POST", "/cases", json=used) == (409, "affairs.file_in_use")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"form": "李娟"}, (422, "web.fields_invalid")),
        ({"form": {}}, (422, "affairs.application_invalid")),
        ({"channel": "fax"}, (422, "web.fields_invalid")),
        ({"channel": "window"}, (403, "auth.missing_permission")),
        ({"delivery": "window"}, (422, "affairs.delivery_unknown")),
        ({"materials": [{"code": "M9"}]}, (422, "affairs.application_invalid")),
        ({"matter_id": str(UUID(int=7))}, (404, "affairs.matter_not_found")),
    ],
)
def test_a_bad_application_is_refused(
    desk: Desk, matter: dict[str, Any], changes: dict[str, Any], refused: tuple[int, str]
) -> None:
    body = {**desk.application(matter["id"]), **changes}
    assert desk.refused(APPLICANT, "POST", "/cases", json=body) == refused


@pytest.mark.parametrize("score", [0, 6, "好", None])
def test_a_rating_is_from_one_to_five(desk: Desk, matter: dict[str, Any], score: Any) -> None:
    case_id = desk.apply(matter["id"])["id"]
    refused = desk.refused(APPLICANT, "POST", f"/cases/{case_id}/rate", json={"score": score})
    assert refused == (422, "web.fields_invalid")


def test_cases_are_listed_by_pages_and_exported(desk: Desk, matter: dict[str, Any]) -> None:
    for _ in range(3):
        desk.apply(matter["id"])
    first = desk.get(WINDOW, "/cases", params={"limit": 2, "state": "checking"})
    second = desk.get(WINDOW, "/cases", params={"limit": 2, "state": "checking", "after": first["next"]})
    ids = [row["id"] for row in first["items"] + second["items"]]
    assert ids == sorted(set(ids), reverse=True)
    number = first["items"][0]["number"]
    found = desk.get(WINDOW, "/cases", params={"q": number})["items"]
    assert [row["number"] for row in found] == [number]
    book = desk.ask(WINDOW, "GET", "/cases/export", params={"q": number})
    rows = list(load_workbook(BytesIO(book.content)).worksheets[0].values)
    assert rows[1][0] == number


def test_an_item_is_handed_over_within_the_organ_only(desk: Desk, matter: dict[str, Any]) -> None:
    case_id = desk.apply(matter["id"])["id"]
    item = desk.item(WINDOW, case_id, "check")
    items = desk.get(WINDOW, f"/cases/{case_id}/items")["items"]
    own = next(row["id"] for row in items if row["post_id"] == str(desk.offices.post_id(WINDOW)))
    assert item
    path = f"/cases/{case_id}/items/{own}/transfer"
    outside = {"to_post_id": str(desk.offices.post_id(ELSEWHERE))}
    assert desk.refused(WINDOW, "POST", path, json=outside)[0] == 422
    complete = f"/cases/{case_id}/items/{own}/complete"
    assert desk.refused(WINDOW, "POST", complete, json={}) == (409, "affairs.step_has_its_own_way")
    desk.post(WINDOW, path, to_post_id=str(desk.offices.post_id(DECIDER)))
    assert desk.get(DECIDER, f"/cases/{case_id}")["id"] == case_id
