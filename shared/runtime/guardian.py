"""A watch that ends private servers when the process that started them dies, however it dies."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

# The shell waits on a pipe that only the owner holds open. A line of numbers names the targets anew, a word means "all
# is over, go home"; end of file means that the owner is gone, killed perhaps. No thread, no signal handler and no
# Linux-only call is needed for that.
_SCRIPT = """
first=$1; last=$2; grace=$3; shift 3
while read -r line; do
    [ "$line" = over ] && exit 0
    set -- $line
done
[ $# -gt 0 ] || exit 0
kill -s CONT -- "$@"
kill -s "$first" -- "$@"
while [ "$grace" -gt 0 ] && kill -s 0 -- "$@"; do sleep 1; grace=$((grace - 1)); done
kill -s "$last" -- "$@"
"""


class Guardian:
    """Ends `targets` (process ids; negative for a whole process group) once the owner no longer lives.

    `first` and `last` are signal names without SIG: the polite one, and the one after `grace` seconds.
    """

    def __init__(self, targets: Sequence[int], *, first: str, last: str = "KILL", grace: int = 10) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "guardian", first, last, str(grace), *map(str, targets)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def watch(self, targets: Sequence[int]) -> None:
        """Watch these from now on, in place of those before."""
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.write(" ".join(map(str, targets)).encode() + b"\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """Sends the watch home: its targets have been stopped by their owner."""
        if self._process.returncode is not None:
            return
        try:
            self._process.communicate(b"over\n", timeout=5)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dismiss()
