"""Stands between a client and its broker and falls silent after so many of the broker's answers, without closing."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


@contextmanager
def silent_after(answers: int, url: str) -> Iterator[str]:
    """The address to connect to instead; every connection gets that many answers."""
    parts = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = [listener]

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                broker = socket.create_connection((str(parts.hostname), int(parts.port or 5672)))
                opened.extend((client, broker))
                _start(_pass_on, client, broker, None)
                _start(_pass_on, broker, client, answers)

    _start(accept)
    try:
        yield url.replace(f":{parts.port}/", f":{listener.getsockname()[1]}/")
    finally:
        for line in opened:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


def _pass_on(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while data := source.recv(65536):
            passed += 1
            if limit is None or passed <= limit:
                target.sendall(data)


def _start(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()
