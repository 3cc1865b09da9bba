"""Documents that come in: from outside the suite by hand, answered by one's own, and closed."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from services.archives.domain.retention import decide_retention
from services.archives.domain.retention_defaults import DEFAULT_SCHEDULE
from shared.events.dossier import from_json
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.service.documents.desk import Desk
from tests.support.office_files import PNG, pdf_file, scanned_pdf, word_file

TITLE = "某省人民政府办公厅关于某事的通知"
LETTER = word_file(["各市人民政府：", "请认真办理某事，按时报送情况。"], title=TITLE)
FACTS = {
    "kind": "通知",
    "sender_name": "某省人民政府办公厅",
    "sender_relation": "superior",
    "source_number": "某府办发〔2026〕9号",
}


def enter(desk: Desk, by: str, data: bytes = LETTER, name: str = "来文.docx", **facts: Any) -> Any:
    return desk.ask(by, "POST", "/incoming", files={"file": (name, data)}, data={**FACTS, **facts})


def handled(desk: Desk, incoming: str) -> None:
    """From arrival to the end of handling, with the wish that it be answered."""
    desk.accepted(incoming)
    desk.complete(incoming, "propose", "安源主任", choices={"instruct": desk.choose("安源区长")})
    desk.complete(
        incoming,
        "instruct",
        "安源区长",
        opinion="请办理并答复",
        choices={"handle": desk.choose(lead="安源承办")},
        variables={"needs_reply": True},
    )
    desk.complete(incoming, "handle", "安源承办", opinion="已办理", variables={"needs_reply": True})


def dossier_of(desk: Desk, document_id: str) -> Any:
    return from_json(desk.offices.blobs.read(closing_of(desk, document_id)["dossier"]["digest"]))


def closing_of(desk: Desk, document_id: str) -> Any:
    closing = sa.select(OutboxEvent.data).where(
        OutboxEvent.key == "document.closed.v1", OutboxEvent.subject == document_id
    )
    with desk.offices.session() as session:
        return json.loads(session.scalars(closing).one())


def test_entering_by_hand_takes_a_registry(desk: Desk) -> None:
    assert enter(desk, "").status_code == 401
    assert enter(desk, "安源主任").json()["code"] == "auth.missing_permission"


@pytest.mark.parametrize(
    ("data", "name", "facts", "refused"),
    [
        (
            word_file(["正文。"], head=["机密★1年"], title=TITLE),
            "来文.docx",
            {},
            (422, "documents.secret_document"),
        ),
        (LETTER, "来文.docx", {"title": "某事（秘密）"}, (422, "documents.secret_document")),
        (LETTER, "来文.docx", {"source_number": "机密★1年"}, (422, "documents.secret_document")),
        (scanned_pdf(), "扫描件.pdf", {}, (422, "documents.file_without_text")),
        (LETTER, "来文.docx", {"kind": "方案"}, (422, "documents.rides_on_notice")),
        (LETTER, "来文.docx", {"received_as": "something"}, (422, "web.fields_invalid")),
        (LETTER, "来文.docx", {"dated": "昨天"}, (422, "web.fields_invalid")),
        (LETTER, "来文.docx", {"sender_relation": "own"}, (422, "web.fields_invalid")),
        (b"MZ" + bytes(100), "来文.docx", {}, (415, "documents.file_not_what_it_says")),
    ],
)
def test_what_cannot_be_entered_is_refused_with_the_reason(
    desk: Desk, data: bytes, name: str, facts: dict[str, str], refused: tuple[int, str]
) -> None:
    answer = enter(desk, "安源文书", data, name, **facts)
    assert (answer.status_code, answer.json()["code"]) == refused


def test_where_an_outside_sender_stands_is_asked_for(desk: Desk) -> None:
    facts = {name: value for name, value in FACTS.items() if name != "sender_relation"}
    answer = desk.ask("安源文书", "POST", "/incoming", files={"file": ("来文.docx", LETTER)}, data=facts)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["sender_relation"])


def test_a_document_from_outside_goes_the_same_way(desk: Desk) -> None:
    answer = enter(desk, "安源文书", urgency="特急", dated="2026-11-01")
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert (document["title"], document["source_number"], document["state_label"]) == (
        TITLE,
        "某府办发〔2026〕9号",
        "待签收",
    )
    assert document["body"][0] == "各市人民政府："
    desk.accepted(document["id"])
    row = desk.row(document["id"])
    assert (row.state, row.received_at is not None) == ("proposing", True)
    assert row.incoming_number
    found = desk.get("安源文书", "/documents", params={"q": "某府办发2026 9"})["items"]
    assert document["id"] in [each["id"] for each in found]


SCANS = [(scanned_pdf(), "扫描件.pdf"), (PNG, "拍照.png"), (pdf_file(TITLE, "正文若干。"), "来文.pdf")]


@pytest.mark.parametrize(("data", "name"), SCANS)
def test_a_scan_is_entered_under_a_title_given_by_hand(desk: Desk, data: bytes, name: str) -> None:
    answer = enter(desk, "安源文书", data, name, title="某厅关于某事的函")
    assert answer.status_code == 201, answer.text
    assert answer.json()["title"] == "某厅关于某事的函"
    file = answer.json()["files"][0]
    content = desk.ask("安源文书", "GET", f"/documents/{answer.json()['id']}/files/{file['id']}/content")
    assert content.content == data


def test_a_reply_answers_what_came_in_and_nothing_else(desk: Desk) -> None:
    own = desk.draft()
    answer = desk.ask("市拟稿", "POST", "/documents", json=desk.a_draft(reply_to_id=own))
    assert (answer.status_code, answer.json()["code"]) == (422, "documents.only_incoming_answered")
    foreign = desk.incoming(desk.issued(), "安源")
    for unseen in (foreign, str(new_id())):
        answer = desk.ask("市拟稿", "POST", "/documents", json=desk.a_draft(reply_to_id=unseen))
        assert (answer.status_code, answer.json()["code"]) == (404, "documents.not_found")


def test_what_wants_an_answer_is_closed_after_the_reply_and_both_files_say_so(desk: Desk) -> None:
    source = desk.issued()
    incoming = desk.incoming(source, "安源")
    handled(desk, incoming)
    assert desk.state(incoming) == "replying"
    item = desk.item(incoming, "reply", "安源承办")
    early = desk.verb("安源承办", incoming, item, "complete")
    assert (early.status_code, early.json()["code"]) == (422, "documents.reply_missing")

    draft = desk.a_draft(
        kind="函",
        title="安源区人民政府关于电子文件归档工作的函",
        body=["有关工作已经完成。", "特此函复。"],
        issuing_code="安府发",
        recipients=[{"unit_id": desk.unit("市政府办")}],
        reply_to_id=incoming,
    )
    reply = desk.ask("安源承办", "POST", "/documents", json=draft).json()["id"]
    desk.complete(reply, "draft", "安源承办", choices={"review": desk.choose("安源主任")})
    desk.complete(reply, "review", "安源主任", choices={"sign": desk.choose("安源区长")})
    desk.complete(reply, "sign", "安源区长", outcome="agree")
    desk.complete(reply, "check", "安源文书", outcome="pass")
    number = desk.complete(reply, "register", "安源文书")["number"]
    desk.complete(reply, "render", "安源文书")
    desk.complete(reply, "issue", "安源文书")

    replied = desk.history("安源承办", incoming)[-1]
    assert (replied["verb"], replied["details"]["number"]) == ("replied", number)
    desk.complete(incoming, "reply", "安源承办")
    desk.complete(incoming, "close", "安源文书")
    assert desk.state(incoming) == "closed"
    assert desk.row(reply).correlation_id == desk.row(source).correlation_id
    assert closing_of(desk, incoming)["answered_by_id"] == reply
    assert closing_of(desk, reply)["answered_by_id"] is None
    answered, answering = dossier_of(desk, incoming), dossier_of(desk, reply)
    assert [(link.kind, link.number) for link in answered.links] == [("replied_by", number)]
    assert [(link.kind, str(link.document_id)) for link in answering.links] == [("replies_to", incoming)]
    desk.deliver(reply)
    assert desk.incoming(reply, "市政府办")


def closed(desk: Desk, incoming: str, *, propose: Any = None, instruct: Any = None) -> None:
    """From arrival in 安源 to closing, with what was said at two steps; without an instruction it is only read."""
    desk.accepted(incoming)
    if instruct is None:
        only_read = {"variables": {"read_only": True}, **(propose or {})}
        desk.do(incoming, "propose", "安源主任", **only_read)
        desk.do(incoming, "circulate", "安源文书")
    else:
        to_leader = {"instruct": desk.offices.choose("安源区长")}
        desk.do(incoming, "propose", "安源主任", choices=to_leader, **(propose or {}))
        to_handler = {"handle": desk.offices.choose(lead="安源承办")}
        desk.do(incoming, "instruct", "安源区长", choices=to_handler, **instruct)
        desk.do(incoming, "handle", "安源承办")
    desk.do(incoming, "close", "安源文书")


def row_for(desk: Desk, document_id: str) -> tuple[str | None, str]:
    """How long the archives keep it, and by which row of the schedule."""
    decision = decide_retention(dossier_of(desk, document_id), DEFAULT_SCHEDULE)
    return decision.retention, decision.rule_code


@pytest.mark.parametrize(
    ("relation", "said", "kept"),
    [
        ("superior", {"instruct": {}}, ("D30", "3.2")),
        ("superior", {"instruct": {"importance": "important", "subject_class": "档案"}}, ("Y", "3.1")),
        ("superior", {"propose": {"importance": "important"}}, ("Y", "3.1")),
        ("superior", {}, (None, "N2")),
        ("subordinate", {"instruct": {}}, ("D10", "3.5")),
        ("peer", {"instruct": {}}, ("D10", "4.3")),
    ],
)
def test_what_came_from_outside_is_kept_by_its_sender_and_its_weight(
    desk: Desk, relation: str, said: Any, kept: tuple[str | None, str]
) -> None:
    incoming = enter(desk, "安源文书", sender_relation=relation).json()["id"]
    closed(desk, incoming, **said)
    assert row_for(desk, incoming) == kept
    assert dossier_of(desk, incoming).subject_class == said.get("instruct", {}).get("subject_class")


def test_what_is_only_read_may_still_be_answered_by_whoever_proposed(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    desk.accepted(incoming)
    desk.do(incoming, "propose", "安源主任", variables={"read_only": True, "needs_reply": True})
    desk.complete(incoming, "circulate", "安源文书", variables={"needs_reply": True})
    assert desk.state(incoming) == "replying"
    desk.complete(incoming, "reply", "安源主任", opinion="已电话答复")
    desk.complete(incoming, "close", "安源文书")
    assert row_for(desk, incoming) == (None, "N2")


def test_what_came_from_inside_may_be_important_too_and_what_is_said_last_counts(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    closed(desk, incoming, propose={"importance": "general"}, instruct={"importance": "important"})
    assert row_for(desk, incoming) == ("Y", "3.1")
    said = [(act["verb"], act["details"].get("importance")) for act in desk.history("安源文书", incoming)]
    assert [each for each in said if each[1]] == [("propose", "general"), ("instruct", "important")]


def test_its_weight_is_said_where_that_is_decided_and_not_in_passing(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    item = desk.item(incoming, "sign_for", "安源文书")
    said = {"outcome": "accept", "importance": "important", "subject_class": "档案"}
    refused = desk.verb("安源文书", incoming, item, "complete", said)
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.no_weight_here")
    assert list(refused.json()["errors"]) == ["importance", "subject_class"]
    assert desk.state(incoming) == "arrived"


def test_an_answer_by_other_means_is_written_down(desk: Desk) -> None:
    incoming = desk.incoming(desk.issued(), "安源")
    handled(desk, incoming)
    desk.complete(incoming, "reply", "安源承办", opinion="已电话答复市政府办公室")
    desk.complete(incoming, "close", "安源文书")
    assert desk.state(incoming) == "closed"
    sheet = next(
        file
        for file in desk.get("安源文书", f"/documents/{incoming}")["files"]
        if file["role"] == "processing_sheet"
    )
    assert sheet["title"] == "文件处理单"
    content = desk.ask("安源文书", "GET", f"/documents/{incoming}/files/{sheet['id']}/content")
    assert content.content.startswith(b"%PDF")
    assert content.headers["Content-Type"] == "application/pdf"


def test_attachments_travel_with_the_document(desk: Desk) -> None:
    document_id = desk.draft()
    files = {"file": ("责任分工.docx", word_file(["甲负责。"]))}
    path, named = f"/documents/{document_id}/attachments", {"title": "责任分工表"}
    added = desk.ask("市拟稿", "POST", path, files=files, data=named)
    assert added.status_code == 201
    desk.complete(document_id, "draft", "市拟稿", choices={"review": desk.choose("市核稿")})
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})
    desk.complete(document_id, "sign", "市签发", outcome="agree")
    desk.complete(document_id, "check", "市文书", outcome="pass")
    desk.complete(document_id, "register", "市文书")
    desk.complete(document_id, "render", "市文书")
    desk.complete(document_id, "issue", "市文书")
    desk.deliver(document_id)
    incoming = desk.incoming(document_id, "湘东")
    got = desk.get("湘东文书", f"/documents/{incoming}")["files"]
    assert [(file["role"], file["title"]) for file in got] == [
        ("attachment", "责任分工表"),
        ("rendered", "正本"),
    ]
    for file in got:
        content = desk.ask("湘东文书", "GET", f"/documents/{incoming}/files/{file['id']}/content")
        assert len(content.content) == file["size"]
