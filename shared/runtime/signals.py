"""Being told to stop, in a process that eventlet runs."""

import signal
import socket


class StopSignal:
    """Hears Ctrl-C, SIGTERM and the end of the terminal; to be made in the main greenlet, once.

    A handler alone would not do: the hub sleeps through it until its next timer, which may be a minute away. A
    socket that the interpreter writes to wakes it at once.
    """

    NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._ear, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in self.NUMBERS:
            signal.signal(number, _noted)

    def wait(self) -> None:
        """Until one of them comes, or `say` is called."""
        self._ear.recv(1)

    def say(self) -> None:
        """Stop for another reason: what ran here has ended by itself."""
        self._mouth.send(b"\0")


def _noted(*_: object) -> None:
    """The byte in the socket says it all."""
