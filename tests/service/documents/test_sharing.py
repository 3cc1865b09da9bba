"""Handing over, asking further posts, reminding, circulating, and acting for somebody absent."""

import pytest

from shared.ids import new_id
from tests.service.documents.desk import Desk


@pytest.mark.parametrize("verb", ["transfer", "signers", "remind", "read", "answer", "open"])
def test_the_verbs_need_a_token_and_exist_for_participants_only(desk: Desk, verb: str) -> None:
    bodies = {
        "transfer": {"to_post_id": desk.post("市核稿")},
        "signers": {"post_ids": [desk.post("市副职")]},
        "answer": {"opinion": "知道了"},
    }
    document_id = desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    path = f"/documents/{document_id}/items/{item}/{verb}"
    assert desk.ask("", "POST", path, json=bodies.get(verb, {})).status_code == 401
    assert desk.ask("安源文书", "POST", path, json=bodies.get(verb, {})).status_code == 404


def test_an_item_is_handed_to_a_post_that_may_do_it(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    foreign = desk.verb("市文书", document_id, item, "transfer", {"to_post_id": desk.post("市副职")})
    assert foreign.json()["code"] == "flow.item_not_yours"
    unable = desk.verb("市核稿", document_id, item, "transfer", {"to_post_id": desk.post("市拟稿")})
    assert (unable.status_code, unable.json()["code"]) == (422, "flow.post_not_permitted")
    unknown = desk.verb("市核稿", document_id, item, "transfer", {"to_post_id": str(new_id())})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "directory.post_unknown")
    assert desk.ask("市副职", "GET", f"/documents/{document_id}").status_code == 404
    done = desk.verb(
        "市核稿", document_id, item, "transfer", {"to_post_id": desk.post("市副职"), "opinion": "请代核"}
    )
    assert done.status_code == 200
    desk.complete(document_id, "review", "市副职", choices={"sign": desk.choose("市签发")})
    again = desk.verb("市核稿", document_id, item, "transfer", {"to_post_id": desk.post("市副职")})
    assert (again.status_code, again.json()["code"]) == (409, "flow.item_closed")
    assert desk.state(document_id) == "approving"


def test_a_step_waits_for_whoever_was_asked_too(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    nobody = desk.verb("市核稿", document_id, item, "signers", {"post_ids": []})
    assert nobody.status_code == 422
    asked = desk.verb(
        "市核稿", document_id, item, "signers", {"post_ids": [desk.post("市副职")], "opinion": "请把关"}
    )
    assert asked.status_code == 200
    twice = desk.verb("市核稿", document_id, item, "signers", {"post_ids": [desk.post("市副职")]})
    assert twice.json()["code"] == "flow.assignee_twice"
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})
    assert desk.state(document_id) == "reviewing"
    desk.complete(document_id, "review", "市副职", opinion="可以")
    assert desk.state(document_id) == "approving"
    assert "add_signer" in desk.verbs("市拟稿", document_id)


def test_reminders_are_counted(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    for _ in range(2):
        assert desk.verb("市拟稿", document_id, item, "remind", {"opinion": "请尽快"}).status_code == 204
    items = desk.get("市拟稿", f"/documents/{document_id}/items")["items"]
    assert next(each for each in items if each["id"] == item)["reminders"] == 2
    mine = desk.item(document_id, "draft", "市拟稿", status="done")
    nothing = desk.verb("市核稿", document_id, mine, "remind")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "flow.nothing_to_remind")


def test_circulating_needs_the_permission_and_somebody(desk: Desk) -> None:
    document_id = desk.draft()
    path = f"/documents/{document_id}/circulate"
    body = {"post_ids": [desk.post("市副职")]}
    assert desk.ask("", "POST", path, json=body).status_code == 401
    narrow = desk.person("市拟稿").in_post(
        desk.person("市拟稿").post_id,
        permissions=desk.offices.people["市拟稿"].permissions - {"documents.circulate"},
    )
    assert desk.api.post(path, narrow, json=body).json()["code"] == "auth.missing_permission"
    assert desk.ask("安源文书", "POST", path, json=body).status_code == 404
    assert desk.ask("市拟稿", "POST", path, json={"post_ids": []}).status_code == 422
    unknown = desk.ask("市拟稿", "POST", path, json={"post_ids": [str(new_id())]})
    assert unknown.json()["code"] == "directory.post_unknown"


def test_a_copy_holds_nothing_up_and_is_answered_even_after_closing(desk: Desk) -> None:
    document_id = desk.numbered()
    body = {"post_ids": [desk.post("市副职"), desk.post("市核稿")], "opinion": "请阅"}
    assert desk.ask("市文书", "POST", f"/documents/{document_id}/circulate", json=body).status_code == 204
    copy = desk.item(document_id, "circulation", "市副职")
    to_do = desk.verb("市副职", document_id, copy, "complete")
    assert (to_do.status_code, to_do.json()["code"]) == (409, "flow.item_is_reading")
    desk.complete(document_id, "render", "市文书")
    desk.complete(document_id, "issue", "市文书")
    assert desk.state(document_id) == "issued"
    for _ in range(2):
        assert desk.verb("市副职", document_id, copy, "read").status_code == 204
    assert desk.verb("市副职", document_id, copy, "answer", {"opinion": " "}).status_code == 422
    answered = desk.verb("市副职", document_id, copy, "answer", {"opinion": "建议抓紧落实"})
    assert answered.status_code == 204
    assert desk.verb("市核稿", document_id, copy, "read").json()["code"] == "flow.item_not_yours"
    verbs = desk.verbs("市拟稿", document_id)
    assert (verbs.count("mark_read"), verbs[-1]) == (1, "answer")
    assert desk.item(document_id, "circulation", "市核稿")


def test_nobody_of_another_organ_is_let_in_by_handing_over_or_circulating(desk: Desk) -> None:
    document_id = desk.checked()
    item = desk.item(document_id, "register", "市文书")
    theirs = desk.post("安源文书")
    handed = desk.verb("市文书", document_id, item, "transfer", {"to_post_id": theirs})
    assert (handed.status_code, handed.json()["code"]) == (422, "flow.post_of_another_organ")
    shown = desk.ask("市文书", "POST", f"/documents/{document_id}/circulate", json={"post_ids": [theirs]})
    assert (shown.status_code, shown.json()["code"]) == (422, "flow.post_of_another_organ")
    assert desk.ask("安源文书", "GET", f"/documents/{document_id}").status_code == 404
    assert desk.complete(document_id, "register", "市文书")["number"]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("complete", {"opinion": "机密★1年"}),
        ("return", {"step_id": "draft", "reason": "请改\n秘密★5年"}),
        ("transfer", {"opinion": "请办（机密）"}),
        ("remind", {"opinion": "绝密"}),
    ],
)
def test_a_secrecy_mark_in_an_opinion_is_refused_and_nothing_is_done(
    desk: Desk, verb: str, body: dict[str, str]
) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    more = {
        "complete": {"choices": {"sign": desk.choose("市签发")}},
        "transfer": {"to_post_id": desk.post("市副职")},
    }
    refused = desk.verb("市核稿", document_id, item, verb, {**body, **more.get(verb, {})})
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.secret_document")
    assert desk.item(document_id, "review", "市核稿") == item


def test_a_secrecy_mark_that_goes_with_a_copy_is_refused(desk: Desk) -> None:
    document_id = desk.submitted()
    sent = {"post_ids": [desk.post("市副职")], "opinion": "机密★1年"}
    refused = desk.ask("市核稿", "POST", f"/documents/{document_id}/circulate", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.secret_document")


def test_what_is_to_be_done_is_not_just_read(desk: Desk) -> None:
    document_id = desk.submitted()
    refused = desk.verb("市核稿", document_id, desk.item(document_id, "review", "市核稿"), "read")
    assert (refused.status_code, refused.json()["code"]) == (409, "flow.item_is_to_do")


def test_whoever_stands_in_acts_on_behalf_and_the_history_says_so(desk: Desk) -> None:
    document_id = desk.reviewed()
    item, path = desk.item(document_id, "sign", "市签发"), f"/documents/{document_id}"
    assert desk.ask("市副职", "GET", path).status_code == 404
    with desk.standing_in("市副职", "市签发", work_kinds=["meetings"]):
        assert desk.ask("市副职", "GET", path).status_code == 404
    with desk.standing_in("市副职", "市签发"):
        changed = desk.ask("市副职", "PATCH", path, json={"body": ["改过的正文。"]})
        assert changed.status_code == 200
        signed = desk.verb("市副职", document_id, item, "complete", {"outcome": "agree", "opinion": "同意"})
        assert signed.json()["state"] == "checking"
    acts = desk.history("市拟稿", document_id)[-2:]
    assert [(act["verb"], act["person_name"]) for act in acts] == [("revise", "市副职"), ("sign", "市副职")]
    assert all("市签发" in act["on_behalf_name"] for act in acts)
