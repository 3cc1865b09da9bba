"""A small web server that behaves as an api does at its edges, for tests of what stands in front of it."""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

_released = threading.Event()


def _echo(request: Request) -> Response:
    heard = dict(request.headers.items())
    body = request.get_data()
    return Response(
        f"{request.method} {request.full_path} {len(body)}",
        headers={f"Heard-{name}": value for name, value in heard.items()},
    )


def _stream(_: Request) -> Response:
    def events() -> Iterator[bytes]:
        yield b"data: first\n\n"
        # The second one comes only when somebody has asked for it meanwhile: by then the first must be through.
        _released.wait(30)
        yield b"data: second\n\n"

    return Response(events(), mimetype="text/event-stream")


def _release(_: Request) -> Response:
    _released.set()
    return Response("")


def _refuse_unread(_: Request) -> Response:
    return Response("too large", status=413, headers={"Connection": "close"})


def _break_off(_: Request) -> Response:
    def half() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionAbortedError

    return Response(half(), headers={"Content-Length": "8"})


_PLACES = {"stream": _stream, "release": _release, "refuse": _refuse_unread, "break": _break_off}


def answer(environ: dict[str, Any], start_response: Any) -> Any:
    request = Request(environ)
    work = _PLACES.get(request.path.rpartition("/")[2], _echo)
    return work(request)(environ, start_response)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, answer, threaded=True)
    sys.stdout.write(f"listening on {server.port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        time.sleep(60)
