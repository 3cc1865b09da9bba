"""Drafting over HTTP, changing what is in one's hands, and giving a draft up."""

from typing import Any

import pytest
import sqlalchemy as sa

from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.service.documents.desk import Desk


def test_drafting_needs_a_token(desk: Desk) -> None:
    assert desk.ask("", "POST", "/documents", json=desk.a_draft()).status_code == 401


def test_drafting_needs_the_permission(desk: Desk) -> None:
    refused = desk.ask("市签发", "POST", "/documents", json=desk.a_draft())
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.missing_permission")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "方案"}, "documents.rides_on_notice"),
        ({"kind": "便笺"}, "documents.unknown_kind"),
        ({"title": "关于某事的通知（机密）"}, "documents.secret_document"),
        ({"secrecy": "秘密★1年"}, "documents.secret_document"),
        ({"note": "机密★1年"}, "documents.secret_document"),
        ({"mark": ["机密★1年"]}, "documents.secret_document"),
        ({"present": ["张示例", "机密★1年"]}, "documents.secret_document"),
        ({"contact": {"name": "机密★1年", "phone": "0799-1"}}, "documents.secret_document"),
        ({"subject_class": "档案（秘密）"}, "documents.secret_document"),
        ({"body": ["机密★10年", "正文"]}, "documents.secret_document"),
        ({"issuing_code": "安府发"}, "documents.issuing_code_unknown"),
        ({"passed_on": "2199-01-01"}, "documents.passed_on_ahead"),
        ({"recipients": [{"unit_id": str(new_id())}]}, "directory.unit_unknown"),
        ({"co_issuers": [str(new_id())]}, "directory.unit_unknown"),
        ({"colour": "red"}, "web.fields_invalid"),
        ({"body": "不是列表"}, "web.fields_invalid"),
        ({"title": "  "}, "web.fields_invalid"),
        ({"recipients": [{"unit_id": 5}]}, "web.fields_invalid"),
        ({"facts": {"agreed": []}}, "web.fields_invalid"),
    ],
)
def test_a_wrong_draft_is_refused_with_the_reason(desk: Desk, changes: dict[str, Any], code: str) -> None:
    refused = desk.ask("市拟稿", "POST", "/documents", json=desk.a_draft(**changes))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["detail"]


def test_a_draft_is_not_put_on_a_chain_that_the_drafter_names(desk: Desk) -> None:
    theirs = str(desk.row(desk.draft()).correlation_id)
    drafted = desk.ask(
        "市拟稿", "POST", "/documents", json=desk.a_draft(), headers={"X-Correlation-Id": theirs}
    )
    assert drafted.headers["X-Correlation-Id"] == theirs
    assert drafted.json()["correlation_id"] != theirs
    own = desk.row(drafted.json()["id"]).correlation_id
    with desk.offices.session() as session:
        of_document = sa.select(OutboxEvent.correlation_id).where(OutboxEvent.subject == drafted.json()["id"])
        assert set(session.scalars(of_document)) == {own}


def test_a_draft_shows_its_elements_and_is_its_drafters_to_do(desk: Desk) -> None:
    document_id = desk.draft(urgency="加急", contact={"name": "李示例", "phone": "0799-1"})
    shown = desk.ask("市拟稿", "GET", f"/documents/{document_id}")
    document = shown.json()
    assert (document["state"], document["state_label"], document["urgency"]) == ("drafting", "起草", "加急")
    assert [to["name"] for to in document["elements"]["recipients"]] == ["安源区人民政府", "湘东区人民政府"]
    assert shown.headers["ETag"] == f'"{document["revision"]}"'
    form = desk.get(
        "市拟稿", f"/documents/{document_id}/items/{desk.item(document_id, 'draft', '市拟稿')}/form"
    )
    assert [step["step_id"] for step in form["coming"]] == ["review"]


@pytest.mark.parametrize(("kind", "form"), [("函", "letter"), ("纪要", "minutes"), ("通知", "document")])
def test_a_kind_brings_its_usual_layout(desk: Desk, kind: str, form: str) -> None:
    assert desk.row(desk.draft(kind=kind, title=f"某事{kind}")).form == form


def test_other_peoples_documents_do_not_exist(desk: Desk) -> None:
    document_id = desk.draft()
    for path in (
        "",
        "/items",
        "/history",
        "/versions",
        "/versions/1",
        "/receipts",
        "/findings",
        "/steps",
        "/diagram",
        "/preview",
    ):
        assert desk.ask("市核稿", "GET", f"/documents/{document_id}{path}").status_code == 404, path
    assert desk.ask("市核稿", "PATCH", f"/documents/{document_id}", json={}).status_code == 404


def test_changing_needs_a_token(desk: Desk) -> None:
    assert desk.ask("", "PATCH", f"/documents/{new_id()}", json={}).status_code == 401


def test_only_who_has_a_document_in_hand_changes_it(desk: Desk) -> None:
    document_id = desk.submitted()
    refused = desk.ask("市拟稿", "PATCH", f"/documents/{document_id}", json={"title": "另一个标题"})
    assert (refused.status_code, refused.json()["code"]) == (403, "documents.not_in_your_hands")
    assert "核稿" in refused.json()["detail"]
    changed = desk.ask(
        "市核稿",
        "PATCH",
        f"/documents/{document_id}",
        json={"version_note": "改了两处", "body": ["新的正文。"]},
    )
    assert changed.status_code == 200
    versions = desk.get("市拟稿", f"/documents/{document_id}/versions")["items"]
    assert [(each["number"], each["saved_by_name"], each["note"]) for each in versions] == [
        (1, "市拟稿", "起草"),
        (2, "市核稿", "改了两处"),
    ]
    assert not any("body" in each for each in versions)
    path = f"/documents/{document_id}/versions"
    assert desk.get("市拟稿", f"{path}/1")["body"] == desk.a_draft()["body"]
    assert desk.get("市拟稿", f"{path}/2")["body"] == ["新的正文。"]
    for number in (0, 3, 2**31 - 1):
        missing = desk.ask("市拟稿", "GET", f"{path}/{number}")
        assert (missing.status_code, missing.json()["code"]) == (404, "documents.version_not_found")
    assert desk.verbs("市拟稿", document_id)[-1] == "revise"


@pytest.mark.parametrize(("part", "key"), [("versions", "number"), ("history", "id"), ("items", "id")])
def test_what_grows_long_comes_page_by_page(desk: Desk, part: str, key: str) -> None:
    document_id = desk.submitted()
    path = f"/documents/{document_id}"
    for place in range(4):
        changed = desk.ask("市核稿", "PATCH", path, json={"body": [f"第{place}稿。"]})
        assert changed.status_code == 200
        copy = {"post_ids": [desk.post(("市拟稿", "市核稿", "市副职", "市签发")[place])]}
        assert desk.ask("市核稿", "POST", f"{path}/circulate", json=copy).status_code == 204
    whole = desk.get("市拟稿", f"{path}/{part}", params={"limit": 200})
    assert whole["next"] is None
    assert len(whole["items"]) > 4
    seen: list[Any] = []
    after = None
    while not seen or after:
        page = desk.get(
            "市拟稿", f"{path}/{part}", params={"limit": 2, **({"after": after} if after else {})}
        )
        assert len(page["items"]) <= 2
        seen += page["items"]
        after = page["next"]
    assert [each[key] for each in seen] == [each[key] for each in whole["items"]]
    wrong = desk.ask("市拟稿", "GET", f"{path}/{part}", params={"after": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "web.cursor_invalid")


def test_items_are_listed_by_status(desk: Desk) -> None:
    document_id = desk.submitted()
    path = f"/documents/{document_id}/items"
    for status, step in (("open", "review"), ("done", "draft")):
        items = desk.get("市拟稿", path, params={"status": status})["items"]
        assert [item["step_id"] for item in items] == [step]


def test_a_numbered_text_is_final(desk: Desk) -> None:
    document_id = desk.numbered()
    refused = desk.ask("市文书", "PATCH", f"/documents/{document_id}", json={"title": "另一个标题"})
    assert (refused.status_code, refused.json()["code"]) == (409, "documents.not_changeable")


def test_who_read_an_older_text_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    document_id = desk.draft()
    tag = desk.ask("市拟稿", "GET", f"/documents/{document_id}").headers["ETag"]
    path = f"/documents/{document_id}"
    first = desk.ask("市拟稿", "PATCH", path, json={"body": ["甲。"]}, headers={"If-Match": tag})
    assert first.status_code == 200
    late = desk.ask("市拟稿", "PATCH", path, json={"body": ["乙。"]}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "documents.changed_by_another")
    newest = desk.ask(
        "市拟稿", "PATCH", path, json={"body": ["丙。"]}, headers={"If-Match": first.headers["ETag"]}
    )
    assert newest.json()["body"] == ["丙。"]


def test_a_secret_change_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    document_id = desk.draft()
    refused = desk.ask("市拟稿", "PATCH", f"/documents/{document_id}", json={"body": ["绝密", "正文"]})
    assert refused.json()["code"] == "documents.secret_document"
    assert len(desk.get("市拟稿", f"/documents/{document_id}/versions")["items"]) == 1


def test_a_text_that_one_of_two_leaders_has_signed_is_not_changed_any_more(desk: Desk) -> None:
    document_id = desk.reviewed("市签发", "市副职")
    desk.complete(document_id, "sign", "市副职", outcome="agree")
    refused = desk.ask("市签发", "PATCH", f"/documents/{document_id}", json={"body": ["另一篇。"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "documents.partly_signed")


def test_a_change_after_signing_goes_back_to_who_signed(desk: Desk) -> None:
    document_id = desk.signed()
    desk.ask(
        "市文书", "PATCH", f"/documents/{document_id}", json={"body": ["改过的正文。"]}
    ).raise_for_status()
    item = desk.item(document_id, "check", "市文书")
    refused = desk.verb("市文书", document_id, item, "complete", {"outcome": "pass"})
    assert refused.status_code == 422
    assert "原签批人" in refused.text
    desk.complete(document_id, "check", "市文书", outcome="substantive", opinion="正文有改动")
    assert desk.state(document_id) == "approving"
    desk.complete(document_id, "sign", "市签发", outcome="agree", opinion="同意修改")
    desk.complete(document_id, "check", "市文书", outcome="pass")
    assert desk.state(document_id) == "registering"


def test_a_draft_is_abandoned_by_its_drafter_only(desk: Desk) -> None:
    document_id = desk.draft()
    assert (
        desk.ask("", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"}).status_code == 401
    )
    refused = desk.ask("市签发", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert refused.json()["code"] == "auth.missing_permission"
    refused = desk.ask("安源承办", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert refused.status_code == 404
    refused = desk.ask("市文书", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert (refused.status_code, refused.json()["code"]) == (403, "documents.only_the_drafter")
    assert (
        desk.ask("市拟稿", "POST", f"/documents/{document_id}/abandon", json={"reason": ""}).status_code
        == 422
    )
    given_up = desk.ask("市拟稿", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert given_up.json()["state"] == "abandoned"
    again = desk.ask("市拟稿", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert (again.status_code, again.json()["code"]) == (409, "documents.act_not_possible")


def test_a_submitted_draft_is_not_abandoned(desk: Desk) -> None:
    document_id = desk.submitted()
    refused = desk.ask("市拟稿", "POST", f"/documents/{document_id}/abandon", json={"reason": "重复"})
    assert (refused.status_code, refused.json()["code"]) == (409, "documents.act_not_possible")
