"""Returning to an earlier step, and taking back what nobody has touched."""

import pytest

from shared.ids import new_id
from tests.service.documents.desk import Desk

REASON = {"step_id": "draft", "reason": "依据不足，请补充"}


@pytest.mark.parametrize("verb", ["return", "withdraw"])
def test_going_back_needs_a_token(desk: Desk, verb: str) -> None:
    assert desk.ask("", "POST", f"/documents/{new_id()}/items/{new_id()}/{verb}").status_code == 401


@pytest.mark.parametrize(("verb", "body"), [("return", REASON), ("withdraw", {})])
def test_only_the_holder_goes_back(desk: Desk, verb: str, body: dict[str, str]) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    refused = desk.verb("市文书", document_id, item, verb, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "flow.item_not_yours")
    assert desk.verb("安源承办", document_id, item, verb, body).status_code == 404


@pytest.mark.parametrize(
    "body", [{"step_id": "draft"}, {"step_id": "draft", "reason": " "}, {"reason": "退"}]
)
def test_returning_says_where_to_and_why(desk: Desk, body: dict[str, str]) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    refused = desk.verb("市核稿", document_id, item, "return", body)
    assert refused.status_code == 422
    assert desk.state(document_id) == "reviewing"


@pytest.mark.parametrize("step", ["sign", "countersign", "review", "nowhere"])
def test_a_document_is_not_returned_to_where_it_has_not_been(desk: Desk, step: str) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    refused = desk.verb("市核稿", document_id, item, "return", {"step_id": step, "reason": "退"})
    assert refused.status_code in (409, 422)
    assert desk.state(document_id) == "reviewing"


@pytest.mark.parametrize(("step", "state"), [("draft", "drafting"), ("review", "reviewing")])
def test_a_signer_returns_to_any_earlier_step(desk: Desk, step: str, state: str) -> None:
    document_id = desk.reviewed()
    item = desk.item(document_id, "sign", "市签发")
    offered = desk.get("市签发", f"/documents/{document_id}/items/{item}/form")["earlier"]
    assert step in [each["step_id"] for each in offered]
    returned = desk.verb("市签发", document_id, item, "return", {"step_id": step, "reason": "依据不足"})
    assert (returned.status_code, returned.json()["state"]) == (200, state)
    last = desk.history("市拟稿", document_id)[-1]
    assert (last["verb"], last["opinion"], last["details"]["to_step"]) == ("return", "依据不足", step)


def test_returning_cancels_what_others_had_to_do(desk: Desk) -> None:
    document_id = desk.submitted()
    chosen = {"countersign": desk.choose("市档案局领导", "市财政局领导"), "sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", choices=chosen)
    waiting = desk.item(document_id, "countersign", "市财政局领导")
    item = desk.item(document_id, "countersign", "市档案局领导")
    assert desk.verb("市档案局领导", document_id, item, "return", REASON).status_code == 200
    late = desk.verb("市财政局领导", document_id, waiting, "complete", {"outcome": "agree"})
    assert (late.status_code, late.json()["code"]) == (409, "flow.item_closed")
    assert desk.item(document_id, "draft", "市拟稿")


def test_returning_undoes_the_approval(desk: Desk) -> None:
    document_id = desk.signed()
    assert desk.row(document_id).signed_at
    item = desk.item(document_id, "check", "市文书")
    returned = desk.verb("市文书", document_id, item, "return", REASON).json()
    assert (returned["state"], returned["signed_at"], returned["dated"]) == ("drafting", None, None)
    assert "signers" not in returned["elements"]
    # It is then signed anew, and the earlier signature counts no more.
    desk.complete(document_id, "draft", "市拟稿", choices={"review": desk.choose("市核稿")})
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市副职")})
    signed = desk.complete(document_id, "sign", "市副职", outcome="agree")
    assert signed["elements"]["signers"] == ["市副职"]


def test_a_registry_may_still_return_before_it_gives_the_number_and_never_after(desk: Desk) -> None:
    document_id = desk.checked()
    item = desk.item(document_id, "register", "市文书")
    back = desk.verb("市文书", document_id, item, "return", {"step_id": "check", "reason": "份数不符"})
    assert back.json()["state"] == "checking"
    desk.complete(document_id, "check", "市文书", outcome="pass")
    number = desk.complete(document_id, "register", "市文书")["number"]
    refused = desk.verb("市文书", document_id, desk.item(document_id, "render", "市文书"), "return", REASON)
    assert (refused.status_code, refused.json()["code"]) == (409, "documents.numbered_not_returned")
    assert desk.row(document_id).number == number


def test_what_is_untouched_is_taken_back(desk: Desk) -> None:
    document_id = desk.submitted()
    mine = desk.item(document_id, "draft", "市拟稿", status="done")
    taken = desk.verb("市拟稿", document_id, mine, "withdraw")
    assert (taken.status_code, taken.json()["state"]) == (200, "drafting")
    assert desk.verbs("市拟稿", document_id)[-1] == "withdraw"
    # The reviewer's item was recalled: it says so, and the document is still theirs to see.
    recalled = desk.item(document_id, "review", "市核稿", status="withdrawn")
    refused = desk.verb(
        "市核稿", document_id, recalled, "complete", {"choices": {"sign": desk.choose("市签发")}}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "flow.item_closed")
    assert "撤回" in refused.json()["detail"]


def test_what_somebody_has_opened_is_not_taken_back(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    assert desk.verb("市核稿", document_id, item, "open").status_code == 204
    assert desk.verb("市核稿", document_id, item, "open").status_code == 204
    mine = desk.item(document_id, "draft", "市拟稿", status="done")
    refused = desk.verb("市拟稿", document_id, mine, "withdraw")
    assert (refused.status_code, refused.json()["code"]) == (409, "flow.followed_up")
    assert desk.verbs("市拟稿", document_id).count("read") == 1


def test_a_signature_that_is_taken_back_no_longer_approves(desk: Desk) -> None:
    document_id = desk.signed()
    mine = desk.item(document_id, "sign", "市签发", status="done")
    taken = desk.verb("市签发", document_id, mine, "withdraw").json()
    assert (taken["state"], taken["signed_at"]) == ("approving", None)


def test_what_took_effect_is_not_taken_back(desk: Desk) -> None:
    document_id = desk.numbered()
    mine = desk.item(document_id, "register", "市文书", status="done")
    refused = desk.verb("市文书", document_id, mine, "withdraw")
    assert (refused.status_code, refused.json()["code"]) == (409, "documents.not_withdrawable")


def test_a_first_check_is_taken_back_while_nobody_has_looked(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    desk.accepted(incoming)
    mine = desk.item(incoming, "first_check", "安源文书", status="done")
    assert desk.verb("安源文书", incoming, mine, "withdraw").json()["state"] == "first_check"
