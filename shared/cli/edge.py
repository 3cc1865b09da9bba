"""`yiwang edge`: one port in front of the api processes of one machine. Containers have Caddy for this.

On asyncio, apart from the runtime of the services: bodies and event streams pass through piece by piece both ways,
which werkzeug's own proxy does not do (it collects 16 KB before it hands anything on).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from logging import getLogger

import aiohttp
import click
from aiohttp import hdrs, web
from yarl import URL

from shared.config import read_settings
from shared.ids import new_id
from shared.logs import configure_logs

_log = getLogger(__name__)

# What belongs to one connection and not to the message (RFC 9110 §7.6.1); Expect is answered here.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# A form around an upload is a little larger than the upload.
FORM_ROOM = 1024 * 1024
CONNECTIONS = 2000
CONNECT_SECONDS = 5
# Event streams say something every few seconds; a silence of this length is no stream any more.
SILENT_SECONDS = 300
CLOSING_SECONDS = 2


class BoundedBody:
    """The pieces of a body as they come, up to a limit; `is_over` tells why it broke off."""

    def __init__(self, request: web.Request, limit: int) -> None:
        self._request, self._room = request, limit
        self.is_over = False

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._request.content.iter_any():
            self._room -= len(piece)
            if self._room < 0:
                # The client reports whatever is raised here as a lost connection, so it is noted apart.
                self.is_over = True
                raise ConnectionAbortedError("the body is over the limit")
            yield piece


class Edge:
    """Passes each request to the api process of its service."""

    def __init__(self, targets: Mapping[str, str], *, body_limit: int) -> None:
        self._targets = {f"/api/{service}": URL(target) for service, target in targets.items()}
        self._body_limit = body_limit
        self._client: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        """The server side; it opens and closes its connections to the processes by itself."""
        made = web.Application()
        made.cleanup_ctx.append(self._connected)
        made.router.add_get("/healthz", self._alive)
        made.router.add_get("/readyz", self._ready)
        made.router.add_route("*", "/{path:.*}", self._pass_on)
        return made

    async def _connected(self, _: web.Application) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
        async with aiohttp.ClientSession(
            auto_decompress=False,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=(hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE),
            timeout=timeout,
        ) as self._client:
            yield

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, _: web.Request) -> web.Response:
        """Ready when every api is, so that one address tells of the whole suite."""
        answers = await asyncio.gather(*map(self._is_ready, self._targets.values()))
        complaints = {path: "unready" for path, good in zip(self._targets, answers, strict=True) if not good}
        body = {"status": "unready" if complaints else "ready", "complaints": complaints}
        return web.json_response(body, status=503 if complaints else 200)

    async def _is_ready(self, target: URL) -> bool:
        assert self._client
        limit = aiohttp.ClientTimeout(total=2)
        try:
            async with self._client.get(target / "readyz", timeout=limit) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        target = self._targets.get("/".join(request.path.split("/", 3)[:3]))
        if target is None:
            return _problem(404, "web.no_such_route", "地址不存在", "请检查访问地址。")
        if (request.content_length or 0) > self._body_limit:
            return _too_large()
        assert self._client
        body = BoundedBody(request, self._body_limit)
        try:
            upstream = await self._client.request(
                request.method,
                URL(str(target).rstrip("/") + request.raw_path, encoded=True),
                headers=_headers_for(request),
                data=body.pieces() if request.can_read_body else None,
                allow_redirects=False,
            )
        except (aiohttp.ClientError, OSError) as error:
            if body.is_over:
                return _too_large()
            _log.warning("%s does not answer: %s", target, error)
            return _away()
        async with upstream:
            return await _answer(request, upstream)


def _headers_for(request: web.Request) -> list[tuple[str, str]]:
    """The caller's headers, and the caller's address as the last one on the way (only we know it for sure)."""
    own = _named_in_connection(request.headers.getall(hdrs.CONNECTION, []))
    came_from = [*request.headers.getall(hdrs.X_FORWARDED_FOR, []), request.remote or ""]
    kept = [
        (name, value)
        for name, value in request.headers.items()
        if name.lower() not in _HOP_BY_HOP | own | {"x-forwarded-for", "x-forwarded-proto"}
    ]
    return [*kept, (hdrs.X_FORWARDED_FOR, ", ".join(came_from)), (hdrs.X_FORWARDED_PROTO, request.scheme)]


def _named_in_connection(values: list[str]) -> set[str]:
    return {name.strip().lower() for value in values for name in value.split(",")}


async def _answer(request: web.Request, upstream: aiohttp.ClientResponse) -> web.StreamResponse:
    own = _named_in_connection(upstream.headers.getall(hdrs.CONNECTION, []))
    answer = web.StreamResponse(status=upstream.status, reason=upstream.reason)
    for name, value in upstream.headers.items():
        if name.lower() not in _HOP_BY_HOP | own:
            answer.headers.add(name, value)
    if "close" in own:
        # The service left a body unread; so do we.
        answer.force_close()
    await answer.prepare(request)
    try:
        async for piece in upstream.content.iter_any():
            await answer.write(piece)
        await answer.write_eof()
    except aiohttp.ClientError as error:
        # The status is out already: only a broken connection tells the caller that something is missing.
        _log.warning("the answer of %s broke off: %s", upstream.url.path, error)
        if request.transport:
            request.transport.abort()
    return answer


def _too_large() -> web.Response:
    answer = _problem(413, "web.body_too_large", "提交的内容过大", "请减小文件后重试。")
    answer.force_close()
    return answer


def _away() -> web.Response:
    answer = _problem(502, "web.service_away", "服务暂时不可用", "该服务正在启动或维护, 请稍后重试。")
    answer.headers["Retry-After"] = "5"
    return answer


def _problem(status: int, code: str, title: str, detail: str) -> web.Response:
    body = {
        "type": f"urn:yiwang:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "correlation_id": str(new_id()),
    }
    return web.Response(
        status=status,
        text=json.dumps(body, ensure_ascii=False),
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


@click.command()
@click.option("--to", "targets", multiple=True, metavar="SERVICE=URL", help="Where a service's api listens.")
def edge(targets: tuple[str, ...]) -> None:
    """Answer on YIWANG_HTTP_PORT for api processes on this machine."""
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    passing = Edge(
        dict(target.split("=", 1) for target in targets), body_limit=settings.max_upload_bytes + FORM_ROOM
    )
    web.run_app(
        passing.application(),
        host=settings.http_host,
        port=settings.http_port,
        access_log=None,
        print=lambda *_: None,
        handler_cancellation=True,
        shutdown_timeout=CLOSING_SECONDS,
    )
