"""What several processes print, on one terminal: each line under its process's name."""

import sys
import threading
from datetime import datetime

from honcho.colour import get_colours
from honcho.printer import Message, Printer


class Teller:
    """Prints what the processes say, each line under its process's name."""

    def __init__(self) -> None:
        self._printer = Printer(sys.stdout, time_format="%H:%M:%S", width=16)
        self._colours = get_colours()
        self._colour_of: dict[str, str] = {}
        self._turn = threading.Lock()

    def say(self, line: str) -> None:
        """Something of our own."""
        self.tell("yiwang", line)

    def tell(self, name: str, line: str) -> None:
        with self._turn:
            if name not in self._colour_of:
                self._colour_of[name] = next(self._colours)
            data, now = f"{line}\n", datetime.now().astimezone()
            try:
                self._printer.write(
                    Message(type="line", data=data, time=now, name=name, colour=self._colour_of[name])
                )
            except OSError:
                # Nobody reads any more; the processes must not stop at a full pipe for that.
                return
            sys.stdout.flush()
