"""Keeping programs running: started again when they die, stopped in order, never left behind."""

import signal
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from shared.runtime.supervisor import Program, Supervisor
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

STEADY = "import signal; print('up', flush=True); signal.pause()"
POLITE = (
    "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('told', flush=True), sys.exit(0)));"
    "print('up', flush=True); signal.pause()"
)
DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\n"
    "while True: signal.pause()"
)


class Told:
    """What the programs printed and what was said of them, in order."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        with self._turn:
            self._lines.append((name, line))

    def of(self, text: str) -> list[str]:
        with self._turn:
            return [name for name, line in self._lines if text in line]


def program(name: str, code: str, *, stage: int = 0) -> Program:
    command = [sys.executable, "-c", code]
    return Program(name=name, command=command, ready_url="http://127.0.0.1:9/readyz", stage=stage)


@contextmanager
def running(*programs: Program, told: Told) -> Iterator[Supervisor]:
    supervisor = Supervisor(programs, tell=told, first_pause=0.01)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop(within=5)


def test_a_program_that_dies_is_started_again_and_its_neighbour_goes_on() -> None:
    told = Told()
    with running(program("a", STEADY), program("b", STEADY), told=told) as supervisor:
        eventually(lambda: len(told.of("up")) == 2)
        before = supervisor.pids()
        psutil.Process(before["a"]).kill()
        eventually(lambda: told.of("was ended by SIGKILL; starts again") == ["a"] and len(told.of("up")) == 3)
        after = supervisor.pids()
        assert after["a"] != before["a"]
        assert after["b"] == before["b"]


def test_a_program_that_ends_by_itself_is_started_again_and_again() -> None:
    told = Told()
    with running(program("a", "import sys; sys.exit(3)"), told=told):
        eventually(lambda: len(told.of("ended with exit code 3")) >= 3)


def test_a_program_that_does_not_answer_is_not_ready() -> None:
    told = Told()
    with running(program("a", STEADY), told=told) as supervisor:
        eventually(lambda: told.of("up"))
        assert supervisor.unready() == ["a"]


def test_the_stages_stop_one_after_the_other() -> None:
    told = Told()
    programs = [
        program("last", POLITE, stage=2),
        program("first", POLITE),
        program("second", POLITE, stage=1),
    ]
    with running(*programs, told=told):
        eventually(lambda: len(told.of("up")) == 3)
    assert told.of("told") == ["first", "second", "last"]


def test_a_program_that_does_not_stop_is_ended_by_force() -> None:
    told = Told()
    supervisor = Supervisor([program("deaf", DEAF)], tell=told, first_pause=0.01)
    supervisor.start()
    eventually(lambda: told.of("up"))
    process = psutil.Process(supervisor.pids()["deaf"])
    supervisor.stop(within=0.5)
    assert told.of("ended by force") == ["deaf"]
    eventually(lambda: not process.is_running())


def test_the_programs_end_with_whoever_keeps_them_however_that_ends(tmp_path: Path) -> None:
    keeper = textwrap.dedent(
        """
        import signal, sys
        from shared.runtime.supervisor import Program, Supervisor
        code = "import signal; print('up', flush=True); signal.pause()"
        program = Program(name="a", command=[sys.executable, "-c", code], ready_url="http://127.0.0.1:9/")
        supervisor = Supervisor([program], tell=lambda name, line: print(line, supervisor.pids()[name], flush=True))
        supervisor.start()
        signal.pause()
        """
    )
    with RunningProgram(["python", "-c", keeper], tmp_path / "keeper.log") as owner:
        kept = psutil.Process(int(owner.wait_for_line("up ").rpartition(" ")[2]))
        owner.signal(signal.SIGKILL)
        eventually(lambda: not kept.is_running(), 10)
