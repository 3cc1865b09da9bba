"""One listening socket per address in a process; every service of the process is mounted on it under its prefix."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from logging import getLogger
from typing import Any

import eventlet
from eventlet import wsgi
from nameko import config
from nameko.extensions import ProviderCollector, SharedExtension
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from shared.errors import Problem, not_found
from shared.operations import operations_app
from shared.runtime_context import Runtime, runtime_of
from shared.service import Service
from shared.web.answers import SECURITY_HEADERS, json_response, problem_response
from shared.web.call import correlation_id_of
from shared.web.connection import END_CONNECTION, Connection
from shared.web.doorway import Doorway, end_process

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
_log = getLogger(__name__)

# How long open requests may go on after the process was told to stop.
DRAIN_SECONDS = 10


class Site:
    """A listening socket and what is mounted on it."""

    def __init__(self, address: tuple[str, int], runtime: Runtime) -> None:
        self._app = DispatcherMiddleware(operations_app(runtime))
        listening = eventlet.listen(address, reuse_port=False)
        # kombu sets a default timeout on new sockets in some versions; accepting has none.
        listening.settimeout(None)
        self._socket = Doorway(listening)
        self._pool = eventlet.GreenPool(500)
        self._thread = eventlet.spawn(self._serve, runtime)

    @property
    def port(self) -> int:
        """The port it listens on, also when it was asked for any."""
        return int(self._socket.getsockname()[1])

    @property
    def prefixes(self) -> list[str]:
        """What is mounted now."""
        return sorted(self._app.mounts)

    def mount(self, prefix: str, app: WsgiApp) -> None:
        """Answer requests below that prefix."""
        self._app.mounts[prefix] = app

    def unmount(self, prefix: str) -> None:
        """Answer them no more; the last one closes the socket once open requests have ended."""
        self._app.mounts.pop(prefix, None)

    def close(self) -> None:
        """Take no new connections, let open requests end, and give back the port."""
        self._thread.kill()
        self._socket.close()
        with eventlet.Timeout(DRAIN_SECONDS, False):
            self._pool.waitall()

    def _serve(self, runtime: Runtime) -> None:
        try:
            wsgi.server(
                self._socket,
                self._app,
                protocol=Connection,
                custom_pool=self._pool,
                log=_log,
                log_output=False,
                socket_timeout=runtime.settings.read_timeout_seconds * 2,
                keepalive=True,
                debug=False,
            )
        except Exception as error:  # noqa: BLE001 (whatever it was, nobody would be answered any more)
            end_process(f"serving ended by itself: {error!r}")
        # Whoever closes the site kills this greenlet, which then does not come to here.
        end_process("serving ended by itself")


_sites: dict[tuple[str, int], Site] = {}


def site_at(address: tuple[str, int], runtime: Runtime) -> Site:
    """The site on that address in this process, opened on first use."""
    if address not in _sites:
        _sites[address] = Site(address, runtime)
    return _sites[address]


def leave_site(address: tuple[str, int], prefix: str) -> None:
    """Unmount, and close the site when nothing is left on it."""
    site = _sites.get(address)
    if site is None:
        return
    site.unmount(prefix)
    if not site.prefixes:
        del _sites[address]
        site.close()


class HttpServer(ProviderCollector, SharedExtension):
    """Collects a container's routes and mounts them below its service's prefix."""

    def __init__(self) -> None:
        super().__init__()
        self._started = False

    @property
    def runtime(self) -> Runtime:
        return runtime_of(config)

    @property
    def address(self) -> tuple[str, int]:
        return (self.runtime.settings.http_host, self.runtime.settings.http_port)

    @property
    def prefix(self) -> str:
        prefix: str = self.container.service_cls.service.prefix
        return prefix

    def start(self) -> None:
        if self._started:
            return
        self._started = True
        app = RoutesApp(self._providers, described_app(self.container.service_cls))
        site_at(self.address, self.runtime).mount(self.prefix, app)

    def stop(self) -> None:
        if self._started:
            self._started = False
            leave_site(self.address, self.prefix)
        super().stop()


def described_app(api: type) -> Callable[[Request], Response | None]:
    """Answers `/openapi.json` and `/docs` of an api; None for any other address."""
    service: Service = api.service  # type: ignore[attr-defined]

    @cache
    def described() -> dict[str, Any]:
        # Imported late: the description is made from routes, and a route is served by this module.
        from shared.web import openapi

        return openapi.describe(service, api)

    def answer(request: Request) -> Response | None:
        if request.method not in ("GET", "HEAD") or request.path not in ("/openapi.json", "/docs"):
            return None
        if request.path == "/openapi.json":
            return json_response(json.dumps(described(), ensure_ascii=False), status=200, headers={})
        from shared.web import openapi

        page = openapi.page(service, described())
        return Response(page, mimetype="text/html", headers=SECURITY_HEADERS)

    return answer


class RoutesApp:
    """The WSGI application of one container's routes."""

    def __init__(self, routes: Iterable[Any], described: Callable[[Request], Response | None]) -> None:
        rules = [rule for route in routes for rule in route.rules()]
        # Whatever host a request names, the routes are the same.
        self._routes = Map(rules, strict_slashes=False, merge_slashes=False).bind("")
        self._described = described

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if page := self._described(request):
            return page(environ, start_response)
        try:
            route, arguments = self._routes.match(request.path, request.method)
            response = route.answer(request, arguments)
        except HTTPException as refused:
            response = problem_response(_problem_of(refused), correlation_id=correlation_id_of(request))
        if response.status_code in (400, 408, 413):
            # What is left of the body is no request; the connection cannot be used again.
            response.headers["Connection"] = "close"
            environ[END_CONNECTION]()
        answered: Iterable[bytes] = response(environ, start_response)
        return answered


def _problem_of(refused: HTTPException) -> Problem:
    if refused.code == 404:
        return not_found("web.no_such_route", "地址不存在", "请检查访问地址。")
    if refused.code == 405:
        allowed = ", ".join(getattr(refused, "valid_methods", None) or [])
        return Problem(
            "web.method_not_allowed",
            "该地址不支持此操作",
            status=405,
            detail=f"此地址只接受 {allowed}。",
            headers={"Allow": allowed},
        )
    return Problem(
        "web.request_refused", "请求无法处理", status=refused.code or 400, detail="请检查请求的格式后重试。"
    )
