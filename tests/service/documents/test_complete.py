"""Doing the steps over HTTP: who may, when, and what each step demands."""

from datetime import timedelta

from shared.ids import new_id
from tests.service.documents.desk import Desk


def test_doing_an_item_needs_a_token(desk: Desk) -> None:
    answer = desk.ask("", "POST", f"/documents/{new_id()}/items/{new_id()}/complete", json={})
    assert answer.status_code == 401


def test_who_does_not_hold_an_item_cannot_do_it(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    refused = desk.verb("市文书", document_id, item, "complete")
    assert (refused.status_code, refused.json()["code"]) == (403, "flow.item_not_yours")


def test_items_of_other_documents_do_not_exist(desk: Desk) -> None:
    document_id, other = desk.draft(), desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    for holder, document in (("市核稿", document_id), ("市拟稿", other), ("市拟稿", str(new_id()))):
        assert desk.verb(holder, document, item, "complete").status_code == 404
    assert (
        desk.verb("市拟稿", document_id, str(new_id()), "complete").json()["code"]
        == "documents.item_not_found"
    )


def test_an_item_is_done_once(desk: Desk) -> None:
    document_id = desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    request = {"choices": {"review": desk.choose("市核稿")}}
    assert desk.verb("市拟稿", document_id, item, "complete", request).status_code == 200
    again = desk.verb("市拟稿", document_id, item, "complete", request)
    assert (again.status_code, again.json()["code"]) == (409, "flow.item_closed")


def test_a_step_says_who_goes_on(desk: Desk) -> None:
    document_id = desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    refused = desk.verb("市拟稿", document_id, item, "complete")
    assert (refused.status_code, refused.json()["code"]) == (422, "flow.assignee_needed")
    wrong = {"choices": {"review": desk.choose("市拟稿")}}
    refused = desk.verb("市拟稿", document_id, item, "complete", wrong)
    assert refused.json()["code"] == "flow.post_not_permitted"
    assert desk.state(document_id) == "drafting"


def test_a_draft_that_breaks_a_rule_is_not_submitted(desk: Desk) -> None:
    document_id = desk.draft(title="萍乡市人民政府办公室关于某事的函")
    item = desk.item(document_id, "draft", "市拟稿")
    refused = desk.verb(
        "市拟稿", document_id, item, "complete", {"choices": {"review": desk.choose("市核稿")}}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.rules_broken")
    assert "第九条" in refused.json()["errors"]["title"][0]
    findings = desk.get("市拟稿", f"/documents/{document_id}/findings")
    assert findings["findings"][0]["level"] == "block"
    assert len(findings["review_points"]) == 5


def test_two_units_countersign_before_it_is_signed(desk: Desk) -> None:
    document_id = desk.submitted()
    countersigners = desk.choose("市档案局领导", "市财政局领导")
    chosen = {"countersign": countersigners, "sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", opinion="请会签", choices=chosen)
    desk.complete(document_id, "countersign", "市财政局领导", outcome="agree", opinion="同意")
    assert desk.state(document_id) == "countersigning"
    done = desk.complete(document_id, "countersign", "市档案局领导", outcome="agree", opinion="无意见")
    assert done["state"] == "approving"
    assert sorted(done["facts"]["agreed"]) == sorted([desk.unit("市档案局"), desk.unit("市财政局")])


def test_one_unit_that_disagrees_sends_it_back_to_review(desk: Desk) -> None:
    document_id = desk.submitted(facts={"concerned": [desk.unit("市财政局")]})
    chosen = {"countersign": desk.choose("市财政局领导"), "sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    desk.complete(document_id, "countersign", "市财政局领导", outcome="disagree", opinion="经费未落实")
    assert desk.state(document_id) == "reviewing"
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})
    item = desk.item(document_id, "sign", "市签发")
    refused = desk.verb("市签发", document_id, item, "complete", {"outcome": "agree"})
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.rules_broken")
    assert "第十六条（四）" in refused.text


def test_what_goes_up_is_signed_by_the_principal_leader(desk: Desk) -> None:
    document_id = desk.submitted(
        kind="请示",
        title="萍乡市人民政府办公室关于某事的请示",
        body=["因工作需要，拟开展某事。", "妥否，请批示。"],
        recipients=[{"unit_id": desk.unit("市政府")}],
        contact={"name": "李示例", "phone": "0799-1"},
    )
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市副职")})
    desk.complete(document_id, "sign", "市副职", outcome="agree", opinion="同意")
    item = desk.item(document_id, "check", "市文书")
    refused = desk.verb("市文书", document_id, item, "complete", {"outcome": "pass"})
    assert "主要负责人" in refused.text
    assert "第二十二条" in refused.text


def test_what_a_meeting_passed_is_dated_on_the_day_of_the_meeting(desk: Desk) -> None:
    today = desk.offices.clock.today()
    met = today - timedelta(days=3)
    passed = {"kind": "决议", "title": "萍乡市人民政府办公室关于某事的决议", "passed_on": met.isoformat()}
    document_id = desk.signed(**passed)
    assert desk.row(document_id).dated == met
    desk.complete(document_id, "check", "市文书", outcome="pass")
    findings = desk.get("市文书", f"/documents/{document_id}/findings", params={"step": "register"})
    assert "F3" not in [each["rule"] for each in findings["findings"]]
    assert desk.row(desk.signed()).dated == today


def test_an_office_under_two_leaders_is_reminded_of_the_other(desk: Desk) -> None:
    leaders = [desk.unit("市政府"), desk.unit("市财政局")]
    document_id = desk.draft(
        kind="报告",
        title="萍乡市人民政府办公室关于某项工作情况的报告",
        body=["某项工作已经完成。"],
        recipients=[{"unit_id": desk.unit("市政府")}],
        facts={"led_by": leaders},
    )
    findings = desk.get("市拟稿", f"/documents/{document_id}/findings")["findings"]
    assert next(each for each in findings if each["rule"] == "R8")["level"] == "warn"
    copies = {"copies": [{"unit_id": desk.unit("市财政局")}]}
    desk.ask("市拟稿", "PATCH", f"/documents/{document_id}", json=copies).raise_for_status()
    findings = desk.get("市拟稿", f"/documents/{document_id}/findings")["findings"]
    assert "R8" not in [each["rule"] for each in findings]


def test_registering_takes_a_code_of_the_own_organ(desk: Desk) -> None:
    document_id = desk.checked(issuing_code=None)
    item = desk.item(document_id, "register", "市文书")
    missing = desk.verb("市文书", document_id, item, "complete")
    assert missing.json()["code"] == "documents.issuing_code_missing"
    foreign = desk.verb("市文书", document_id, item, "complete", {"issuing_code": "安府发"})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "documents.issuing_code_unknown")
    done = desk.verb("市文书", document_id, item, "complete", {"issuing_code": "萍府办发"})
    assert done.json()["number"].startswith("萍府办发〔")
    shown = desk.get("市文书", f"/documents/{document_id}/items")["items"][-1]
    assert shown["step_id"] == "render"


def test_nothing_is_issued_to_nobody(desk: Desk) -> None:
    document_id = desk.numbered(recipients=[])
    desk.complete(document_id, "render", "市文书")
    refused = desk.verb("市文书", document_id, desk.item(document_id, "issue", "市文书"), "complete")
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.no_recipients")


def test_the_whole_way_is_in_the_history_and_in_the_diagram(desk: Desk) -> None:
    document_id = desk.issued()
    verbs = desk.verbs("市拟稿", document_id)
    assert verbs == ["create", "submit", "review", "sign", "check", "register", "render", "issue"]
    signing = next(act for act in desk.history("市拟稿", document_id) if act["verb"] == "sign")
    assert (signing["person_name"], signing["post_title"], signing["opinion"], signing["outcome"]) == (
        "市签发",
        "主要负责人",
        "同意",
        "同意签发",
    )
    steps = desk.get("市拟稿", f"/documents/{document_id}/steps")["items"]
    assert [step["name"] for step in steps] == [
        "起草",
        "核稿",
        "会签",
        "签发",
        "复核",
        "登记编号",
        "印制",
        "核发",
    ]
    diagram = desk.ask("市拟稿", "GET", f"/documents/{document_id}/diagram")
    assert diagram.status_code == 200
    assert "核发" in diagram.text


def test_a_step_of_an_ended_document_is_not_done_again(desk: Desk) -> None:
    document_id = desk.issued()
    item = desk.item(document_id, "issue", "市文书", status="done")
    refused = desk.verb("市文书", document_id, item, "complete")
    assert (refused.status_code, refused.json()["code"]) == (409, "flow.item_closed")
