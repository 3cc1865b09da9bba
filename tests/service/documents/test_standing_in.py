"""Acting for somebody absent (代办): whose act it is, what only the principal leader may do, and how it is told."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from shared.messaging.models import OutboxEvent
from tests.service.documents.desk import Desk

REQUEST = {
    "kind": "请示",
    "title": "萍乡市人民政府办公室关于某事的请示",
    "body": ["萍乡市人民政府：", "现就某事请示如下。", "妥否，请批示。"],
    "contact": {"name": "张某", "phone": "0799-0000000"},
    "answer_by": None,
}


def doers(desk: Desk, document_id: str) -> dict[str, Any]:
    """Who did it by each event of a document, and for whom."""
    wanted = sa.select(OutboxEvent.key, OutboxEvent.data).where(OutboxEvent.subject == document_id)
    with desk.offices.session() as session:
        told = [(key, json.loads(data).get("doer")) for key, data in session.execute(wanted)]
    return {key.split(".")[1]: (doer["person_name"], doer["on_behalf_of"]) for key, doer in told if doer}


def request_to_the_city(desk: Desk) -> str:
    """A request that waits for signing."""
    return desk.reviewed(**REQUEST, recipients=[{"unit_id": desk.unit("市政府")}])


def test_a_deputy_who_stands_in_signs_nothing_that_the_principal_must_sign(desk: Desk) -> None:
    document_id = request_to_the_city(desk)
    with desk.standing_in("市副职", "市签发"):
        desk.do(document_id, "sign", "市副职", of="市签发", outcome="agree", opinion="同意")
    item = desk.item(document_id, "check", "市文书")
    refused = desk.verb("市文书", document_id, item, "complete", {"outcome": "pass"})
    assert refused.json()["code"] == "documents.rules_broken"
    assert "市副职 不是主要负责人" in refused.json()["errors"]["signings"][0]
    assert desk.row(document_id).elements["signers"] == ["市副职"]


def test_whoever_stands_in_for_a_leader_signs_only_as_a_leader(desk: Desk) -> None:
    document_id = desk.reviewed()
    item = desk.item(document_id, "sign", "市签发")
    with desk.standing_in("市核稿", "市签发"):
        refused = desk.verb("市核稿", document_id, item, "complete", {"outcome": "agree"})
        assert (refused.status_code, refused.json()["code"]) == (403, "documents.stand_in_signs_not")
        asked = {"to_post_id": desk.post("市副职")}
        assert desk.verb("市核稿", document_id, item, "transfer", asked).status_code == 200
    desk.complete(document_id, "sign", "市副职", outcome="agree")
    assert desk.state(document_id) == "checking"


def test_every_event_says_for_whom_it_was_done(desk: Desk) -> None:
    document_id = desk.reviewed()
    with desk.standing_in("市副职", "市签发"), desk.standing_in("市核稿", "市文书"):
        desk.do(document_id, "sign", "市副职", of="市签发", outcome="agree")
        desk.do(document_id, "check", "市核稿", of="市文书", outcome="pass")
        for step in ("register", "render", "issue"):
            desk.do(document_id, step, "市核稿", of="市文书")
    told = doers(desk, document_id)
    assert told["drafted"] == ("市拟稿", "")
    absent = {"signed": "市签发", "numbered": "市文书", "issued": "市文书", "moved_on": "市文书"}
    for event, name in absent.items():
        assert name in told[event][1], event


@pytest.mark.parametrize(
    ("said", "event"),
    [({"answer_by": True}, "answer_demanded"), ({"outcome": "return_to_sender"}, "abandoned")],
)
def test_so_do_those_of_what_came_in(desk: Desk, said: dict[str, Any], event: str) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    with desk.standing_in("安源承办", "安源文书"):
        if "outcome" in said:
            desk.do(incoming, "sign_for", "安源承办", of="安源文书", opinion="不属本机关职责", **said)
        else:
            desk.do(incoming, "sign_for", "安源承办", of="安源文书", outcome="accept")
            today = desk.offices.clock.today()
            desk.do(incoming, "register", "安源承办", of="安源文书", answer_by=today)
    person, absent = doers(desk, incoming)[event]
    assert (person, "安源文书" in absent) == ("安源承办", True)
    acts = desk.history("安源文书", incoming)
    assert all("安源文书" in act["on_behalf_name"] for act in acts if act["person_name"] == "安源承办")
