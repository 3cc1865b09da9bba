"""Asking an api as fast as it answers, over some connections at once that stay open."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONCURRENCY = 8


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `body` is sent as JSON."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    expected: int


def rate(
    base: str, next_request: Callable[[int], Request], count: int, *, concurrency: int = CONCURRENCY
) -> float:
    """Answers a second; RuntimeError with the answer when one is not what was expected."""
    failures: list[str] = []
    each = max(count // concurrency, 1)
    threads = [
        threading.Thread(target=_ask, args=[base, next_request, range(at * each, at * each + each), failures])
        for at in range(concurrency)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if failures:
        raise RuntimeError(failures[0])
    return each * concurrency / elapsed


def _ask(base: str, next_request: Callable[[int], Request], numbers: range, failures: list[str]) -> None:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        for number in numbers:
            asked = next_request(number)
            headers = {"Content-Type": "application/json", **asked.headers}
            connection.request(asked.method, parts.path + asked.path, json.dumps(asked.body), headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != asked.expected:
                failures.append(f"{asked.method} {asked.path}: {answer.status} {content[:500].decode()}")
                return
    except OSError as error:
        failures.append(f"{type(error).__name__}: {error}")
    finally:
        connection.close()
