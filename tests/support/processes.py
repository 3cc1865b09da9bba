"""Programs that a test runs beside itself: started with a log, waited for, stopped, killed, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


class RunningProgram:
    """One program in a process group of its own; what it prints goes to `log`.

    `command` without a leading path is looked for beside the Python that runs the tests (`yiwang`, `python`).
    """

    def __init__(
        self, command: Sequence[str], log: Path, *, environment: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        beside = Path(sys.executable).parent / command[0]
        program = str(beside) if beside.exists() else command[0]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [program, *command[1:]],
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_for_line(self, text: str, within: float = 30) -> str:
        """The first printed line that contains `text`."""
        return eventually(lambda: self._line_with(text), within)

    def wait_for_answer(self, url: str, within: float = 30) -> None:
        """Waits until `url` answers with 200."""
        eventually(lambda: self._answers(url), within)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def stop(self, within: float = 20) -> int:
        """Ends it in good order (SIGTERM) and returns its exit code; takes force and fails when it does not end."""
        if self.running:
            self._process.terminate()
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not end within {within} s of SIGTERM\n{self.output[-4000:]}") from None

    def wait(self, within: float = 60) -> int:
        """Waits until it ends by itself and returns its exit code."""
        return self._process.wait(within)

    def kill(self) -> None:
        """Ends it and its children at once (SIGKILL)."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def _line_with(self, text: str) -> str:
        running = self.running
        found = next((line for line in self.output.splitlines() if text in line), "")
        if not found and not running:
            raise RuntimeError(f"ended with {self._process.returncode}\n{self.output[-4000:]}")
        return found

    def _answers(self, url: str) -> bool:
        if not self.running:
            raise RuntimeError(f"ended with {self._process.returncode}\n{self.output[-4000:]}")
        try:
            return requests.get(url, timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            # A program that is still starting may take the connection and be slow to answer; the deadline decides.
            return False
