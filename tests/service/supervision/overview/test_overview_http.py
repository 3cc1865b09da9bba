"""Board and assessment over HTTP: who may ask, and what comes back."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.service.supervision.desk import Desk
from tests.service.supervision.offices import MONDAY


@pytest.fixture
def late(desk: Desk) -> str:
    """A task that is late, and its id."""
    desk.offices.clock.at = MONDAY
    task_id: str = desk.register(title="推进政务数据共享")["id"]
    desk.do("督查员", task_id, "propose")
    desk.do("市领导", task_id, "approve")
    desk.do("督查员", task_id, "assign")
    desk.do("数据局承办", task_id, "sign-for")
    desk.offices.at(2026, 11, 18)
    desk.offices.watch()
    return task_id


def board(desk: Desk, path: str = "", **query: Any) -> Any:
    return desk.get("督查员", f"/board{path}", params=query)


@pytest.mark.parametrize(
    "path",
    [
        "/board",
        "/board/late",
        "/board/bulletin",
        "/assessments/preview?period_from=2026-01-01&period_to=2026-01-02",
    ],
)
def test_who_is_not_signed_in_or_not_a_supervisor_is_refused(desk: Desk, path: str) -> None:
    assert desk.ask("", "GET", path).status_code == 401
    answer = desk.ask("数据局承办", "GET", path)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.missing_permission")


def test_the_board_follows_a_task_from_the_verb_that_changed_it(desk: Desk, late: str) -> None:
    unit = str(desk.offices.units["数据局"])
    shown = board(desk, lead_unit_id=unit)
    rows = board(desk, "/late", lead_unit_id=unit, limit=200)["items"]
    assert shown["total"]["red"] == len(rows) >= 1
    row = next(row for row in rows if row["id"] == late)
    assert row["late_days"] == 2
    assert [(holder["step"], "数据局承办" in holder["name"]) for holder in row["holders"]] == [("承办", True)]
    desk.do("数据局承办", late, "ask-closure", conclusion="已完成。")
    desk.do("督查员", late, "review", passed=True)
    desk.do("市领导", late, "close", agreed=True)
    after = board(desk, lead_unit_id=unit)["total"]
    assert (after["red"], after["done"]) == (shown["total"]["red"] - 1, shown["total"]["done"] + 1)


def test_a_board_is_handed_out_as_workbook_picture_and_bulletin(desk: Desk, late: str) -> None:
    book = desk.ask("督查员", "GET", "/board/late/export")
    titles = [row[1] for row in load_workbook(BytesIO(book.content)).worksheets[0].values]
    assert "推进政务数据共享" in titles
    assert (
        load_workbook(BytesIO(desk.ask("督查员", "GET", "/board/export").content)).worksheets[0].max_row > 1
    )
    picture = desk.ask("督查员", "GET", "/board/picture")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    bulletin = desk.ask("督查员", "GET", "/board/bulletin", params={"month_from": "2026-11"})
    assert "督查通报" in PdfReader(BytesIO(bulletin.content)).pages[0].extract_text()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"month_from": "2026-13"}, "month_from"),
        ({"month_from": "2026-05", "month_to": "2026-04"}, "month_to"),
        ({"light": "blue"}, "light"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(desk: Desk, query: dict[str, str], field: str) -> None:
    answer = desk.ask("督查员", "GET", "/board", params=query)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_from_publication_over_appeal_to_correction(desk: Desk, late: str) -> None:
    desk.offices.at(2026, 12, 1)
    period = {"period_from": "2026-11-01", "period_to": "2026-11-30"}
    unit = str(desk.offices.units["数据局"])
    preview = desk.get("督查员", "/assessments/preview", params={**period, "as_of": "2026-11-20"})
    assert next(one for one in preview["units"] if one["unit_id"] == unit)["score"] < 100
    answer = desk.ask("督查员", "POST", "/assessments", json={**period, "title": "2026年11月督查考核"})
    assert answer.status_code == 201, answer.text
    assessment = f"/assessments/{answer.json()['id']}"
    assert desk.get("督查员", f"{assessment}/recomputed")["equal"] is True
    score = desk.get("数据局领导", f"{assessment}/units/{unit}")
    request = {"unit_id": unit, "reason": "情况特殊", "line_keys": [score["lines"][0]["key"]]}
    made = desk.ask("数据局领导", "POST", f"{assessment}/appeals", json=request)
    assert made.status_code == 201, made.text
    appeal = f"/appeals/{made.json()['id']}"
    proof = {"file": ("说明.txt", "情况说明".encode(), "text/plain")}
    kept = desk.ask("数据局领导", "POST", f"{appeal}/files", files=proof)
    content = desk.ask("督查员", "GET", f"{appeal}/files/{kept.json()['id']}/content")
    assert content.content.decode() == "情况说明"
    assert desk.ask("财政局承办", "GET", appeal).status_code == 404
    answer_to = {"accepted": True, "answer": "属实", "points": 1.5}
    decided = desk.ask("督查员", "POST", f"{appeal}/decide", json=answer_to)
    assert decided.json()["state_label"] == "已采纳", decided.text
    now = desk.get("数据局领导", f"{assessment}/units/{unit}")
    assert now["final_score"] == score["final_score"] + 1.5
    assert now["corrections"][0]["appeal_id"] == made.json()["id"]
    assert desk.ask("督查员", "GET", f"{assessment}/export").content.startswith(b"PK")
    assert desk.get("数据局领导", "/assessments")["items"][0]["title"] == "2026年11月督查考核"


def test_a_rule_that_scores_traces_is_refused(desk: Desk) -> None:
    rows = [{"code": "report_empty", "title": "拍照留痕不全", "points": 5}]
    value = {"base": 100, "plan_days": 15, "appeal_half_days": 10, "rows": rows}
    actor = desk.offices.people["督查员"]
    own = {"unit_id": str(actor.unit_id)}
    request = {**own, "valid_from": "2026-11-02", "value": value, "reason": "试行"}
    rules = "supervision.rules.manage"
    desk.offices.people["督查员"] = type(actor)(**{**vars(actor), "permissions": actor.permissions | {rules}})
    try:
        answer = desk.ask("督查员", "POST", "/local-rules/scoring/versions", json=request)
    finally:
        desk.offices.people["督查员"] = actor
    assert answer.status_code == 422
    assert "拍照" in answer.text
