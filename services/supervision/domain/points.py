"""Set points before and after a task's date: reminders, and the ladder of slips blue–orange–red (三单).

Each point belongs to one date: an approved extension begins a new ladder. Of several points that were passed
unattended only the last still means something.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.supervision.domain.deadlines import begin_of, is_by_the_hour, offset_day
from shared.clock import local_date
from shared.errors import Problem
from shared.workdays import WorkCalendar

SLIPS = ("blue", "orange", "red")
# Unfinished at its limit without good cause (三单之橙单).
LATE_SLIP = "orange"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One set point: its stable name and its moment."""

    name: str
    at: datetime


def occasion(offset: int) -> str:
    """The stable name of a reminder: due-3, due, due+1."""
    return f"due{offset:+d}" if offset else "due"


def reminder_points(
    calendar: WorkCalendar, due_at: datetime, *, offsets: Sequence[int], hour: int, since: datetime
) -> list[Point]:
    """The reminders of a task that was given out at `since`, in order of time."""
    named = {occasion(offset): offset for offset in offsets}
    return _points(calendar, due_at, named, hour=hour, since=since)


def slip_points(
    calendar: WorkCalendar, due_at: datetime, *, offsets: Mapping[str, int], hour: int, since: datetime
) -> list[Point]:
    """The slips, in order of time; a short task begins its ladder at a higher rung.

    What is due by the hour (限时件) gets the slip for being late when that hour has passed, not days afterwards.
    """
    found = _points(calendar, due_at, {name: offsets[name] for name in SLIPS}, hour=hour, since=since)
    if not is_by_the_hour(due_at):
        return found
    kept = [point for point in found if point.name != LATE_SLIP]
    return sorted([*kept, Point(name=LATE_SLIP, at=due_at)], key=lambda point: point.at)


def passed(points: Sequence[Point], *, now: datetime, done: Collection[str]) -> Point | None:
    """The last point whose time has come, unless it was seen to already."""
    come = [point for point in points if point.at <= now]
    if not come or come[-1].name in done:
        return None
    return come[-1]


def next_point(points: Sequence[Point], *, now: datetime) -> datetime | None:
    """When the next point comes."""
    return min((point.at for point in points if point.at > now), default=None)


def _points(
    calendar: WorkCalendar, due_at: datetime, named: Mapping[str, int], *, hour: int, since: datetime
) -> list[Point]:
    found = []
    for name, offset in named.items():
        try:
            at = begin_of(offset_day(calendar, local_date(due_at), offset), hour=hour)
        except Problem as problem:
            # The days after the date may lie in a year that is not loaded yet: that point is not known, not guessed.
            if problem.code != "workdays.year_not_loaded":
                raise
            continue
        if at > since:
            found.append(Point(name=name, at=at))
    return sorted(found, key=lambda point: point.at)
