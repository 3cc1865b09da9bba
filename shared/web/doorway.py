"""Taking in connections for as long as the process lives; a process that cannot any more ends."""

import errno
import os
from logging import getLogger, shutdown
from typing import Any

import eventlet

_log = getLogger(__name__)

# The peer was gone before it was let in, or its network was: accept(2) says to try again.
OF_ONE_PEER = {
    errno.ECONNABORTED,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.ENONET,
    errno.ENOPROTOOPT,
    errno.EOPNOTSUPP,
    errno.EPROTO,
}
# There is no room for one more; connections that end make room.
NO_ROOM_NOW = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
PATIENCE_SECONDS = 3.0
PAUSE_SECONDS = 0.1


class Doorway:
    """A listening socket whose `accept` does not give up at the first failure, as eventlet's server would.

    That one ends its loop for good, waits for every open connection, and nobody notices: the port still takes
    connections, and none is answered.
    """

    def __init__(self, listening: Any) -> None:
        self._listening = listening

    def accept(self) -> tuple[Any, Any]:
        """The next connection. Ends the process when there was no room for one for three seconds."""
        refused = 0
        while True:
            try:
                accepted: tuple[Any, Any] = self._listening.accept()
                return accepted
            except OSError as error:
                if error.errno in OF_ONE_PEER:
                    continue
                refused += 1
                if error.errno not in NO_ROOM_NOW or refused * PAUSE_SECONDS > PATIENCE_SECONDS:
                    end_process(f"no connection can be accepted: {error}")
            eventlet.sleep(PAUSE_SECONDS)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listening, name)


def end_process(why: str) -> None:
    """End at once, with what is open: its transactions are rolled back, and the supervisor starts the process anew."""
    _log.critical("process ends: %s", why)
    shutdown()
    os._exit(70)
