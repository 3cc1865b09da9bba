"""What a connection of a client is set to."""

import socket
from types import SimpleNamespace

from shared.web.connection import Connection


class Looked(Connection):
    """Looks at its socket in place of answering."""

    def handle(self) -> None:
        self.sends_at_once = self.request.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

    def finish(self) -> None:
        self.rfile.close()
        self.wfile.close()


def test_the_rest_of_a_long_answer_does_not_wait_until_its_beginning_is_acknowledged() -> None:
    server = SimpleNamespace(minimum_chunk_size=None, capitalize_response_headers=True)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        taken, address = listening.accept()
        with taken:
            assert Looked([address, taken, "idle"], server).sends_at_once
