"""Keeping programs running: started together, their output told line by line, started again when they die.

Honcho prints it, but does not run it: its manager stops everything when one process ends, and an office must not
lose its sign-in because a worker of the archives died.
"""

import os
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from shared.messaging.backoff import Backoff
from shared.runtime.guardian import Guardian

# One that ran for so long did not die of its start: the pauses begin anew.
STEADY_SECONDS = 60.0
ANSWER_SECONDS = 2.0

Tell = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running.

    `ready_url` answers 200 when it does its work. Programs of a lower `stage` are stopped before those of a higher one.
    """

    name: str
    command: Sequence[str]
    ready_url: str
    stage: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.ready_url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 (our own)
                return bool(answer.status == 200)
        except OSError:
            return False


class Supervisor:
    """Runs the programs; `tell(name, line)` gets every line that one prints, and `changed` hears of each start."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        tell: Tell,
        changed: Callable[[], None] = lambda: None,
        first_pause: float = 0.5,
        longest_pause: float = 30.0,
    ) -> None:
        self._programs = list(programs)
        self._tell = tell
        self._changed = changed
        self._pauses = {
            program.name: Backoff(first=first_pause, longest=longest_pause) for program in programs
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._guardian = Guardian([], first="TERM", grace=40)
        self._keepers = [
            threading.Thread(target=self._keep, args=[program], name=program.name, daemon=True)
            for program in self._programs
        ]

    def start(self) -> None:
        """Start them all; they keep running from now on."""
        for keeper in self._keepers:
            keeper.start()

    def pids(self) -> dict[str, int]:
        """The process of each program that runs now."""
        with self._turn:
            return {name: process.pid for name, process in self._running.items()}

    def unready(self) -> list[str]:
        """Which ones do not do their work now."""
        running = self.pids()
        return [item.name for item in self._programs if item.name not in running or not item.is_ready]

    def stop(self, *, within: float = 40) -> None:
        """Stop all, stage by stage: SIGTERM first, force for what has not ended `within` seconds altogether."""
        with self._turn:
            self._stopping.set()
        deadline = time.monotonic() + within
        for stage in sorted({program.stage for program in self._programs}):
            self._stop_stage(stage, deadline)
        for keeper in self._keepers:
            keeper.join(max(0.1, deadline - time.monotonic()))
        self._guardian.dismiss()

    def _stop_stage(self, stage: int, deadline: float) -> None:
        names = [program.name for program in self._programs if program.stage == stage]
        with self._turn:
            ending = {name: self._running[name] for name in names if name in self._running}
        for process in ending.values():
            _signal_group(process, signal.SIGTERM)
        for name, process in ending.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._tell(name, "did not stop in time and is ended by force")
                _signal_group(process, signal.SIGKILL)

    def _keep(self, program: Program) -> None:
        pauses = self._pauses[program.name]
        while (process := self._launch(program)) is not None:
            began = time.monotonic()
            assert process.stdout
            with process.stdout as lines:
                for line in lines:
                    self._tell(program.name, line.decode(errors="replace").rstrip())
            code = process.wait()
            with self._turn:
                del self._running[program.name]
            self._watch()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > STEADY_SECONDS:
                pauses.reset()
            pause = pauses.pause()
            self._tell(program.name, f"{_how_it_ended(code)}; starts again in {pause:.1f} s")
            self._stopping.wait(pause)

    def _launch(self, program: Program) -> subprocess.Popen[bytes] | None:
        """The running program; None once everything is being stopped."""
        with self._turn:
            if self._stopping.is_set():
                return None
            process = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us alone: we stop them in order.
                start_new_session=True,
            )
            self._running[program.name] = process
        self._watch()
        self._changed()
        return process

    def _watch(self) -> None:
        with self._turn:
            self._guardian.watch([-process.pid for process in self._running.values()])


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
