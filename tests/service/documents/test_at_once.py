"""Double clicks, repeated requests, and two people at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests

from shared.ids import new_id
from tests.service.documents.desk import Desk

Ask = Callable[[], requests.Response]


def at_once(*asks: Ask) -> list[requests.Response]:
    """All of them at the same moment, each over a connection of its own."""
    start = Barrier(len(asks))

    def ask(each: Ask) -> requests.Response:
        start.wait(10)
        return each()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def posting(desk: Desk, by: str, path: str, body: object, **headers: str) -> Ask:
    token = desk.api.key.token(desk.person(by))
    sent = {
        "Authorization": f"Bearer {token}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    return lambda: requests.post(desk.api.base + path, json=body, headers=sent, timeout=30)


def test_a_double_click_does_a_step_once(desk: Desk) -> None:
    document_id = desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    path = f"/documents/{document_id}/items/{item}/complete"
    body = {"choices": {"review": desk.choose("市核稿")}}
    answers = at_once(*[posting(desk, "市拟稿", path, body)] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert desk.verbs("市拟稿", document_id) == ["create", "submit"]


def test_a_double_click_under_one_key_gets_one_answer(desk: Desk) -> None:
    document_id = desk.draft()
    item = desk.item(document_id, "draft", "市拟稿")
    path = f"/documents/{document_id}/items/{item}/complete"
    body = {"choices": {"review": desk.choose("市核稿")}}
    answers = at_once(*[posting(desk, "市拟稿", path, body, Idempotency_Key=str(new_id()))] * 3)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert desk.verbs("市拟稿", document_id) == ["create", "submit"]


def test_the_same_draft_under_one_key_is_one_document(desk: Desk) -> None:
    key = str(new_id())
    answers = at_once(*[posting(desk, "市拟稿", "/documents", desk.a_draft(), Idempotency_Key=key)] * 3)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = posting(desk, "市拟稿", "/documents", desk.a_draft(urgency="特急"), Idempotency_Key=key)()
    assert (other.status_code, other.json()["code"]) == (422, "web.idempotency_key_reused")


def test_of_registering_and_returning_at_the_same_moment_one_is_done(desk: Desk) -> None:
    document_id = desk.checked()
    item = desk.item(document_id, "register", "市文书")
    path = f"/documents/{document_id}/items/{item}"
    answers = at_once(
        posting(desk, "市文书", f"{path}/complete", {}),
        posting(desk, "市文书", f"{path}/return", {"step_id": "check", "reason": "份数不符"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    row = desk.row(document_id)
    assert (row.state, row.number is not None) in [("rendering", True), ("checking", False)]


def test_two_countersigners_answer_at_the_same_moment(desk: Desk) -> None:
    document_id = desk.submitted()
    both = ("市档案局领导", "市财政局领导")
    desk.complete(
        document_id,
        "review",
        "市核稿",
        choices={"countersign": desk.choose(*both), "sign": desk.choose("市签发")},
    )
    asks = []
    for name in both:
        item = desk.item(document_id, "countersign", name)
        path = f"/documents/{document_id}/items/{item}/complete"
        asks.append(posting(desk, name, path, {"outcome": "agree", "opinion": "同意"}))
    assert [answer.status_code for answer in at_once(*asks)] == [200, 200]
    row = desk.row(document_id)
    assert (row.state, len(row.facts["agreed"])) == ("approving", 2)


def test_of_two_changes_to_one_text_the_later_is_told(desk: Desk) -> None:
    document_id = desk.draft()
    tag = desk.ask("市拟稿", "GET", f"/documents/{document_id}").headers["ETag"]
    token = desk.api.key.token(desk.person("市拟稿"))

    def change(text: str) -> Ask:
        return lambda: requests.patch(
            f"{desk.api.base}/documents/{document_id}",
            json={"body": [text]},
            headers={"Authorization": f"Bearer {token}", "If-Match": tag},
            timeout=30,
        )

    answers = at_once(change("甲。"), change("乙。"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    kept = next(answer for answer in answers if answer.status_code == 200).json()
    assert desk.get("市拟稿", f"/documents/{document_id}")["body"] == kept["body"]
