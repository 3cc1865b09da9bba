"""A rule that rests on wording may be mistaken: a reviewer may set it aside, with the reason on record."""

import pytest

from shared.ids import new_id
from tests.service.documents.desk import Desk, Json

REPORT = {
    "kind": "报告",
    "title": "萍乡市人民政府办公室关于某项工作情况的报告",
    "body": ["某项工作已经完成。", "妥否，请批示。"],
}


def a_report(desk: Desk) -> str:
    return desk.submitted(**REPORT, recipients=[{"unit_id": desk.unit("市政府")}])


def blocking(desk: Desk, document_id: str) -> Json:
    findings = desk.get("市核稿", f"/documents/{document_id}/findings")["findings"]
    found: Json = next(each for each in findings if each["rule"] == "R2")
    return found


def set_aside(desk: Desk, by: str, document_id: str, **body: str) -> tuple[int, str]:
    body = {"rule": "R2", "reason": "引用来文原话，并非请示", **body}
    answer = desk.ask(by, "POST", f"/documents/{document_id}/findings/set-aside", json=body)
    return answer.status_code, answer.json().get("code", "")


def test_it_takes_a_reviewer_who_has_the_document(desk: Desk) -> None:
    assert set_aside(desk, "", str(new_id()))[0] == 401
    document_id = a_report(desk)
    assert set_aside(desk, "市拟稿", document_id) == (403, "auth.missing_permission")
    assert set_aside(desk, "市签发", document_id)[0] == 404
    desk.ask(
        "市核稿", "POST", f"/documents/{document_id}/circulate", json={"post_ids": [desk.post("市签发")]}
    )
    assert set_aside(desk, "市签发", document_id) == (403, "documents.not_in_your_hands")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"rule": "R1"}, (404, "documents.finding_not_found")),
        ({"quote": "别的话"}, (404, "documents.finding_not_found")),
        ({"reason": " "}, (422, "web.fields_invalid")),
    ],
)
def test_only_a_finding_that_there_is_can_be_set_aside(
    desk: Desk, body: dict[str, str], refused: tuple[int, str]
) -> None:
    assert set_aside(desk, "市核稿", a_report(desk), **body) == refused


def test_what_does_not_rest_on_wording_stands(desk: Desk) -> None:
    document_id = desk.submitted()
    desk.ask(
        "市核稿", "PATCH", f"/documents/{document_id}", json={"title": "萍乡市人民政府办公室关于某事的函"}
    ).raise_for_status()
    assert set_aside(desk, "市核稿", document_id, rule="F2") == (409, "documents.finding_stands")


def test_the_reviewer_decides_and_the_history_says_why(desk: Desk) -> None:
    document_id = a_report(desk)
    item = desk.item(document_id, "review", "市核稿")
    on = {"choices": {"sign": desk.choose("市签发")}}
    stopped = desk.verb("市核稿", document_id, item, "complete", on)
    assert (stopped.status_code, stopped.json()["code"]) == (422, "documents.rules_broken")
    finding = blocking(desk, document_id)
    assert (finding["level"], finding["may_be_set_aside"], finding["set_aside"]) == ("block", True, False)
    assert set_aside(desk, "市核稿", document_id, quote=finding["quote"])[0] == 200
    assert blocking(desk, document_id)["set_aside"] is True
    last = desk.history("市核稿", document_id)[-1]
    assert (last["verb"], last["opinion"]) == ("set_aside", "引用来文原话，并非请示")
    assert last["details"] == {"rule": "R2", "quotes": [finding["quote"]]}
    assert desk.verb("市核稿", document_id, item, "complete", on).status_code == 200


def test_other_words_are_not_covered(desk: Desk) -> None:
    document_id = a_report(desk)
    assert set_aside(desk, "市核稿", document_id)[0] == 200
    desk.ask(
        "市核稿",
        "PATCH",
        f"/documents/{document_id}",
        json={"body": ["某项工作已经完成。", "当否，请批复。"]},
    ).raise_for_status()
    assert blocking(desk, document_id)["set_aside"] is False
