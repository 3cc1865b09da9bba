"""What goes back: JSON, a page, a download, a stream of events, or a problem (RFC 9457)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

import marshmallow as ma
import orjson
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from shared.errors import Problem
from shared.web.call import revision_tag
from shared.web.dumping import dumper

JSON = "application/json"
PROBLEM = "application/problem+json"
PROBLEM_TYPE = "urn:yiwang:problem:"
# These come with every answer; the API serves no page that another site may frame or read.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to be saved or shown: pieces of content, never all of it in memory.

    With an `etag` whoever has the same content already is answered 304 (RFC 9110 §13.1.2).
    """

    chunks: Iterable[bytes]
    media_type: str
    name: str
    size: int | None = None
    inline: bool = False
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EventStream:
    """Server-sent events (HTML Living Standard §9.2); starts after the transaction has ended."""

    events: Iterator[bytes]


def dump_json(schema: type[ma.Schema] | None, result: Any) -> tuple[str, dict[str, str]]:
    """The body and headers for a result in that shape; the `ETag` comes from its `revision`, if it has one."""
    data = dumper(schema)(result) if schema else result
    headers = {}
    revision = data.get("revision") if isinstance(data, dict) else None
    if isinstance(revision, int):
        headers["ETag"] = revision_tag(revision)
    return orjson.dumps(data, default=str).decode(), headers


def json_response(body: str, *, status: int, headers: Mapping[str, str]) -> Response:
    """An answer with a JSON body, or none for 204."""
    if status == 204:
        return Response(status=204, headers={**SECURITY_HEADERS, **headers})
    return Response(body, status=status, mimetype=JSON, headers={**SECURITY_HEADERS, **headers})


def download_response(download: Download, *, if_none_match: str = "") -> Response:
    """A file, its name as RFC 6266 wants it; or 304 when the caller has it already."""
    if download.etag and parse_etags(if_none_match).contains_weak(download.etag):
        unchanged = Response(status=304, headers={**SECURITY_HEADERS, **download.headers})
        unchanged.set_etag(download.etag)
        return unchanged
    disposition = "inline" if download.inline else "attachment"
    named = f"{disposition}; filename*=UTF-8''{quote(download.name, safe='')}"
    response = Response(
        iter(download.chunks),
        mimetype=download.media_type,
        headers={**SECURITY_HEADERS, **download.headers, "Content-Disposition": named},
    )
    if download.etag:
        response.set_etag(download.etag)
    if download.size is not None:
        response.headers["Content-Length"] = str(download.size)
    return response


def stream_response(stream: EventStream, *, headers: Mapping[str, str]) -> Response:
    """An open stream of events; proxies must not buffer it."""
    return Response(
        stream.events,
        mimetype="text/event-stream",
        headers={**SECURITY_HEADERS, **headers, "X-Accel-Buffering": "no"},
    )


def problem_response(problem: Problem, *, correlation_id: UUID) -> Response:
    """A refusal that a person and a program can read."""
    body: dict[str, Any] = {
        "type": PROBLEM_TYPE + problem.code,
        "code": problem.code,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "correlation_id": str(correlation_id),
        **problem.extra,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status=problem.status,
        content_type=PROBLEM,
        headers={**SECURITY_HEADERS, **problem.headers, "X-Correlation-Id": str(correlation_id)},
    )
