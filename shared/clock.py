"""The time, injected: no rule and no command reads the machine's clock by itself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time: `now` as an aware UTC datetime, `today` as the office's local date."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return local_date(self.now())


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move: for what happens at one instant, for tests and replays."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return local_date(self.at)


def local_date(moment: datetime) -> date:
    """The date on the office's wall calendar at that moment."""
    return moment.astimezone(LOCAL_ZONE).date()
