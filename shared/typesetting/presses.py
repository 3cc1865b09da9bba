"""The presses of this process: started when there is something to set, kept while they are asked, gone when idle.

Threads may ask at the same time, native ones of an otherwise cooperative process too. Therefore everything here is
below what eventlet replaces: spawning and waiting by system calls, files on blocking pipes, a queue written in C.
"""

import os
import signal
import sys
from _queue import SimpleQueue
from collections import deque
from contextlib import suppress
from io import BufferedReader, BufferedWriter, FileIO
from logging import getLogger
from pathlib import Path

from shared.typesetting import errors
from shared.typesetting.wire import Message, receive, send

_log = getLogger(__name__)
_PROGRAM = "shared.typesetting.press"
_ROOT = str(Path(__file__).resolve().parents[2])
# Told to stop, the owner may still have pages to set; its presses end with it.
_DEAF_TO = (signal.SIGINT, signal.SIGTERM)


class PressEnded(Exception):
    """The press is no longer there; `by_signal` says what ended it, 0 when it stopped of itself."""

    def __init__(self, by_signal: int) -> None:
        super().__init__(f"ended by signal {by_signal}")
        self.by_signal = by_signal


class Press:
    """One child process that sets pages, for one thread at a time."""

    def __init__(self, *, idle_seconds: float, seconds_per_job: float) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._jobs, self._answers = BufferedWriter(FileIO(ours_out, "wb")), BufferedReader(FileIO(ours_in))
        try:
            self.pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-m", _PROGRAM, str(idle_seconds), str(seconds_per_job)],
                _environment(),
                file_actions=[(os.POSIX_SPAWN_DUP2, theirs_in, 0), (os.POSIX_SPAWN_DUP2, theirs_out, 1)],
                setsigmask=_DEAF_TO,
                setsigdef=[signal.SIGALRM],
            )
        except OSError:
            self._close()
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)

    def ask(self, job: Message) -> Message:
        """Its answer; PressEnded when it died of the job, or had already stopped."""
        try:
            send(self._jobs, job)
            return receive(self._answers)
        except (EOFError, BrokenPipeError):
            self._close()
            raise PressEnded(_signal_of(self.pid, 0)) from None
        except BaseException:
            # Interrupted in between, nobody knows where in the conversation it is.
            self.stop()
            raise

    def has_stopped(self) -> bool:
        """Whether it has ended meanwhile; then nothing of it is left."""
        if _signal_of(self.pid, os.WNOHANG) < 0:
            return False
        self._close()
        return True

    def stop(self) -> None:
        """End it at once, whatever it does."""
        self._close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        _signal_of(self.pid, 0)

    def _close(self) -> None:
        for stream in (self._jobs, self._answers):
            # What was not yet written has nobody to go to.
            with suppress(OSError):
                stream.close()


class Presses:
    """At most `at_once` presses at work; each ends after `idle_seconds` without a job."""

    def __init__(
        self, *, at_once: int = 2, idle_seconds: float = 30.0, seconds_per_job: float = 30.0
    ) -> None:
        self._idle_seconds = idle_seconds
        self._seconds_per_job = seconds_per_job
        self._idle: deque[Press] = deque()
        self._turns: SimpleQueue[None] = SimpleQueue()
        for _ in range(at_once):
            self._turns.put(None)

    def ask(self, job: Message) -> Message:
        """The answer of a press that is free, or of a new one; Problem 422 when a press dies of the job."""
        self._turns.get()
        try:
            return self._ask_any(job)
        except PressEnded as ended:
            _log.warning("a press was ended by signal %d while it set pages", ended.by_signal)
            took_too_long = ended.by_signal == signal.SIGALRM
            raise errors.broken_off(after=self._seconds_per_job if took_too_long else None) from ended
        except OSError as failure:
            _log.warning("no press could be started: %s", failure)
            raise errors.broken_off(after=None) from failure
        finally:
            self._turns.put(None)

    def stop(self) -> None:
        """End those that are idle."""
        while self._idle:
            self._idle.pop().stop()

    def _ask_any(self, job: Message) -> Message:
        press = self._kept()
        try:
            answer = press.ask(job) if press else None
        except PressEnded as ended:
            # It may have gone before the job came, for reasons of its own; a new one tells.
            if ended.by_signal == signal.SIGALRM:
                raise
            answer = None
        if press is None or answer is None:
            press = Press(idle_seconds=self._idle_seconds, seconds_per_job=self._seconds_per_job)
            answer = press.ask(job)
        self._idle.append(press)
        return answer

    def _kept(self) -> Press | None:
        """The one that was used last, so that those not needed become idle and end."""
        while self._idle:
            press = self._idle.pop()
            if not press.has_stopped():
                return press
        return None


def _environment() -> dict[str, str]:
    """Ours without the settings, whose secrets a press does not need, and with the way to this code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
    return {**kept, "PYTHONPATH": _ROOT}


def _signal_of(pid: int, options: int) -> int:
    """The signal that ended the child, 0 when it ended without one, -1 while it runs (with WNOHANG)."""
    try:
        ended, status, _ = os.wait4(pid, options)
    except ChildProcessError:
        return 0
    return os.WTERMSIG(status) if ended else -1
