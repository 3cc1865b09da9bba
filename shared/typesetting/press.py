"""The program that sets pages for another process: `python -m shared.typesetting.press`.

Fonts and compilers take 70 to 150 MB, depending on the fonts installed, so they live here and not in a service. It
reads jobs from its input and writes pages to its output, one after the other. It ends when its owner closes the pipe
or dies, and of itself when there was nothing to do for a while; a job that takes too long kills it.
"""

import os
import select
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from shared.errors import Problem
from shared.typesetting.compositor import Compositor
from shared.typesetting.errors import FontConfigurationError
from shared.typesetting.roles import Role
from shared.typesetting.settings import FontSettings
from shared.typesetting.text import Piece
from shared.typesetting.wire import Message, receive, send


def main(idle_seconds: float, seconds_per_job: float) -> None:
    """Serve jobs until the owner has gone or nothing was asked for `idle_seconds`."""
    _go_first_when_memory_is_short()
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs = os.fdopen(0, "rb", closefd=False)
    with answers, jobs, suppress(EOFError, BrokenPipeError):
        while select.select([jobs], [], [], idle_seconds)[0]:
            job = receive(jobs)
            # Unhandled, this signal ends the process even in the midst of compiling.
            signal.setitimer(signal.ITIMER_REAL, seconds_per_job)
            answer = _answer(job)
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(answers, answer)


def _answer(job: Message) -> Message:
    try:
        return _pages(job.head, job.content.decode())
    except Problem as refusal:
        told = {name: getattr(refusal, name) for name in ("code", "title", "status", "detail", "errors")}
        return Message({"outcome": "refused", "problem": told})
    except FontConfigurationError as unusable:
        return Message({"outcome": "fonts_unusable", "reason": str(unusable)})
    except Exception:  # noqa: BLE001 (the owner raises whatever it is)
        return Message({"outcome": "fault", "reason": traceback.format_exc()})


def _pages(job: Mapping[str, Any], data: str) -> Message:
    pdf, probes = _compositor(job["folder"], job["use_installed"]).set_pages(
        job["template"],
        data,
        pieces=[Piece(field, place, Role(role), text) for field, place, role, text in job["pieces"]],
        produced_at=datetime.fromisoformat(job["produced_at"]),
        probed=job["probed"],
    )
    return Message({"outcome": "set", "probes": probes}, pdf)


@cache
def _compositor(folder: str | None, use_installed: bool) -> Compositor:
    return Compositor(FontSettings(folder=Path(folder) if folder else None, use_installed=use_installed))


def _go_first_when_memory_is_short() -> None:
    """Let the system end this process before its owner, which only loses the pages of the moment (Linux)."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
