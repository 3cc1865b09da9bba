"""HTTP word by word over a socket: for clients that are slow, wrong or break off."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import Parser
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class RawConnection:
    """One connection to the server of `url`."""

    def __init__(self, url: str, *, timeout: float = 15) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout)
        self._file = self._socket.makefile("rb")
        self._host = parts.netloc

    def send(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> None:
        """A request as said here; nothing is added but the host."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", *(f"{n}: {v}" for n, v in headers)]
        self.send_bytes("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def send_bytes(self, content: bytes) -> None:
        self._socket.sendall(content)

    def stop_sending(self) -> None:
        """Nothing more will come; what the server says is still read."""
        self._socket.shutdown(socket.SHUT_WR)

    def read_answer(self, *, without_body: bool = False) -> Answer:
        """The next answer; EOFError when the server has closed the connection."""
        first = self._file.readline()
        if not first:
            raise EOFError
        headers = {name.lower(): text for name, text in Parser().parsestr(self._head()).items()}
        length = 0 if without_body else int(headers.get("content-length", "0"))
        return Answer(int(first.split()[1]), headers, self._file.read(length))

    def is_closed(self) -> bool:
        """Whether the server has closed it; waits for it."""
        try:
            return self._file.read(1) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _head(self) -> str:
        lines = []
        while (line := self._file.readline()) not in (b"\r\n", b""):
            lines.append(line.decode("latin-1"))
        return "".join(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
