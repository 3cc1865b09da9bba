"""When a room can be had: its hours, closed periods and what else is planned there, and how these are told apart.

The five kinds of conflict and the states of a booking are design of ours; days are those of the office's wall clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from shared.clock import LOCAL_ZONE

MINUTES_OF_A_DAY = 24 * 60
WEEKDAYS = "一二三四五六日"


class BookingState(StrEnum):
    """Where a booking stands."""

    REQUESTED = "requested"
    BOOKED = "booked"
    IN_USE = "in_use"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RELEASED = "released"


BOOKING_LABELS: Mapping[str, str] = {
    BookingState.REQUESTED: "待审批",
    BookingState.BOOKED: "已预订",
    BookingState.IN_USE: "使用中",
    BookingState.REFUSED: "未同意",
    BookingState.CANCELLED: "已取消",
    BookingState.RELEASED: "无人使用已释放",
}
# These keep others out.
HOLDING = (BookingState.REQUESTED, BookingState.BOOKED, BookingState.IN_USE)
# These may still be changed by whoever booked.
CHANGEABLE = (BookingState.REQUESTED, BookingState.BOOKED)


class Scope(StrEnum):
    """Which occurrences of a series an act is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class ConflictKind(StrEnum):
    """Why a room cannot be had."""

    BOOKING = "booking"
    CLOSED = "closed"
    OUT_OF_HOURS = "out_of_hours"
    PENDING = "pending"
    SERIES = "series"


@dataclass(frozen=True, order=True)
class Slot:
    """A time from (included) to (excluded)."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Slot") -> bool:
        """Whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def label(self) -> str:
        """As people write it: 11月05日 09:00–11:30."""
        begin, end = self.starts_at.astimezone(LOCAL_ZONE), self.ends_at.astimezone(LOCAL_ZONE)
        until = end.strftime("%H:%M" if begin.date() == end.date() else "%m月%d日 %H:%M")
        return f"{begin.strftime('%m月%d日 %H:%M')}–{until}"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Something that stands in the way: a booking, one of a series (`series_id`), a request, a closed period."""

    kind: ConflictKind
    slot: Slot
    what: str
    series_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One reason, and which of the asked times it hits, each with the time that is taken."""

    kind: ConflictKind
    message: str
    hits: tuple[tuple[Slot, Slot | None], ...]
    series_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """For whoever asked: the same shape for every kind."""
        return {
            "kind": self.kind.value,
            "message": self.message,
            "series_id": self.series_id or None,
            "occurrences": [
                {
                    "asked_from": asked.starts_at.isoformat(),
                    "asked_to": asked.ends_at.isoformat(),
                    "taken_from": taken.starts_at.isoformat() if taken else None,
                    "taken_to": taken.ends_at.isoformat() if taken else None,
                }
                for asked, taken in self.hits
            ],
        }


def find_conflicts(
    asked: Sequence[Slot], *, hours: Sequence[Mapping[str, Any]], obstacles: Iterable[Obstacle]
) -> list[Conflict]:
    """Everything that stands in the way of the asked times, by kind, in the order in which it comes up."""
    found: list[Conflict] = []
    if outside := [slot for slot in asked if not within_hours(slot, hours)]:
        message = f"{_listed(outside)} 不在开放时间内（{hours_label(hours)}）"
        hits = tuple((slot, None) for slot in outside)
        found.append(Conflict(kind=ConflictKind.OUT_OF_HOURS, message=message, hits=hits))
    by_series: dict[tuple[ConflictKind, str], list[tuple[Slot, Slot, Obstacle]]] = {}
    for number, obstacle in enumerate(obstacles):
        for slot in asked:
            if slot.meets(obstacle.slot):
                # What stands alone is told alone; occurrences of one series are told together.
                key = (obstacle.kind, obstacle.series_id or f"#{number}")
                by_series.setdefault(key, []).append((slot, obstacle.slot, obstacle))
    for (kind, _), hits_of in by_series.items():
        taken = [other for _, other, _ in hits_of]
        first = hits_of[0][2]
        found.append(
            Conflict(
                kind=kind,
                message=_MESSAGES[kind].format(when=_listed(taken), what=first.what),
                hits=tuple((slot, other) for slot, other, _ in hits_of),
                series_id=first.series_id,
            )
        )
    return found


_MESSAGES: Mapping[ConflictKind, str] = {
    ConflictKind.BOOKING: "{when} 已由{what}预订",
    ConflictKind.CLOSED: "{when} 停用（{what}）",
    ConflictKind.PENDING: "{when} 已有{what}的申请在等待审批",
    ConflictKind.SERIES: "{when} 与{what}的定期会议冲突",
}


def within_hours(slot: Slot, hours: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the whole time lies in the hours of its weekday, or of its weekdays where it goes past midnight."""
    begin, end = slot.starts_at.astimezone(LOCAL_ZONE), slot.ends_at.astimezone(LOCAL_ZONE)
    day = begin.date()
    while day <= end.date():
        midnight = datetime.combine(day, time(), LOCAL_ZONE)
        first = max(0.0, (begin - midnight) / timedelta(minutes=1))
        last = min(float(MINUTES_OF_A_DAY), (end - midnight) / timedelta(minutes=1))
        if last > first and not _covered(first, last, _windows(hours, day.isoweekday())):
            return False
        day += timedelta(days=1)
    return True


def hours_label(hours: Sequence[Mapping[str, Any]]) -> str:
    """The hours as people read them: 周一 08:00–18:00 …"""
    return (
        "、".join(f"周{WEEKDAYS[one['weekday'] - 1]} {one['opens']}–{one['closes']}" for one in hours)
        or "不开放"
    )


def minutes_of(text: str) -> int:
    """Minutes since midnight of HH:MM; 24:00 is the end of the day."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def hours_faults(hours: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a table of hours, in words."""
    faults = [
        f"周{WEEKDAYS[one['weekday'] - 1]} {one['opens']}–{one['closes']}：结束须晚于开始"
        for one in hours
        if minutes_of(one["closes"]) <= minutes_of(one["opens"])
    ]
    return [*faults, *([] if hours else ["至少应有一天开放"])]


def _windows(hours: Sequence[Mapping[str, Any]], weekday: int) -> list[tuple[int, int]]:
    return sorted(
        (minutes_of(one["opens"]), minutes_of(one["closes"])) for one in hours if one["weekday"] == weekday
    )


def _covered(first: float, last: float, windows: Iterable[tuple[int, int]]) -> bool:
    reached = first
    for opens, closes in windows:
        if opens <= reached < closes:
            reached = closes
    return reached >= last


def _listed(slots: Sequence[Slot]) -> str:
    shown = "、".join(slot.label for slot in slots[:3])
    return shown if len(slots) <= 3 else f"{shown} 等 {len(slots)} 次"
