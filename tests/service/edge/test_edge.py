"""The small edge in front of api processes: what passes through it, and what it refuses by itself."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from shared.runtime.ports import choose_free_ports
from tests.support.processes import RunningProgram

LIMIT = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Passage:
    base: str
    upstream: RunningProgram


@pytest.fixture(scope="module")
def passage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passage]:
    """An edge before one service, and beside it one that does not run."""
    folder = tmp_path_factory.mktemp("edge")
    port, dead = choose_free_ports(2)
    settings = {"YIWANG_HTTP_PORT": str(port), "YIWANG_MAX_UPLOAD_BYTES": str(LIMIT)}
    with RunningProgram(
        ["python", "-m", "tests.support.upstream_process"], folder / "upstream.log"
    ) as upstream:
        target = upstream.wait_for_line("listening on ").rpartition(" ")[2]
        command = ["yiwang", "edge", "--to", f"echo=http://127.0.0.1:{target}"]
        command += ["--to", f"away=http://127.0.0.1:{dead}"]
        with RunningProgram(command, folder / "edge.log", environment=settings) as edge:
            base = f"http://127.0.0.1:{port}"
            edge.wait_for_answer(f"{base}/healthz")
            yield Passage(base=base, upstream=upstream)
            assert edge.stop() == 0


def test_an_address_of_no_service_is_refused(passage: Passage) -> None:
    answer = requests.get(f"{passage.base}/api/unknown/x", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "web.no_such_route")


def test_a_service_that_is_away_is_said_so_in_chinese(passage: Passage) -> None:
    answer = requests.get(f"{passage.base}/api/away/x", timeout=10)
    assert (answer.status_code, answer.json()["title"]) == (502, "服务暂时不可用")
    assert answer.headers["Retry-After"]


def test_it_is_ready_only_when_every_service_is(passage: Passage) -> None:
    answer = requests.get(f"{passage.base}/readyz", timeout=10)
    assert (answer.status_code, answer.json()["complaints"]) == (503, {"/api/away": "unready"})


def test_path_query_body_and_headers_arrive_as_they_were(passage: Passage) -> None:
    answer = requests.post(
        f"{passage.base}/api/echo/a%2Fb?q=%E5%85%AC&x=1",
        data=b"x" * 1000,
        headers={"Authorization": "Bearer t", "Idempotency-Key": "k", "Host": "office.example"},
        timeout=10,
    )
    assert answer.text == "POST /api/echo/a/b?q=%E5%85%AC&x=1 1000"
    heard = {name: answer.headers[f"Heard-{name}"] for name in ("Authorization", "Idempotency-Key", "Host")}
    assert heard == {"Authorization": "Bearer t", "Idempotency-Key": "k", "Host": "office.example"}


def test_the_callers_address_comes_last_whatever_the_caller_claims(passage: Passage) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    answer = requests.get(f"{passage.base}/api/echo/x", headers=claimed, timeout=10)
    assert answer.headers["Heard-X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert answer.headers["Heard-X-Forwarded-Proto"] == "http"


def test_an_event_comes_through_before_the_next_one_is_there(passage: Passage) -> None:
    with requests.get(f"{passage.base}/api/echo/stream", stream=True, timeout=10) as answer:
        pieces = answer.iter_content(None)
        assert next(pieces) == b"data: first\n\n"
        requests.get(f"{passage.base}/api/echo/release", timeout=10)
        assert next(pieces) == b"data: second\n\n"


def test_a_body_over_the_limit_is_refused_unread(passage: Passage) -> None:
    port = int(passage.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(b"POST /api/echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 200000000\r\n\r\n")
        assert b" 413 " in line.recv(4096)


def test_a_body_without_a_length_is_counted_as_it_comes(passage: Passage) -> None:
    pieces = (b"x" * 100_000 for _ in range(60))
    answer = requests.post(f"{passage.base}/api/echo/x", data=pieces, timeout=10)
    assert answer.status_code == 413


def test_a_refusal_before_the_body_was_read_reaches_the_caller(passage: Passage) -> None:
    answer = requests.post(f"{passage.base}/api/echo/refuse", data=b"x" * 2_500_000, timeout=10)
    assert (answer.status_code, answer.text) == (413, "too large")


def test_an_answer_that_breaks_off_is_not_passed_on_as_whole(passage: Passage) -> None:
    with pytest.raises(requests.RequestException):
        assert requests.get(f"{passage.base}/api/echo/break", timeout=10).content


def test_a_request_that_is_no_http_is_refused(passage: Passage) -> None:
    port = int(passage.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(b"\x16\x03\x01\x00\xa5 nonsense\r\n\r\n")
        assert b" 400 " in line.recv(4096)
