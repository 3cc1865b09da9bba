"""What is written and counted of every request."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram
from werkzeug.wrappers import Request, Response

from shared.logs import log_context

_log = structlog.get_logger("yiwang.web")
_STARTED = "yiwang.started"

REQUESTS = Counter("yiwang_http_requests_total", "HTTP requests answered", ["service", "route", "status"])
SECONDS = Histogram("yiwang_http_request_seconds", "Time to answer a request", ["service", "route"])


@cache
def _counters(service: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(service, route, str(status)), SECONDS.labels(service, route)


@contextmanager
def bound_request(
    request: Request, *, correlation_id: UUID, chain_id: UUID, service: str, route: str
) -> Iterator[None]:
    """Everything logged while the request is worked on carries its correlation id and the chain that it works on."""
    request.environ[_STARTED] = time.perf_counter()
    with log_context(correlation_id=correlation_id, chain_id=chain_id, service=service, route=route):
        yield


def log_answer(request: Request, response: Response, *, service: str, route: str) -> None:
    """One line and one count for an answered request."""
    seconds = time.perf_counter() - request.environ[_STARTED]
    answered, took = _counters(service, route, response.status_code)
    answered.inc()
    took.observe(seconds)
    _log.info(
        "answered",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
