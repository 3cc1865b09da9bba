"""A countersigner agrees with a text: once that is changed, it has to be countersigned again."""

from typing import Any

from services.documents.domain.rules import Step
from services.documents.models import Document
from services.documents.queries.cases import list_findings
from tests.service.documents.desk import Desk

BOTH = ("市档案局领导", "市财政局领导")


def countersigned(desk: Desk) -> str:
    document_id = desk.submitted(facts={"concerned": [desk.unit("市财政局")]})
    countersign(desk, document_id)
    return document_id


def countersign(desk: Desk, document_id: str, *names: str) -> None:
    chosen = {"countersign": desk.choose(*(names or BOTH)), "sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    for name in names or BOTH:
        desk.complete(document_id, "countersign", name, outcome="agree", opinion="同意")


def back_to_draft(desk: Desk, document_id: str) -> None:
    item = desk.item(document_id, "sign", "市签发")
    back = {"step_id": "draft", "reason": "请补充依据"}
    assert desk.verb("市签发", document_id, item, "return", back).status_code == 200


def revise(desk: Desk, document_id: str, **changes: Any) -> None:
    desk.ask("市拟稿", "PATCH", f"/documents/{document_id}", json=changes).raise_for_status()


def submit(desk: Desk, document_id: str) -> None:
    desk.complete(document_id, "draft", "市拟稿", choices={"review": desk.choose("市核稿")})


def sign(desk: Desk, document_id: str) -> Any:
    item = desk.item(document_id, "sign", "市签发")
    return desk.verb("市签发", document_id, item, "complete", {"outcome": "agree", "opinion": "同意"})


def test_a_changed_text_is_not_signed_on_the_word_given_for_the_old_one(desk: Desk) -> None:
    document_id = countersigned(desk)
    back_to_draft(desk, document_id)
    revise(desk, document_id, body=["改动后的正文。"])
    submit(desk, document_id)
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})
    refused = sign(desk, document_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.rules_broken")
    assert "还有 2 个会签单位" in refused.text
    item = desk.item(document_id, "sign", "市签发")
    again = {"step_id": "review", "reason": "请重新会签"}
    desk.verb("市签发", document_id, item, "return", again).raise_for_status()
    countersign(desk, document_id, BOTH[0])
    assert "还有 1 个会签单位" in sign(desk, document_id).text
    item = desk.item(document_id, "sign", "市签发")
    desk.verb("市签发", document_id, item, "return", again).raise_for_status()
    countersign(desk, document_id)
    assert sign(desk, document_id).status_code == 200


def test_an_attachment_belongs_to_the_text_that_was_agreed_with(desk: Desk) -> None:
    document_id = countersigned(desk)
    back_to_draft(desk, document_id)
    files = {"file": ("名单.txt", "甲、乙".encode())}
    desk.ask("市拟稿", "POST", f"/documents/{document_id}/attachments", files=files).raise_for_status()
    assert "R13" in blocking(desk, document_id)


def test_agreement_with_an_unchanged_text_still_counts(desk: Desk) -> None:
    document_id = countersigned(desk)
    back_to_draft(desk, document_id)
    revise(desk, document_id, urgency="加急", contact={"name": "李示例", "phone": "0799-1"})
    assert blocking(desk, document_id) == []
    submit(desk, document_id)
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})
    assert sign(desk, document_id).status_code == 200


def test_a_countersigner_who_changes_the_text_needs_the_others_again(desk: Desk) -> None:
    document_id = desk.submitted()
    chosen = {"countersign": desk.choose(*BOTH), "sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    desk.complete(document_id, "countersign", BOTH[0], outcome="agree", opinion="同意")
    body = {"body": ["会签单位改动的正文。"]}
    desk.ask(BOTH[1], "PATCH", f"/documents/{document_id}", json=body).raise_for_status()
    desk.complete(document_id, "countersign", BOTH[1], outcome="agree", opinion="按此稿同意")
    assert "还有 1 个会签单位" in sign(desk, document_id).text


def blocking(desk: Desk, document_id: str) -> list[str]:
    """The rules that would keep the document from being signed."""
    with desk.offices.session() as session:
        document = session.get_one(Document, document_id)
        found = list_findings(session, document, step=Step.APPROVE, today=desk.offices.clock.today())
    return [finding.rule for finding in found if finding.level.value == "block"]
