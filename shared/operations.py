"""What the people who run it ask every process: is it alive, is it ready, how is it doing."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import prometheus_client
import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from shared.auth import VerificationKey
from shared.runtime_context import Runtime

READINESS_SECONDS = 2.0


def operations_app(runtime: Runtime) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """`/healthz`, `/readyz` and `/metrics`; everything else is not there."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = Request(environ).path
        return _ANSWERS.get(path, _nothing)(runtime)(environ, start_response)

    return answer


@contextmanager
def answering_operations(runtime: Runtime, port: int) -> Iterator[int]:
    """Answer them in a thread, for a process that has no site; yields the port, also when asked for any (0)."""
    server = make_server(
        runtime.settings.http_host, port, operations_app(runtime), threaded=True, request_handler=_Silent
    )
    thread = threading.Thread(target=server.serve_forever, name="operations", daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        server.server_close()


class _Silent(WSGIRequestHandler):
    """Whoever watches asks every few seconds; that is no news."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def complaints(runtime: Runtime) -> dict[str, str]:
    """What keeps this process from doing its work, by part; empty when it is ready.

    The broker is not among them: people keep working while it is away, and events flow when it returns.
    """
    found: dict[str, str] = {}
    for name, database in runtime.databases().items():
        try:
            with database.session() as session:
                session.execute(sa.select(VerificationKey.kid).limit(1)).first()
        except sa.exc.SQLAlchemyError as error:
            found[f"database:{name}"] = type(error).__name__
    try:
        runtime.blobs.check_writable()
    except OSError as error:
        found["blobs"] = error.strerror or type(error).__name__
    return found


def _alive(runtime: Runtime) -> Response:
    return _json({"status": "ok"}, 200)


class Readiness:
    """What was found a moment ago: anybody may ask, and each time anew it would write to the content store."""

    def __init__(self, *_: object) -> None:
        self._found: dict[str, str] | None = None
        self._until = 0.0

    def complaints(self, runtime: Runtime) -> dict[str, str]:
        """What keeps the process from its work, at most `READINESS_SECONDS` old."""
        now = time.monotonic()
        if self._found is None or now >= self._until:
            # Whoever asks meanwhile gets what was found before, and looks not as well.
            self._until = now + READINESS_SECONDS
            self._found = complaints(runtime)
        return self._found


def _ready(runtime: Runtime) -> Response:
    found = runtime.resource(Readiness, Readiness).complaints(runtime)
    return _json({"status": "unready" if found else "ready", "complaints": found}, 503 if found else 200)


def _metrics(runtime: Runtime) -> Response:
    return Response(prometheus_client.generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _nothing(runtime: Runtime) -> Response:
    told = {"code": "web.no_such_route", "title": "地址不存在", "status": 404, "detail": "请检查访问地址。"}
    return _json(told, 404)


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")


_ANSWERS: dict[str, Callable[[Runtime], Response]] = {
    "/healthz": _alive,
    "/readyz": _ready,
    "/metrics": _metrics,
}
