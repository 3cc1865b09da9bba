"""How often: a limit per signed-in person and one per source address, in this process.

The library `limits` keeps each caller's window by itself and looks through all of them in a thread of its own, up to a
hundred times a second; here all windows end together, and nothing but the count is done for a request.
"""

import time
from collections import Counter
from collections.abc import Callable

from shared.auth import Actor
from shared.config import Settings
from shared.errors import Problem, too_many

WINDOW_SECONDS = 10


class RateLimiter:
    """Refuses with 429 whoever asks more often than the settings allow; `monotonic` tells seconds."""

    def __init__(self, settings: Settings, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._most_of_person = settings.requests_per_second * WINDOW_SECONDS
        self._most_of_source = settings.requests_per_second_of_source * WINDOW_SECONDS
        self._window = 0
        self._asked: Counter[object] = Counter()

    def check_actor(self, actor: Actor) -> None:
        """Count a request of that person."""
        if actor.person_id:
            self._count(actor.person_id, self._most_of_person)

    def check_source(self, source: str) -> None:
        """Count a request from that address; many people may share one."""
        self._count(source, self._most_of_source)

    def _count(self, who: object, most: int) -> None:
        window = int(self._monotonic() // WINDOW_SECONDS)
        if window != self._window:
            self._window = window
            self._asked.clear()
        self._asked[who] += 1
        if self._asked[who] > most:
            raise too_often()


def too_often() -> Problem:
    """Too many requests in a short time (429)."""
    return too_many("web.too_often", "操作过于频繁", "请稍候几秒再试。", retry_after=WINDOW_SECONDS)
