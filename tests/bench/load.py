"""Asking an api as fast as it answers, over some connections at once that stay open."""

import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

CONCURRENCY = 8


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `body` is sent as JSON, None means none."""

    method: str
    path: str
    expected: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Ask = Callable[[int], Request]
"""The next request of a client, by the client's number."""


def rate(base: str, ask: Ask, count: int, *, concurrency: int = CONCURRENCY) -> float:
    """Answers a second; RuntimeError with the answer when one is not what was expected."""
    each = max(count // concurrency, 1)
    started = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        for client in [pool.submit(_client, base, ask, number, each) for number in range(concurrency)]:
            client.result()
    return each * concurrency / (time.perf_counter() - started)


def seconds(base: str, asked: Sequence[Request], count: int) -> list[float]:
    """How long each of so many times took to have all of them answered, one after the other over one connection."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    taken = []
    try:
        for _ in range(count):
            started = time.perf_counter()
            for request in asked:
                _ask(connection, parts.path, request)
            taken.append(time.perf_counter() - started)
    finally:
        connection.close()
    return taken


def _client(base: str, ask: Ask, number: int, times: int) -> None:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        for _ in range(times):
            asked = ask(number)
            _ask(connection, parts.path, asked)
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, prefix: str, asked: Request) -> None:
    body = None if asked.body is None else json.dumps(asked.body)
    headers = {**({"Content-Type": "application/json"} if body else {}), **asked.headers}
    connection.request(asked.method, prefix + asked.path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != asked.expected:
        raise RuntimeError(f"{asked.method} {asked.path}: {answer.status} {content[:500].decode()}")
