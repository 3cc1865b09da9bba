"""Whatever comes in wrong gets a clear answer in Chinese, and nothing is lost or half done."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from shared.ids import new_id
from tests.service.documents.brimful import without_room
from tests.service.documents.desk import Desk
from tests.support.office_files import PNG

HAN = re.compile("[\u4e00-\u9fff]")

NO_UNIT = "0190f000-0000-7000-8000-000000000001"


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Status and code of a refusal that a person can read and an operator can trace."""
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert HAN.search(problem["title"])
    assert problem["correlation_id"] == answer.headers["X-Correlation-Id"]
    return answer.status_code, problem["code"]


def send_raw(desk: Desk, body: bytes, content_type: str = "application/json") -> requests.Response:
    return desk.ask("市拟稿", "POST", "/documents", data=body, headers={"Content-Type": content_type})


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b'{"title": "\xb9\xd8\xd3\xda"}', (400, "web.not_utf8")),
        (b"{", (400, "web.not_json")),
        (b"[" * 5000 + b"]" * 5000, (400, "web.not_json")),
        (b'{"title": "a\\u0000b"}', (400, "web.characters_invalid")),
        (b'{"title": "a\\ud800b"}', (400, "web.characters_invalid")),
        (b'["title"]', (422, "web.fields_invalid")),
        (b"null", (422, "web.fields_invalid")),
        (b'{"title": 5, "body": [1], "kind": null}', (422, "web.fields_invalid")),
        (b" " * (1024 * 1024 + 1), (413, "web.body_too_large")),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(desk: Desk, body: bytes, refused: tuple[int, str]) -> None:
    assert refusal(send_raw(desk, body)) == refused


def test_another_type_of_body_is_refused(desk: Desk) -> None:
    assert refusal(send_raw(desk, b"<a/>", "application/xml")) == (415, "web.media_type_wrong")


def test_every_wrong_field_is_named(desk: Desk) -> None:
    draft = desk.a_draft(colour="red", urgency="十万火急", recipients=[{"unit": "x"}], body=[5])
    answer = desk.ask("市拟稿", "POST", "/documents", json=draft)
    assert refusal(answer) == (422, "web.fields_invalid")
    errors = answer.json()["errors"]
    assert set(errors) == {"colour", "urgency", "recipients", "body"}
    assert errors["colour"] == ["没有这个字段"]


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/documents?limit=many", (422, "web.fields_invalid")),
        ("/documents?limit=100000", (422, "web.fields_invalid")),
        ("/documents?after=xyz", (422, "web.cursor_invalid")),
        ("/documents?created_from=2026-11-01", (422, "web.fields_invalid")),
        ("/documents?direction=sideways", (422, "web.fields_invalid")),
        ("/documents?surprise=1", (422, "web.fields_invalid")),
        ("/documents?q=%00", (400, "web.characters_invalid")),
        ("/documents/not-an-id", (404, "web.no_such_route")),
        ("/flows/nothing", (404, "flow.definition_not_found")),
        ("/posts?permission=all", (422, "web.fields_invalid")),
        (f"/posts?permission=documents.sign&unit_id={NO_UNIT}", (422, "directory.unit_unknown")),
    ],
)
def test_a_wrong_question_is_refused(desk: Desk, path: str, refused: tuple[int, str]) -> None:
    assert refusal(desk.ask("市拟稿", "GET", path)) == refused


@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        ({"opinion": "见" * 2001}, "web.fields_invalid"),
        ({"opinion": ["同意"]}, "web.fields_invalid"),
        ({"outcome": "perhaps"}, "flow.outcome_invalid"),
        ({"variables": {"colour": "red"}}, "flow.variable_unknown"),
        ({"choices": {"nowhere": {"post_ids": []}}}, "flow.step_unknown"),
        ({"choices": {"sign": {"post_ids": []}}}, "flow.step_not_chosen"),
        ({"choices": {"review": {"post_ids": ["x"]}}}, "web.fields_invalid"),
        ({"choices": {"review": {"post_ids": [str(new_id())]}}}, "directory.post_unknown"),
        ({"choices": {"review": {"deadline": "2026-02-30"}}}, "web.fields_invalid"),
    ],
)
def test_a_step_done_wrongly_is_not_done(desk: Desk, request_body: dict[str, Any], code: str) -> None:
    document_id = desk.draft()
    answer = desk.verb(
        "市拟稿", document_id, desk.item(document_id, "draft", "市拟稿"), "complete", request_body
    )
    assert refusal(answer) == (422, code)
    assert desk.verbs("市拟稿", document_id) == ["create"]


def test_an_opinion_of_the_greatest_length_is_taken(desk: Desk) -> None:
    document_id = desk.draft()
    chosen = {"review": desk.choose("市核稿")}
    desk.complete(document_id, "draft", "市拟稿", opinion="见" * 2000, choices=chosen)
    assert desk.history("市拟稿", document_id)[-1]["opinion"] == "见" * 2000


def test_an_upload_of_200_megabytes_is_refused_before_it_is_sent(desk: Desk) -> None:
    began = time.monotonic()
    answer = announced(desk, f"Content-Length: {200 * 1024 * 1024}", iter(()))
    assert answer.startswith(b"HTTP/1.1 413")
    assert "60 MB" in answer.decode()
    assert time.monotonic() - began < 5


def test_an_upload_without_a_length_is_refused_at_the_limit(desk: Desk) -> None:
    head = b'--line\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    pieces = (head, *[bytes(1024 * 1024)] * 64)
    assert announced(desk, "Transfer-Encoding: chunked", iter(pieces)).startswith(b"HTTP/1.1 413")


def announced(desk: Desk, length: str, pieces: Iterator[bytes]) -> bytes:
    """The answer to an upload that is sent piece by piece, as long as the other side takes it."""
    address = urlsplit(desk.api.base)
    token = desk.api.key.token(desk.person("市拟稿"))
    head = (
        f"POST {address.path}/documents/read-file HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=line\r\n{length}\r\n\r\n"
    )
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as connection:
        connection.sendall(head.encode())
        for piece in pieces:
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        return connection.recv(65536)


def test_a_token_that_expires_on_the_way_stops_the_request_and_nothing_else(desk: Desk) -> None:
    document_id = desk.submitted()
    item = desk.item(document_id, "review", "市核稿")
    path = f"/documents/{document_id}/items/{item}/complete"
    body = {"opinion": "拟同意", "choices": {"sign": desk.choose("市签发")}}
    expired = desk.api.key.token(desk.person("市核稿"), issued_at=desk.now() - timedelta(minutes=30))
    answer = desk.api.ask("POST", path, token=expired, json=body)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert refusal(answer)[1].startswith("auth.")
    assert desk.state(document_id) == "reviewing"
    assert desk.verb("市核稿", document_id, item, "complete", body).json()["state"] == "approving"


def test_a_full_store_stops_an_upload_and_nothing_is_half_done(desk: Desk) -> None:
    document_id = desk.draft()
    path, files = f"/documents/{document_id}/attachments", {"file": ("名单.png", PNG + b"full")}
    with without_room(desk.blob_folder):
        assert refusal(desk.ask("市拟稿", "POST", path, files=files)) == (507, "files.storage_full")
    assert desk.get("市拟稿", f"/documents/{document_id}")["files"] == []
    assert desk.verbs("市拟稿", document_id) == ["create"]
    assert desk.ask("市拟稿", "POST", path, files=files).status_code == 201


@pytest.mark.parametrize("step", ["render", "issue"])
def test_a_full_store_stops_a_step_and_it_goes_on_when_there_is_room(desk: Desk, step: str) -> None:
    document_id = desk.numbered(body=[f"本件为第 {step} 步而写。"])
    number = desk.row(document_id).number
    if step == "issue":
        desk.complete(document_id, "render", "市文书")
    before = desk.verbs("市文书", document_id)
    item = desk.item(document_id, step, "市文书")
    with without_room(desk.blob_folder):
        assert refusal(desk.verb("市文书", document_id, item, "complete")) == (507, "files.storage_full")
    assert desk.verbs("市文书", document_id) == before
    row = desk.row(document_id)
    assert (row.issued_at, row.closed_at, row.number) == (None, None, number)
    assert desk.verb("市文书", document_id, item, "complete").status_code == 200
    assert desk.row(document_id).number == number


def test_a_full_store_stops_what_is_entered_by_hand(desk: Desk) -> None:
    files = {"file": ("来文.txt", "某厅关于某事的通知\n各单位：\n请办理。".encode())}
    facts = {
        "kind": "通知",
        "sender_name": "某厅",
        "sender_relation": "superior",
        "source_number": f"某厅{new_id()}",
    }
    with without_room(desk.blob_folder):
        answer = desk.ask("安源文书", "POST", "/incoming", files=files, data=facts)
        assert refusal(answer) == (507, "files.storage_full")
    listed = desk.get("安源文书", "/documents", params={"q": facts["source_number"]})["items"]
    assert listed == []
