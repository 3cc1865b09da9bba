"""Series of times (定期会议), as recurrence rules of iCalendar (RFC 5545 §3.3.10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from dateutil import rrule

from services.meetings.domain.rooms import Slot
from shared.clock import LOCAL_ZONE

FREQUENCIES = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY, "monthly": rrule.MONTHLY}
_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """How often a time comes again: every `interval` days, weeks or months, `count` times or `until` a day.

    `weekdays` (1 Monday … 7 Sunday) are of weekly series; `skip` names days on which it does not take place.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None
    skip: Collection[date] = ()

    @property
    def text(self) -> str:
        """The rule as RFC 5545 writes it."""
        parts = [f"FREQ={self.frequency.upper()}", f"INTERVAL={self.interval}"]
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(_DAY_CODES[day - 1] for day in sorted(self.weekdays)))
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            # A day on the office's clock ends at 16:00 UTC.
            parts.append(f"UNTIL={self.until:%Y%m%d}T155959Z")
        return ";".join(parts)


def occurrences(first: Slot, repeat: Repeat, *, most: int) -> list[Slot]:
    """The times of the series in order, without the skipped days; at most one more than `most` are made.

    The wall clock counts, not the seconds that have passed: a meeting at nine stays at nine.
    """
    begin = first.starts_at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    rule = rrule.rrule(
        FREQUENCIES[repeat.frequency],
        dtstart=begin,
        interval=repeat.interval,
        byweekday=[day - 1 for day in repeat.weekdays] or None,
        count=repeat.count,
        until=datetime.combine(repeat.until, datetime.max.time()) if repeat.until else None,
    )
    length: timedelta = first.ends_at - first.starts_at
    kept = (start for start in islice(rule, most * 8) if start.date() not in repeat.skip)
    starts = (start.replace(tzinfo=LOCAL_ZONE) for start in islice(kept, most + 1))
    return [Slot(start, start + length) for start in starts]
