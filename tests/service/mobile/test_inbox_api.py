"""The inbox over HTTP, and a box as a spreadsheet."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from shared.ids import new_id
from shared.permissions import Permission
from tests.service.mobile.office import NOW, Office, completed, doer, opened, subject
from tests.support.api import RunningApi, a_person


@pytest.fixture
def office(api: RunningApi) -> Office:
    return Office(api.database)


def test_the_inbox_is_closed_to_whoever_is_not_signed_in(api: RunningApi) -> None:
    for path in ("/inbox", "/inbox/counts", f"/inbox/{new_id()}", "/inbox/export", "/stream", "/trace"):
        assert api.get(path).status_code == 401


def test_the_inbox_needs_its_permission(api: RunningApi) -> None:
    answer = api.get("/inbox", a_person(Permission.ARCHIVES_READ))
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.missing_permission")


def test_an_item_of_others_is_not_found(api: RunningApi, office: Office) -> None:
    item = opened(office.person().post_id)
    office.tell(item)
    answer = api.get(f"/inbox/{item.work_item_id}", office.person("外人"))
    assert (answer.status_code, answer.json()["code"]) == (404, "mobile.item_not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("box=all", "box"),
        ("after=nonsense", "after"),
        ("limit=0", "limit"),
        ("post_id=7", "post_id"),
        ("overdue=perhaps", "overdue"),
        ("colour=red", "colour"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(
    api: RunningApi, office: Office, query: str, field: str
) -> None:
    answer = api.get(f"/inbox?{query}", office.person())
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_the_inbox_over_http(api: RunningApi, office: Office) -> None:
    absent, person = office.person("张三"), office.person("王明")
    office.delegate(absent, person)
    mine = opened(person.post_id, subject(title="关于防汛工作的通知"), deadline=NOW - timedelta(hours=2))
    theirs = opened(absent.post_id)
    office.tell(mine, theirs)
    first = api.get("/inbox?limit=1", person).json()
    second = api.get("/inbox", person, params={"limit": 1, "after": first["next"]}).json()
    assert second["next"] is None
    found = {row["id"]: row for row in first["items"] + second["items"]}
    assert set(found) == {str(mine.work_item_id), str(theirs.work_item_id)}
    assert found[str(mine.work_item_id)]["overdue"] is True
    assert found[str(mine.work_item_id)]["on_behalf_of"] is None
    assert found[str(theirs.work_item_id)]["on_behalf_of"]["person_name"] == "张三"
    counts = api.get("/inbox/counts", person).json()
    assert counts == {"todo": 2, "to_read": 0, "done": 0, "read": 0, "started": 0, "overdue": 1}
    assert api.get("/inbox/counts?q=防汛", person).json()["todo"] == 1
    assert api.get(f"/inbox/{theirs.work_item_id}", person).json()["state_label"] == "待处理"


def test_a_box_is_exported_as_a_spreadsheet(api: RunningApi, office: Office) -> None:
    person = office.person()
    for title in ("关于防汛工作的通知", '=HYPERLINK("http://x.invalid")'):
        office.tell(opened(person.post_id, subject(title=title)))
    done = opened(person.post_id, subject(title="已办的通知"))
    office.tell(done, completed(done, doer(person)))
    answer = api.get("/inbox/export?box=todo", person)
    assert answer.status_code == 200
    assert quote("待办") in answer.headers["Content-Disposition"]
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows())  # type: ignore[union-attr]
    assert rows[0][0].value == "标题"
    titles = {row[0].value: row[0].data_type for row in rows[1:]}
    assert titles == {"关于防汛工作的通知": "s", '=HYPERLINK("http://x.invalid")': "s"}
    done_rows = load_workbook(BytesIO(api.get("/inbox/export?box=done", person).content)).active
    assert [row[0].value for row in done_rows.iter_rows(min_row=2)] == ["已办的通知"]  # type: ignore[union-attr]


def test_the_phone_page_may_run_its_own_script_only(api: RunningApi) -> None:
    answer = api.get("/app")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", answer.text, re.DOTALL)
    digests = [b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in inline]
    assert re.findall(r"'sha256-([^']+)'", policy) == digests[1:] + digests[:1]
    assert re.findall(r"(?:src|href)=\"", answer.text) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", answer.text) == []


def test_the_phone_page_carries_a_table_for_every_system_that_gives_work(api: RunningApi) -> None:
    blocks = re.findall(
        r'<script type="application/json" data-system="(\w+)">(.*?)</script>', api.get("/app").text, re.DOTALL
    )
    tables = {system: json.loads(text) for system, text in blocks}
    assert set(tables) == {"affairs", "documents", "meetings", "supervision"}
    assert all(table["subjects"] for table in tables.values())


def test_what_a_person_has_to_do_about_one_matter(api: RunningApi, office: Office) -> None:
    person = office.person()
    mine, other = opened(person.post_id), opened(person.post_id)
    office.tell(mine, other)
    asked = {"subject_id": str(mine.subject_of_work.id)}
    (row,) = api.get("/inbox", person, params=asked).json()["items"]
    assert (row["id"], row["step_id"]) == (str(mine.work_item_id), mine.step_id)
    assert api.get("/inbox/counts", person, params=asked).json()["todo"] == 1


def test_the_description_names_every_route(api: RunningApi) -> None:
    described = api.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/app",
        "/audit",
        "/audit/check",
        "/figures",
        "/figures/page",
        "/figures/{code}",
        "/figures/{code}/chart",
        "/figures/{code}/items",
        "/figures/{code}/items/export",
        "/inbox",
        "/inbox/counts",
        "/inbox/export",
        "/inbox/{item_id}",
        "/stream",
        "/trace",
        "/trace/{subject_id}",
    }
