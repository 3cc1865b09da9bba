"""Presses: processes that set pages for another one, gone when idle, replaced when they die, never outliving it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import psutil
import pytest

from shared.errors import Problem
from shared.typesetting import Typesetter
from shared.typesetting.presses import Press, PressEnded, Presses
from shared.typesetting.wire import Message
from tests.support.processes import ROOT
from tests.support.waiting import eventually
from tests.unit.rendering.samples import PACKAGED
from tests.unit.rendering.test_file import SHEET

TEMPLATE = ROOT / "services/documents/rendering/processing-sheet.typ"
DATA = {"agency": "", "heading": "", "title": "", "elements": [], "steps": []}
LONG = 60.0


@pytest.fixture
def made() -> Iterator[Callable[..., Presses]]:
    """Makes presses that are stopped after the test."""
    all_made: list[Presses] = []

    def make(*, at_once: int = 1, idle_seconds: float = LONG, seconds_per_job: float = LONG) -> Presses:
        presses = Presses(at_once=at_once, idle_seconds=idle_seconds, seconds_per_job=seconds_per_job)
        all_made.append(presses)
        return presses

    yield make
    for presses in all_made:
        presses.stop()


def set_sheet(presses: Presses) -> bytes:
    return Typesetter(PACKAGED, presses=presses).typeset(
        TEMPLATE, DATA, pieces=(), produced_at=SHEET.produced_at
    )


def pids() -> set[int]:
    """The presses that this process has, those included that ended and were not yet missed."""
    return {
        child.pid
        for child in psutil.Process().children()
        if child.status() == psutil.STATUS_ZOMBIE or "shared.typesetting.press" in child.cmdline()
    }


def has_ended(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_press_is_started_by_the_first_job_and_kept_for_the_next(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made(at_once=2)
    assert pids() == before
    first = set_sheet(presses)
    [press] = pids() - before
    assert set_sheet(presses) == first
    assert pids() - before == {press}


def test_no_more_presses_work_at_once_than_allowed(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made(at_once=2)
    set_pages: list[bytes] = []
    threads = [Thread(target=lambda: set_pages.append(set_sheet(presses))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set_pages) == 6
    assert len(set(set_pages)) == 1
    assert len(pids() - before) <= 2


def test_an_idle_press_ends_and_the_next_job_starts_another(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made(idle_seconds=0.2)
    first = set_sheet(presses)
    [press] = pids() - before
    eventually(lambda: has_ended(press))
    assert set_sheet(presses) == first
    assert press not in pids()


def test_a_press_that_went_home_just_before_a_job_says_that_the_job_did_not_end_it() -> None:
    press = Press(idle_seconds=0, seconds_per_job=LONG)
    eventually(lambda: has_ended(press.pid))
    with pytest.raises(PressEnded) as end:
        press.ask(Message({}, b"{}"))
    assert end.value.by_signal == 0


def test_a_killed_press_is_replaced(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made()
    first = set_sheet(presses)
    [press] = pids() - before
    os.kill(press, signal.SIGKILL)
    eventually(lambda: has_ended(press))
    assert set_sheet(presses) == first


def test_a_press_that_dies_of_a_job_fails_that_job_only(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made(seconds_per_job=0.001)
    for _ in range(2):
        with pytest.raises(Problem) as failure:
            set_sheet(presses)
        assert (failure.value.status, failure.value.code) == (422, "typesetting.refused")
        assert failure.value.title == "排版失败"
        assert "超过 0.001 秒" in failure.value.detail
    assert pids() == before


def test_whoever_waits_for_a_press_hears_of_its_death() -> None:
    press = Press(idle_seconds=LONG, seconds_per_job=LONG)
    os.kill(press.pid, signal.SIGSTOP)
    heard: list[int] = []

    def ask() -> None:
        with pytest.raises(PressEnded) as end:
            press.ask(Message({}, b"{}"))
        heard.append(end.value.by_signal)

    waiting = Thread(target=ask)
    waiting.start()
    os.kill(press.pid, signal.SIGKILL)
    waiting.join(10)
    assert heard == [signal.SIGKILL]


def test_a_press_is_deaf_to_what_stops_its_owner(made: Callable[..., Presses]) -> None:
    before = pids()
    presses = made()
    first = set_sheet(presses)
    [press] = pids() - before
    for polite in (signal.SIGINT, signal.SIGTERM):
        os.kill(press, polite)
    assert set_sheet(presses) == first
    assert pids() - before == {press}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator["Owner"]:
    running = Owner(tmp_path)
    yield running
    running.process.kill()
    running.process.communicate()


class Owner:
    """A cooperative process that has set a page through `offload`, and tells what it saw meanwhile."""

    _PROGRAM = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import json, sys, psutil
from datetime import UTC, datetime
from pathlib import Path
from shared.offload import offload
from shared.typesetting import FontSettings, typesetter
template, data = Path(sys.argv[1]), json.loads(sys.argv[2])
ticks = []
def tick():
    # A heartbeat: its beats are what is measured, nothing waits for them.
    while True:
        ticks.append(1)
        eventlet.sleep(0.005)
eventlet.spawn(tick)
def set_pages(_):
    typeset = typesetter(FontSettings(use_installed=False)).typeset
    return offload(typeset, template, data, pieces=(), produced_at=datetime.fromtimestamp(0, UTC))
lengths = [len(pdf) for pdf in eventlet.GreenPool(3).imap(set_pages, range(6))]
print(json.dumps({
    "ticks": len(ticks),
    "lengths": lengths,
    "heavy": sorted({"typst", "fontTools"} & set(sys.modules)),
    "presses": [child.pid for child in psutil.Process().children()],
}), flush=True)
# It lives until it is killed, or until whoever started it is gone.
sys.stdin.read()
"""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self._PROGRAM, str(TEMPLATE), json.dumps(DATA)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "YIWANG_SECRET_KEY": "not for a press"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        self.told = json.loads(self.process.stdout.readline())


def test_a_cooperative_process_stays_answerable_while_presses_work(owner: Owner) -> None:
    assert owner.told["ticks"] > 20
    assert len(set(owner.told["lengths"])) == 1
    assert 1 <= len(owner.told["presses"]) <= 2


def test_who_has_pages_set_loads_neither_typesetter_nor_fonts(owner: Owner) -> None:
    assert owner.told["heavy"] == []


def test_no_press_outlives_its_owner_nor_knows_its_secrets(owner: Owner) -> None:
    presses = owner.told["presses"]
    assert all("YIWANG_SECRET_KEY" not in psutil.Process(pid).environ() for pid in presses)
    owner.process.kill()
    eventually(lambda: all(map(has_ended, presses)))
