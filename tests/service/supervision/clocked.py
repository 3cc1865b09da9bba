"""The api of supervision in a process whose clock a test sets: it stands in a file in the process's home."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nameko import config

from services.supervision.api import SupervisionApi
from shared.clock import FixedClock, local_date
from shared.runtime_context import CONFIG_KEY
from tests.service.supervision.offices import MONDAY
from tests.support.api import RunningApi, serving

__all__ = ["SupervisionApi", "clocked"]

FILE = "now.txt"


@dataclass
class FileClock:
    """Tells what the file says."""

    path: Path

    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text(encoding="utf-8"))

    def today(self) -> date:
        return local_date(self.now())


class SetClock(FixedClock):
    """The test's side of it: moving it moves the file's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(MONDAY)

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "at" and isinstance(value, datetime):
            self._path.write_text(value.isoformat(), encoding="utf-8")


@contextmanager
def clocked(database_url: str, folder: Path) -> Iterator[tuple[RunningApi, FixedClock]]:
    clock = SetClock(folder / FILE)
    settings = {
        "YIWANG_REQUESTS_PER_SECOND": "10000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "10000",
    }
    served = "tests.service.supervision.clocked:SupervisionApi"
    with serving("supervision", database_url, folder, api=served, environment=settings) as api:
        yield api, clock


# In the process that serves the api this module is loaded when the runtime is there; in a test it is not.
if runtime := config.get(CONFIG_KEY):
    runtime.clock = FileClock(runtime.settings.home / FILE)
