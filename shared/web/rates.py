"""How often: a limit per signed-in person and one per source address, in this process."""

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from shared.auth import Actor
from shared.config import Settings
from shared.errors import Problem, too_many

WINDOW_SECONDS = 10


class RateLimiter:
    """Refuses with 429 whoever asks more often than the settings allow."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._per_person = RateLimitItemPerSecond(
            settings.requests_per_second * WINDOW_SECONDS, WINDOW_SECONDS
        )
        self._per_source = RateLimitItemPerSecond(
            settings.requests_per_second_of_source * WINDOW_SECONDS, WINDOW_SECONDS
        )

    def check_actor(self, actor: Actor) -> None:
        """Count a request of that person."""
        if actor.person_id and not self._limiter.hit(self._per_person, str(actor.person_id)):
            raise too_often()

    def check_source(self, source: str) -> None:
        """Count a request from that address; many people may share one."""
        if not self._limiter.hit(self._per_source, source):
            raise too_often()


def too_often() -> Problem:
    """Too many requests in a short time (429)."""
    return too_many("web.too_often", "操作过于频繁", "请稍候几秒再试。", retry_after=WINDOW_SECONDS)
