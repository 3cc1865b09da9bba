"""One connection of a client: what eventlet leaves open of HTTP/1.1 (RFC 9112)."""

import socket
from typing import Any

import eventlet
from eventlet import wsgi

# How long the rest of a refused body is taken in, so that its sender comes to read the refusal.
LINGER_SECONDS = 2.0
# Whoever sends faster than it is read here leaves no pause in which the time could be noticed.
LINGER_BYTES = 1024 * 1024
# Where a request finds how to end its connection with its answer; eventlet does not look at `Connection: close`.
END_CONNECTION = "yiwang.end_connection"


class Connection(wsgi.HttpProtocol):
    """Reads bodies in chunks like any other, and does not go on reading what nobody wants."""

    def setup(self) -> None:
        # What goes beyond one buffer would wait 40 ms for the reader to acknowledge what came before (Nagle against
        # delayed acknowledgements); buffers are whole already, so nothing small is sent.
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        self._ends = False
        given = environ["eventlet.input"]
        body = Body(
            given.rfile,
            given.content_length,
            given.get_socket(),
            given.wfile,
            given.wfile_line,
            given.chunked_input,
        )
        environ["wsgi.input"] = environ["eventlet.input"] = body
        if self._is_ambiguous(given):
            # Where its body ends is a matter of opinion, so nothing after it on this line is taken for a request.
            self.close_connection = 1
        environ[END_CONNECTION] = self._end
        # Without this werkzeug takes a body that does not tell its length for an empty one.
        environ["wsgi.input_terminated"] = given.chunked_input
        return environ

    def handle_one_response(self) -> None:
        super().handle_one_response()
        if self._ends:
            self.close_connection = 1

    def _end(self) -> None:
        """Take no request after this one."""
        self._ends = True

    def _is_ambiguous(self, given: wsgi.Input) -> bool:
        """Two lengths, or a transfer coding that is not read here (RFC 9112 §6.3)."""
        coded = self.headers.get("transfer-encoding") is not None and not given.chunked_input
        return coded or len(self.headers.get_all("content-length", ())) > 1


class Body(wsgi.Input):
    """The body of a request, as it comes in."""

    def has_arrived(self) -> bool:
        """Whether all of a small body that tells its length is here, so that reading it waits for nobody."""
        if self.chunked_input or self.content_length is None or self.wfile is not None:
            return False
        connected = self.get_socket()
        connected.act_non_blocking = True
        try:
            return len(self.rfile.peek()) >= self.content_length - self.position
        finally:
            connected.act_non_blocking = False

    def discard(self, buffer_size: int = 64 * 1024) -> None:
        """Take in what is left, for a while; OSError, which closes the connection, when more is coming."""
        with eventlet.Timeout(LINGER_SECONDS, OSError("too much is left of a refused body")):
            left = LINGER_BYTES
            while piece := self.read(buffer_size):
                left -= len(piece)
                if left < 0:
                    raise OSError("too much is left of a refused body")
