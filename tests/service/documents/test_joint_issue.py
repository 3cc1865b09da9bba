"""Who signs: leaders of the organ that issues, and at joint issue (联合行文) those of the organs that issue with it."""

from typing import Any

import pytest

from tests.service.documents.desk import Desk

OUTSIDER = "市财政局领导"


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_leader_of_an_organ_that_does_not_issue_is_not_chosen_to_sign(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    choices = {"sign": desk.choose("市签发", OUTSIDER)}
    answer = desk.verb("市核稿", document_id, item, "complete", {"choices": choices})
    assert refused(answer) == (422, "documents.signer_of_no_issuer")
    assert "市财政局" in answer.json()["detail"]
    assert "联合行文" in answer.json()["detail"]
    assert desk.state(document_id) == "reviewing"


@pytest.mark.parametrize(("verb", "several"), [("transfer", False), ("signers", True)])
def test_nor_is_signing_handed_on_to_one(desk: Desk, verb: str, several: bool) -> None:
    document_id = desk.reviewed()
    item = desk.item(document_id, "sign", "市签发")

    def ask(name: str) -> Any:
        to = {"post_ids": [desk.post(name)]} if several else {"to_post_id": desk.post(name)}
        return desk.verb("市签发", document_id, item, verb, {**to, "opinion": "请阅示"})

    assert refused(ask(OUTSIDER)) == (422, "documents.signer_of_no_issuer")
    assert ask("市副职").status_code == 200


def test_nor_is_a_checked_document_returned_to_one_for_signing(desk: Desk) -> None:
    document_id = desk.signed()
    item = desk.item(document_id, "check", "市文书")
    back = {"step_id": "sign", "reason": "请复审", "post_ids": [desk.post(OUTSIDER)]}
    answer = desk.verb("市文书", document_id, item, "return", back)
    assert refused(answer) == (422, "documents.signer_of_no_issuer")


def test_at_joint_issue_the_leaders_of_every_issuing_organ_sign(desk: Desk) -> None:
    document_id = desk.submitted(co_issuers=[desk.unit("市财政局")])
    chosen = {"sign": desk.choose("市签发", OUTSIDER)}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    desk.complete(document_id, "sign", OUTSIDER, outcome="agree", opinion="同意")
    signed = desk.complete(document_id, "sign", "市签发", outcome="agree", opinion="同意")
    assert signed["elements"]["signers"] == [OUTSIDER, "市签发"]


def test_who_was_chosen_before_an_organ_dropped_out_does_not_sign(desk: Desk) -> None:
    document_id = desk.submitted(co_issuers=[desk.unit("市财政局")])
    chosen = {"countersign": desk.choose("市档案局领导"), "sign": desk.choose("市签发", OUTSIDER)}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    alone: dict[str, list[str]] = {"co_issuers": []}
    desk.ask("市档案局领导", "PATCH", f"/documents/{document_id}", json=alone).raise_for_status()
    desk.complete(document_id, "countersign", "市档案局领导", outcome="agree", opinion="同意")
    item = desk.item(document_id, "sign", OUTSIDER)
    answer = desk.verb(OUTSIDER, document_id, item, "complete", {"outcome": "agree"})
    assert refused(answer) == (409, "documents.not_yours_to_sign")
    handed_over = {"to_post_id": desk.post("市副职"), "opinion": "不再联合行文"}
    assert desk.verb(OUTSIDER, document_id, item, "transfer", handed_over).status_code == 200
