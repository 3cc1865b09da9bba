"""The HTTP edge over a small api: whatever comes in, the answer is one that a person and a program can read."""

import json
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from shared.audit import AuditEntry
from shared.auth import revoke
from shared.permissions import Permission
from tests.support.api import RunningApi, SignedIn, a_person, serving
from tests.support.databases import ServiceDatabases
from tests.support.notes import SERVICE
from tests.support.notes.api import CRASH, WAIT
from tests.support.notes.models import Base, Note
from tests.support.raw_http import RawConnection

API = "tests.support.notes.api:NotesApi"
LIMITS = {
    "YIWANG_MAX_BODY_BYTES": "20000",
    "YIWANG_MAX_UPLOAD_BYTES": "200000",
    "YIWANG_READ_TIMEOUT_SECONDS": "1",
}
JSON = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def api(databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    folder, url = tmp_path_factory.mktemp("notes"), databases.of(SERVICE)
    with serving("notes", url, folder, api=API, environment=LIMITS) as running:
        Base.metadata.create_all(running.database.engine)
        yield running


@pytest.fixture
def writer() -> SignedIn:
    return a_person(Permission.MOBILE_USE)


@pytest.fixture
def line(api: RunningApi) -> Iterator[RawConnection]:
    with RawConnection(api.base) as opened:
        yield opened


def notes(api: RunningApi, text: str) -> int:
    with api.database.session() as session:
        found = session.scalar(sa.select(sa.func.count()).where(Note.text == text))
    return found or 0


def bearer(api: RunningApi, person: SignedIn) -> tuple[str, str]:
    return ("Authorization", f"Bearer {api.key.token(person)}")


def assert_problem(reply: requests.Response, status: int, code: str) -> dict[str, Any]:
    """It is a problem (RFC 9457) with everything that one has; returns it."""
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = reply.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:yiwang:problem:{code}"
    assert problem["title"]
    assert problem["correlation_id"] == reply.headers["X-Correlation-Id"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    return problem


def test_without_a_token_there_is_nothing_but_a_request_to_sign_in(api: RunningApi) -> None:
    reply = api.post("/notes", json={"text": "x"})
    assert_problem(reply, 401, "auth.token_missing")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "\u00ff", "." * 5000])
def test_no_token_is_refused_whatever_it_looks_like(api: RunningApi, token: str) -> None:
    assert_problem(api.get("/notes", token=token), 401, "auth.token_invalid")


def test_a_post_without_the_permission_is_told_which_one(api: RunningApi) -> None:
    problem = assert_problem(api.post("/notes", a_person(), json={}), 403, "auth.missing_permission")
    assert "使用移动办公" in problem["title"]


def test_every_wrong_field_is_named_at_once(api: RunningApi, writer: SignedIn) -> None:
    body = {"text": "", "number": "many", "tags": "no list", "unknown": 1}
    problem = assert_problem(api.post("/notes", writer, json=body), 422, "web.fields_invalid")
    assert set(problem["errors"]) == {"text", "number", "tags", "unknown"}
    assert problem["errors"]["unknown"] == ["没有这个字段"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "web.not_json"),
        (b"[" * 15_000, 400, "web.not_json"),
        (b'{"text": NaN}', 400, "web.not_json"),
        (b'{"number": ' + b"9" * 10_000 + b"}", 400, "web.not_json"),
        (b'{"text": "\xd6\xd0"}', 400, "web.not_utf8"),
        (b'{"text": "a\\u0000b"}', 400, "web.characters_invalid"),
        (b'{"text": "a\\ud800b"}', 400, "web.characters_invalid"),
        (b"[]", 422, "web.fields_invalid"),
        (b"null", 422, "web.fields_invalid"),
        (b'"text"', 422, "web.fields_invalid"),
        (b'{"text": "x", "number": 1e400}', 422, "web.fields_invalid"),
        (b'{"text": ["x"]}', 422, "web.fields_invalid"),
        (b"", 422, "web.fields_invalid"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_its_reason(
    api: RunningApi, writer: SignedIn, body: bytes, status: int, code: str
) -> None:
    reply = api.post("/notes", writer, data=body, headers=dict([JSON]))
    assert_problem(reply, status, code)


def test_another_media_type_is_refused(api: RunningApi, writer: SignedIn) -> None:
    assert_problem(api.post("/notes", writer, data={"text": "x"}), 415, "web.media_type_wrong")
    assert_problem(api.post("/files", writer, json={"file": "x"}), 415, "web.media_type_wrong")


@pytest.mark.parametrize("query", ["after=%FF", "after=%E5%85", "%C3=1", "after=100%", "after=%zz"])
def test_a_query_that_is_no_percent_encoded_text_is_refused(
    api: RunningApi, writer: SignedIn, line: RawConnection, query: str
) -> None:
    line.send("GET", f"/api/notes/notes?{query}", [("Authorization", f"Bearer {api.key.token(writer)}")])
    answer = line.read_answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "web.query_unreadable")


@pytest.mark.parametrize("path", ["/titles/a%00b", "/notes?after=%00", "/notes?limit=1&limit=2"])
def test_an_address_is_read_as_strictly_as_a_body(api: RunningApi, writer: SignedIn, path: str) -> None:
    reply = api.get(path, writer)
    assert reply.status_code in (400, 422)
    assert_problem(reply, reply.status_code, reply.json()["code"])


@pytest.mark.parametrize("after", ["x", "W10", "!!!!", "WyJhIl0", "_" * 300])
def test_a_cursor_of_somebody_elses_list_is_refused(api: RunningApi, writer: SignedIn, after: str) -> None:
    assert_problem(api.get("/notes", writer, params={"after": after}), 422, "web.cursor_invalid")


@pytest.mark.parametrize("path", ["/nothing", "/notes/not-an-id", "/notes/%ff", "/", ""])
def test_an_unknown_address_is_not_there(api: RunningApi, writer: SignedIn, path: str) -> None:
    assert_problem(api.get(path, writer), 404, "web.no_such_route")


def test_a_method_that_the_address_does_not_take_is_told_which_ones_it_does(api: RunningApi) -> None:
    reply = api.ask("PATCH", "/notes")
    told = assert_problem(reply, 405, "web.method_not_allowed")
    assert all(method in told["detail"] for method in ("GET", "POST"))
    assert set(reply.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_options_names_the_methods(api: RunningApi) -> None:
    reply = api.ask("OPTIONS", "/notes")
    assert reply.status_code in (204, 405)
    assert set(reply.headers["Allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize("path", ["/open", "/openapi.json", "/docs"])
def test_head_is_get_without_the_body(api: RunningApi, line: RawConnection, path: str) -> None:
    got = api.get(path)
    assert got.status_code == 200
    line.send("HEAD", f"/api/notes{path}")
    answer = line.read_answer(without_body=True)
    assert (answer.status, answer.headers["content-type"]) == (200, got.headers["Content-Type"])
    assert answer.headers["content-length"] == str(len(got.content))
    # Had a body followed, it would be read as the next answer.
    line.send("GET", "/api/notes/open")
    assert line.read_answer().status == 200


def test_the_callers_correlation_id_names_the_request_and_no_chain(api: RunningApi, writer: SignedIn) -> None:
    chain = str(uuid.uuid4())
    text = f"chained {chain}"
    reply = api.post("/notes", writer, json={"text": text}, headers={"X-Correlation-Id": chain})
    assert reply.headers["X-Correlation-Id"] == chain
    entry = the_entry(api, writer)
    assert (entry.action, entry.outcome) == ("notes.write_note", "success")
    assert str(entry.correlation_id) != chain
    assert any(
        chain in line and str(entry.correlation_id) in line for line in api.program.output.splitlines()
    ), "the log leads from the caller's id to the chain"
    made = api.get("/open", headers={"X-Correlation-Id": "no id"}).headers["X-Correlation-Id"]
    assert uuid.UUID(made)
    refused = api.get("/nothing", headers={"X-Correlation-Id": chain})
    assert assert_problem(refused, 404, "web.no_such_route")["correlation_id"] == chain


def test_a_request_without_an_id_is_answered_with_the_id_of_its_chain(
    api: RunningApi, writer: SignedIn
) -> None:
    reply = api.post("/notes", writer, json={"text": "no id"})
    assert reply.headers["X-Correlation-Id"] == str(the_entry(api, writer).correlation_id)


def the_entry(api: RunningApi, person: SignedIn) -> AuditEntry:
    with api.database.session() as session:
        return session.scalars(sa.select(AuditEntry).where(AuditEntry.person_id == person.person_id)).one()


def test_a_failure_tells_nothing_of_the_inside_and_changes_nothing(api: RunningApi, writer: SignedIn) -> None:
    reply = api.post("/notes", writer, json={"text": CRASH})
    problem = assert_problem(reply, 500, "web.internal")
    assert "inside" not in reply.text
    assert problem["correlation_id"] in api.program.output
    assert notes(api, CRASH) == 0
    assert api.post("/notes", writer, json={"text": "after a failure"}).status_code == 201


def test_a_route_that_was_declared_to_read_cannot_write(api: RunningApi, writer: SignedIn) -> None:
    answer = api.get("/sneaking", writer)
    assert (answer.status_code, answer.json()["code"]) == (500, "web.internal")
    assert notes(api, "sneaked in") == 0


def test_the_same_key_gets_the_same_answer_and_has_one_effect(api: RunningApi, writer: SignedIn) -> None:
    key, text = {"Idempotency-Key": str(uuid.uuid4())}, f"once {uuid.uuid4()}"
    first = api.post("/notes", writer, json={"text": text}, headers=key)
    again = api.post("/notes", writer, json={"text": text}, headers=key)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert notes(api, text) == 1


def test_a_key_is_for_one_request_of_one_person(api: RunningApi, writer: SignedIn) -> None:
    key, text = {"Idempotency-Key": str(uuid.uuid4())}, f"mine {uuid.uuid4()}"
    api.post("/notes", writer, json={"text": text}, headers=key)
    other_body = api.post("/notes", writer, json={"text": text, "number": 1}, headers=key)
    assert_problem(other_body, 422, "web.idempotency_key_reused")
    somebody = a_person(Permission.MOBILE_USE)
    assert api.post("/notes", somebody, json={"text": text}, headers=key).status_code == 201
    assert notes(api, text) == 2
    too_long = api.post("/notes", writer, json={"text": text}, headers={"Idempotency-Key": "k" * 201})
    assert_problem(too_long, 422, "web.idempotency_key_too_long")


def test_a_refused_write_may_be_tried_again_under_its_key(api: RunningApi, writer: SignedIn) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert api.post("/notes", writer, json={"text": CRASH}, headers=key).status_code == 500
    assert api.post("/notes", writer, json={"text": ""}, headers=key).status_code == 422
    assert api.post("/notes", writer, json={"text": "third try"}, headers=key).status_code == 201


def test_a_double_click_has_one_effect(api: RunningApi, writer: SignedIn) -> None:
    before = notes(api, WAIT)
    token, key = api.key.token(writer), {"Idempotency-Key": str(uuid.uuid4())}
    at_once = threading.Barrier(4)

    def click(_: int) -> requests.Response:
        at_once.wait()
        headers = {"Authorization": f"Bearer {token}", **key}
        return requests.post(f"{api.base}/notes", json={"text": WAIT}, headers=headers, timeout=30)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(click, range(4)))
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert notes(api, WAIT) == before + 1


def test_who_changes_what_somebody_changed_meanwhile_is_told(api: RunningApi, writer: SignedIn) -> None:
    made = api.post("/notes", writer, json={"text": "first"})
    path, tag = f"/notes/{made.json()['id']}", {"If-Match": made.headers["ETag"]}
    assert api.get(path, writer).headers["ETag"] == made.headers["ETag"]
    changed = api.put(path, writer, json={"text": "second"}, headers=tag)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert_problem(api.put(path, writer, json={"text": "third"}, headers=tag), 412, "notes.changed")
    assert_problem(
        api.put(path, writer, json={"text": "third"}, headers={"If-Match": '"what"'}),
        412,
        "web.revision_unreadable",
    )
    assert api.get(path, writer).json()["text"] == "second"
    assert api.put(path, writer, json={"text": "third"}, headers={"If-Match": "*"}).status_code == 200


def test_what_answers_nothing_says_204(api: RunningApi, writer: SignedIn) -> None:
    made = api.post("/notes", writer, json={"text": "short-lived"}).json()
    gone = api.delete(f"/notes/{made['id']}", writer)
    assert (gone.status_code, gone.content) == (204, b"")
    assert_problem(api.get(f"/notes/{made['id']}", writer), 404, "notes.no_such_note")


def test_pages_neither_skip_nor_repeat(api: RunningApi, writer: SignedIn) -> None:
    for number in range(5):
        api.post("/notes", writer, json={"text": f"page {number}"})
    seen: list[str] = []
    after: str | None = None
    while True:
        query = {"limit": 2, **({"after": after} if after else {})}
        page = api.get("/notes", writer, params=query).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    with api.database.session() as session:
        assert seen == [str(note_id) for note_id in session.scalars(sa.select(Note.id).order_by(Note.id))]


def test_a_body_over_the_limit_is_refused(api: RunningApi, writer: SignedIn) -> None:
    reply = api.post("/notes", writer, json={"text": "x" * 20_000})
    problem = assert_problem(reply, 413, "web.body_too_large")
    assert "19 KB" in problem["detail"]
    exactly = json.dumps({"text": "fits"}).encode().ljust(20_000)
    assert api.post("/notes", writer, data=exactly, headers=dict([JSON])).status_code == 201


def test_200_megabytes_are_refused_before_they_are_sent(
    api: RunningApi, writer: SignedIn, line: RawConnection
) -> None:
    began = perf_counter()
    form = ("Content-Type", "multipart/form-data; boundary=b")
    size = ("Content-Length", str(200 * 1024 * 1024))
    line.send("POST", "/api/notes/files", [bearer(api, writer), form, size], b"--b\r\n")
    answer = line.read_answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "web.body_too_large")
    assert line.is_closed()
    assert perf_counter() - began < 5


def test_a_body_without_a_length_is_read_up_to_the_limit(
    api: RunningApi, writer: SignedIn, line: RawConnection
) -> None:
    chunked = [bearer(api, writer), JSON, ("Transfer-Encoding", "chunked")]
    line.send("POST", "/api/notes/notes", chunked, b'10\r\n{"text":"pieces"\r\n1\r\n}\r\n0\r\n\r\n')
    assert line.read_answer().status == 201
    line.send("POST", "/api/notes/notes", chunked, b"FFFF\r\n" + b"x" * 65_535 + b"\r\n0\r\n\r\n")
    assert line.read_answer().status == 413
    assert line.is_closed()


def test_a_body_without_an_end_is_not_read_on(api: RunningApi, writer: SignedIn, line: RawConnection) -> None:
    line.send("POST", "/api/notes/notes", [bearer(api, writer), JSON, ("Transfer-Encoding", "chunked")])
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with pytest.raises(ConnectionError):
        line.send_bytes(chunk * 1024)
    assert api.get("/notes", writer).status_code == 200


def test_broken_chunks_are_the_callers_mistake(
    api: RunningApi, writer: SignedIn, line: RawConnection
) -> None:
    chunked = [bearer(api, writer), JSON, ("Transfer-Encoding", "chunked")]
    line.send("POST", "/api/notes/notes", chunked, b"no number\r\n{}\r\n0\r\n\r\n")
    assert line.read_answer().status == 400
    assert line.is_closed()


@pytest.mark.parametrize("length", ["-1", "many", ""])
def test_a_length_that_is_none_is_refused(
    api: RunningApi, writer: SignedIn, line: RawConnection, length: str
) -> None:
    line.send("POST", "/api/notes/notes", [bearer(api, writer), JSON, ("Content-Length", length)])
    assert line.read_answer().status in (400, 411)


def test_a_body_that_does_not_come_is_not_waited_for_long(
    api: RunningApi, writer: SignedIn, line: RawConnection
) -> None:
    began = perf_counter()
    headers = [bearer(api, writer), JSON, ("Content-Length", "100")]
    line.send("POST", "/api/notes/notes", headers, b'{"text":')
    answer = line.read_answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (408, "web.body_too_slow")
    assert line.is_closed()
    assert 0.9 < perf_counter() - began < 5


def test_slow_senders_keep_nobody_else_waiting(api: RunningApi, writer: SignedIn) -> None:
    headers = [bearer(api, writer), JSON, ("Content-Length", "100")]
    slow = [RawConnection(api.base) for _ in range(30)]
    for connection in slow:
        connection.send("POST", "/api/notes/notes", headers, b'{"text":')
    began = perf_counter()
    assert api.post("/notes", writer, json={"text": "quick"}).status_code == 201
    assert perf_counter() - began < 0.8
    assert {connection.read_answer().status for connection in slow} == {408}
    for connection in slow:
        connection.close()


def test_a_sender_that_breaks_off_changes_nothing(api: RunningApi, writer: SignedIn) -> None:
    text = f"broken {uuid.uuid4()}"
    body = json.dumps({"text": text}).encode()
    with RawConnection(api.base) as line:
        line.send("POST", "/api/notes/notes", [bearer(api, writer), JSON, ("Content-Length", "999")], body)
        line.stop_sending()
        answer = line.read_answer()
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "web.body_broken_off")
    assert notes(api, text) == 0


def test_the_connection_goes_on_after_a_refusal(
    api: RunningApi, writer: SignedIn, line: RawConnection
) -> None:
    wrong = b'{"text": ""}'
    line.send("POST", "/api/notes/notes", [bearer(api, writer), JSON, ("Content-Length", "12")], wrong)
    assert line.read_answer().status == 422
    line.send("GET", "/api/notes/nothing")
    assert line.read_answer().status == 404
    # The body of a request that nobody is signed in for is not looked at; the next request still is.
    line.send("POST", "/api/notes/notes", [JSON, ("Content-Length", "12")], wrong)
    assert line.read_answer().status == 401
    line.send("GET", "/api/notes/open")
    assert line.read_answer().status == 200


def test_a_form_is_read_with_its_file(api: RunningApi, writer: SignedIn) -> None:
    sent = api.post("/files", writer, files={"file": ("公文 «1».txt", b"x" * 150_000)})
    assert sent.json() == {"name": "公文 «1».txt", "size": 150_000}


def test_a_form_without_its_file_or_its_end_is_refused(api: RunningApi, writer: SignedIn) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    empty = api.post("/files", writer, data=b"--b--\r\n", headers=form)
    assert_problem(empty, 400, "web.file_missing")
    for body in (
        b"",
        b"no form",
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
    ):
        assert api.post("/files", writer, data=body, headers=form).status_code == 400
    no_boundary = api.post("/files", writer, data=b"x", headers={"Content-Type": "multipart/form-data"})
    assert no_boundary.status_code == 400
    unknown = api.post("/files", writer, files={"file": b"x"}, data={"unknown": "1"})
    assert_problem(unknown, 422, "web.fields_invalid")
    too_large = api.post("/files", writer, files={"file": b"x" * 250_000})
    assert_problem(too_large, 413, "web.body_too_large")


def test_access_ends_with_the_next_request(api: RunningApi, writer: SignedIn) -> None:
    token = api.key.token(writer)
    assert api.get("/notes", token=token).status_code == 200
    with api.database.transaction() as session:
        moment = session.scalar(sa.func.clock_timestamp().select())
        assert moment
        revoke(session, subject_id=writer.session_id, revoked_at=moment, reason="logout")
    assert_problem(api.get("/notes", token=token), 401, "auth.access_ended")


def test_a_refused_write_is_in_the_audit_log(api: RunningApi) -> None:
    stranger = a_person()
    api.post("/notes", stranger, json={"text": "x"})
    with api.database.session() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.person_id == stranger.person_id)).one()
    assert (entry.action, entry.outcome) == ("notes.write_note", "auth.missing_permission")


def test_who_asks_too_often_is_asked_to_wait(
    databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, url = tmp_path_factory.mktemp("busy"), databases.of(SERVICE)
    few = {"YIWANG_REQUESTS_PER_SECOND": "1", "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "3"}
    with serving("notes", url, folder, api=API, environment=few) as busy:
        Base.metadata.create_all(busy.database.engine)
        person = a_person()
        replies = [busy.get("/notes", person) for _ in range(21)]
        assert replies[0].status_code == 200
        limited = next(reply for reply in replies if reply.status_code != 200)
        assert_problem(limited, 429, "web.too_often")
        assert int(limited.headers["Retry-After"]) > 0
        assert busy.get("/notes", a_person()).status_code == 200
        of_source = [busy.get("/open").status_code for _ in range(30)]
        assert of_source[-1] == 429
