"""The HTTP edge against callers who mean harm, or whose programs are broken: nothing leaks, hangs or is confused."""

import base64
import json
import resource
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
import requests
import sqlalchemy as sa

from shared.audit import AuditEntry
from shared.auth import revoke
from shared.auth.tokens import ALGORITHM, TOKEN_TYPE
from shared.permissions import Permission
from tests.support.api import RunningApi, SignedIn, a_person, serving
from tests.support.databases import ServiceDatabases
from tests.support.notes import SERVICE
from tests.support.notes.models import Base
from tests.support.raw_http import RawConnection
from tests.support.waiting import eventually

API = "tests.support.notes.api:NotesApi"


@pytest.fixture(scope="module")
def api(databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    folder, url = tmp_path_factory.mktemp("hostile"), databases.of(SERVICE)
    with serving("notes", url, folder, api=API) as running:
        Base.metadata.create_all(running.database.engine)
        yield running


@pytest.fixture
def writer() -> SignedIn:
    return a_person(Permission.MOBILE_USE)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def code_of(reply: requests.Response) -> tuple[int, str]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    return reply.status_code, reply.json()["code"]


def signed(api: RunningApi, person: SignedIn, *, headers: dict[str, object], **claims: object) -> str:
    """A token with identity's own signature and whatever else is asked for."""
    genuine = jwt.decode(api.key.token(person), options={"verify_signature": False})
    changed = {name: value for name, value in {**genuine, **claims}.items() if value is not None}
    head = {"typ": TOKEN_TYPE, "kid": api.key.kid, **headers}
    return jwt.encode(changed, api.key._key, algorithm=ALGORITHM, headers=head)


@pytest.mark.parametrize(
    "header",
    [
        {"kid": 5},
        {"kid": ["x"]},
        {"kid": {"a": 1}},
        {"kid": None},
        {"kid": "\x00"},
        {"kid": "\ud800"},
        {"kid": "' OR 1=1"},
    ],
)
def test_a_key_id_that_names_no_key_of_ours_is_refused(api: RunningApi, header: dict[str, object]) -> None:
    body = base64.urlsafe_b64encode(b"{}").decode().rstrip("=")
    head = base64.urlsafe_b64encode(json.dumps({"alg": ALGORITHM, "typ": TOKEN_TYPE, **header}).encode())
    token = f"{head.decode().rstrip('=')}.{body}.{'A' * 86}"
    assert code_of(api.get("/notes", token=token)) == (401, "auth.token_invalid")


@pytest.mark.parametrize(
    "name", ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "sid", "tenure", "post", "unit"]
)
def test_a_token_that_lacks_a_claim_is_refused(api: RunningApi, name: str) -> None:
    token = signed(api, a_person(), headers={}, **{name: None})
    assert code_of(api.get("/notes", token=token)) == (401, "auth.token_invalid")


@pytest.mark.parametrize(
    ("headers", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"typ": "id_token"}, {}),
        ({}, {"iss": "urn:somebody:else"}),
        ({}, {"aud": "urn:another:suite"}),
        ({}, {"sub": "nobody"}),
        ({}, {"iat": "yesterday"}),
        ({}, {"exp": 1e30}),
        ({}, {"exp": "never"}),
        ({}, {"scope": ["mobile.use"]}),
    ],
)
def test_a_token_for_something_else_is_refused(
    api: RunningApi, headers: dict[str, object], claims: dict[str, object]
) -> None:
    token = signed(api, a_person(), headers=headers, **claims)
    assert code_of(api.get("/notes", token=token)) == (401, "auth.token_invalid")


def test_a_token_signed_in_another_manner_is_refused(api: RunningApi) -> None:
    claims = jwt.decode(api.key.token(a_person()), options={"verify_signature": False})
    head = {"typ": TOKEN_TYPE, "kid": api.key.kid}
    unsigned = jwt.encode(claims, None, algorithm="none", headers=head)
    with_public_key = jwt.encode(claims, "x" * 64, algorithm="HS256", headers=head)
    for token in (unsigned, with_public_key):
        assert code_of(api.get("/notes", token=token)) == (401, "auth.token_invalid")


def test_a_sign_in_that_was_ended_is_over_for_tokens_of_a_clock_ahead_too(
    api: RunningApi, writer: SignedIn
) -> None:
    ahead = api.key.token(writer, issued_at=datetime.now(UTC) + timedelta(seconds=30))
    assert api.get("/notes", token=ahead).status_code == 200
    with api.database.transaction() as session:
        revoke(session, subject_id=writer.session_id, revoked_at=datetime.now(UTC), reason="logout")
    assert code_of(api.get("/notes", token=ahead)) == (401, "auth.access_ended")


def test_who_was_disabled_and_is_back_may_sign_in_again(api: RunningApi, writer: SignedIn) -> None:
    with api.database.transaction() as session:
        before = datetime.now(UTC) - timedelta(minutes=1)
        revoke(session, subject_id=writer.person_id, revoked_at=before, reason="person_disabled")
    assert api.get("/notes", writer).status_code == 200


def test_an_open_address_is_open_also_with_a_token_that_is_over(api: RunningApi) -> None:
    expired = api.key.token(a_person(), issued_at=datetime.now(UTC) - timedelta(hours=1))
    assert api.get("/open", token=expired).status_code == 200
    assert api.get("/open", token="nonsense").status_code == 200


@pytest.mark.parametrize(
    "after",
    [
        "[" * 5000,
        '["a\\u0000b", "1"]',
        '["a\\ud800", "1"]',
        '["a", 1e999]',
        '["a", "99999999999999999999999"]',
        '["a", -99999999999999999999999]',
        '[{"a": 1}, "1"]',
        '{"0": "a"}',
    ],
)
def test_a_cursor_made_up_by_the_caller_is_refused(api: RunningApi, writer: SignedIn, after: str) -> None:
    reply = api.get("/titles", writer, params={"after": cursor(after)})
    assert (reply.status_code, reply.headers["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_no_page_or_package_can_hold_is_refused(
    api: RunningApi, writer: SignedIn, character: str
) -> None:
    for body in ({"text": f"通知{character}一"}, {"text": "x", "tags": [f"a{character}"]}):
        assert code_of(api.post("/notes", writer, json=body)) == (400, "web.characters_invalid")
    assert api.post("/notes", writer, json={"text": "一行\n二行\t\u3000〔2026〕𠮷😀"}).status_code == 201


@pytest.mark.parametrize("key", ["a\x00b", "\x00"])
def test_a_key_of_characters_that_are_none_is_refused(api: RunningApi, writer: SignedIn, key: str) -> None:
    with RawConnection(api.base) as line:
        headers = [
            ("Authorization", f"Bearer {api.key.token(writer)}"),
            ("Content-Type", "application/json"),
            ("Content-Length", "13"),
            ("Idempotency-Key", key),
        ]
        line.send("POST", "/api/notes/notes", headers, b'{"text": "x"}')
        assert line.read_answer().status in (400, 422)


def test_a_key_of_one_post_gets_no_answer_in_another(api: RunningApi, writer: SignedIn) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert api.post("/notes", writer, json={"text": "as a clerk"}, headers=key).status_code == 201
    elsewhere = writer.in_post(uuid.uuid4())
    reply = api.post("/notes", elsewhere, json={"text": "as a clerk"}, headers=key)
    assert code_of(reply) == (422, "web.idempotency_key_reused")


def test_a_key_gets_no_answer_for_who_lost_the_permission(api: RunningApi, writer: SignedIn) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert api.post("/notes", writer, json={"text": "while allowed"}, headers=key).status_code == 201
    demoted = writer.in_post(writer.post_id, permissions=[])
    reply = api.post("/notes", demoted, json={"text": "while allowed"}, headers=key)
    assert code_of(reply) == (403, "auth.missing_permission")


def test_a_content_that_is_gone_is_told_as_such(api: RunningApi, writer: SignedIn) -> None:
    missing = "sha256:" + "0" * 64
    assert code_of(api.get(f"/files/{missing}", writer)) == (404, "files.content_missing")
    assert code_of(api.get("/files/..%2f..%2fetc", writer))[0] == 404


def test_a_page_that_somebody_uploaded_can_do_nothing(api: RunningApi, writer: SignedIn) -> None:
    reply = api.get("/stream", writer, stream=True)
    with reply:
        policy = reply.headers["Content-Security-Policy"]
    for forbidden in (
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ):
        assert forbidden in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_asking_only_for_the_head_of_a_stream_leaves_none_open(api: RunningApi, writer: SignedIn) -> None:
    assert api.ask("HEAD", "/stream", writer).status_code == 200
    with api.get("/stream", writer, stream=True) as reply:
        assert next(reply.iter_content(64))
    eventually(lambda: api.get("/listeners").json()["size"] == 0)


def test_a_request_that_hides_another_in_its_body_is_the_last_on_its_line(
    api: RunningApi, writer: SignedIn
) -> None:
    hidden = b"GET /api/notes/open HTTP/1.1\r\nHost: x\r\n\r\n"
    for coding in ("xchunked", "gzip, chunked", "identity"):
        with RawConnection(api.base) as line:
            headers = [("Authorization", f"Bearer {api.key.token(writer)}"), ("Transfer-Encoding", coding)]
            line.send("GET", "/api/notes/notes", headers, hidden)
            line.read_answer()
            assert line.is_closed()


def test_two_lengths_are_refused(api: RunningApi, writer: SignedIn) -> None:
    with RawConnection(api.base) as line:
        lengths = [("Content-Length", "0"), ("Content-Length", "42")]
        line.send("GET", "/api/notes/open", lengths, b"GET /api/notes/open HTTP/1.1\r\nHost: x\r\n\r\n")
        line.read_answer()
        assert line.is_closed()


def test_who_is_asked_to_wait_does_not_fill_the_audit_log(
    databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, url = tmp_path_factory.mktemp("flood"), databases.of(SERVICE)
    with serving("notes", url, folder, api=API, environment={"YIWANG_REQUESTS_PER_SECOND": "1"}) as busy:
        Base.metadata.create_all(busy.database.engine)
        person = a_person()
        statuses = [busy.post("/notes", person, json={"text": "x"}).status_code for _ in range(40)]
        assert statuses[-1] == 429
        with busy.database.session() as session:
            kept = session.scalar(
                sa.select(sa.func.count()).where(
                    AuditEntry.person_id == person.person_id, AuditEntry.outcome == "web.too_often"
                )
            )
        assert kept == 0


def test_readiness_is_not_looked_at_anew_for_everybody_who_asks(api: RunningApi) -> None:
    """Each look writes to the content store, and nobody needs to sign in to ask."""
    base = api.base.removesuffix("/api/notes")
    blobs = Path(api.program.log.parent) / "blobs"
    assert requests.get(f"{base}/readyz", timeout=30).status_code == 200
    looked_at = blobs.stat().st_mtime_ns
    assert {requests.get(f"{base}/readyz", timeout=30).status_code for _ in range(20)} == {200}
    asked = eventually(
        lambda: requests.get(f"{base}/readyz", timeout=30).ok and blobs.stat().st_mtime_ns > looked_at, 15
    )
    assert asked


def test_a_process_that_can_accept_no_connection_ends(databases: ServiceDatabases, tmp_path: Path) -> None:
    """Its port would go on taking connections, and nobody would ever be answered."""
    with serving("notes", databases.of(SERVICE), tmp_path, api=API) as running:
        open_now = len(list(Path(f"/proc/{running.program.pid}/fd").iterdir()))
        resource.prlimit(running.program.pid, resource.RLIMIT_NOFILE, (open_now, open_now))
        with RawConnection(running.base):
            assert running.program.wait(30) != 0
        assert "no connection can be accepted" in running.program.output
