"""How long an item took, or has taken so far, in half working days, its pauses left out.

The age of a running item on a day is the running count of working time (`WorkingTime`) on that day, less the count at
its start, plus what it had used before its last pause. Sums of these parts over many items therefore give the sum of
their ages on any day, without looking at a single item.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mobile.domain.figures import LASTING
from shared.working_time import WorkingTime


@dataclass(frozen=True, kw_only=True)
class Life:
    """From when to when an item is open (`ended` None: still), and what happened to its clock and light in between.

    A mark has a `day` and either `running` (whether the clock runs from then on) or `red` (whether the light is red).
    """

    begun: date
    ended: date | None = None
    marks: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Days in which nothing about an open item changes but its age."""

    from_day: date
    until_day: date
    measures: Mapping[str, int]


@dataclass
class _State:
    since: date
    runs_from: date | None
    used: int = 0
    red: bool = False
    known: bool = True

    def turn(self, mark: Mapping[str, Any], day: date, time: WorkingTime) -> None:
        if "red" in mark:
            self.red = mark["red"]
        elif mark["running"]:
            self.runs_from = self.runs_from or day
        elif self.runs_from is not None:
            self.stop(day, time)

    def stop(self, day: date, time: WorkingTime) -> None:
        """The clock stands still from that day on."""
        if self.runs_from is None:
            return
        first, last = time.at(self.runs_from), time.at(day)
        if first is None or last is None:
            self.known = False
        else:
            self.used += last - first
        self.runs_from = None


def open_segments(life: Life, time: WorkingTime) -> list[Segment]:
    """The days from begin to end, cut where the item's light or clock changes."""
    until = LASTING if life.ended is None else life.ended
    segments = []
    for state, before in _walk(life, time):
        if state.since < before:
            segments.append(_segment(state, before, time))
        state.since = before
    return [made for made in segments if made.from_day < until]


def used_half_days(life: Life, time: WorkingTime) -> int | None:
    """What an ended item took; None where the calendar is not known, or it has not ended."""
    if life.ended is None:
        return None
    state = _State(since=life.begun, runs_from=life.begun)
    for state, before in _walk(life, time):
        state.since = before
    state.stop(max(life.ended, life.begun), time)
    return state.used if state.known else None


def _walk(life: Life, time: WorkingTime) -> Iterator[tuple[_State, date]]:
    """The state before each mark and the day of the mark, in order; last, the end."""
    end = LASTING if life.ended is None else max(life.ended, life.begun)
    state = _State(since=life.begun, runs_from=life.begun)
    for mark in life.marks:
        day = min(max(date.fromisoformat(mark["day"]), state.since), end)
        yield state, day
        state.turn(mark, day, time)
    yield state, end


def _segment(state: _State, until: date, time: WorkingTime) -> Segment:
    measures = {"red": int(state.red)} if state.red else {}
    started = time.at(state.runs_from) if state.runs_from else 0
    if state.known and started is not None:
        measures |= {"timed": 1, "used": state.used}
        if state.runs_from:
            measures |= {"running": 1, "started": started}
    return Segment(from_day=state.since, until_day=until, measures=measures)
