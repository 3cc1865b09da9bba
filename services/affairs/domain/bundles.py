"""One-thing bundles (一件事): which matters belong together, in what order, and how long the whole takes.

One clock for all: the longest path, that is the largest sum of promised working days along the order of the parts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

MOST_PARTS = 30


class BundleState(StrEnum):
    """Where one application for a bundle stands; the last three are ends."""

    CHECKING = "checking"
    COMPLETING = "completing"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Mapping[BundleState, str] = {
    BundleState.CHECKING: "待受理",
    BundleState.COMPLETING: "待补正",
    BundleState.UNDER_WAY: "办理中",
    BundleState.FINISHED: "已办结",
    BundleState.NOT_ACCEPTED: "不予受理",
    BundleState.WITHDRAWN: "已撤回",
}
OPEN_STATES = frozenset({BundleState.CHECKING, BundleState.COMPLETING, BundleState.UNDER_WAY})


class PartState(StrEnum):
    """Where a part stands: `waiting` for others, `blocked` when one of those was not granted."""

    WAITING = "waiting"
    CHECKING = "checking"
    HANDLING = "handling"
    GRANTED = "granted"
    REFUSED = "refused"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _PART_LABELS[self]


_PART_LABELS: Mapping[PartState, str] = {
    PartState.WAITING: "等待前置事项",
    PartState.CHECKING: "待受理",
    PartState.HANDLING: "办理中",
    PartState.GRANTED: "已办结",
    PartState.REFUSED: "未获批准",
    PartState.BLOCKED: "前置事项未获批准",
    PartState.WITHDRAWN: "已撤回",
}
ENDED_PARTS = frozenset({PartState.GRANTED, PartState.REFUSED, PartState.BLOCKED, PartState.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One matter of a bundle: its promised working days, and the matters that must be granted before it begins."""

    matter_id: UUID
    name: str = ""
    days: int = 0
    after: tuple[UUID, ...] = ()


def order_faults(parts: Sequence[Part]) -> dict[str, list[str]]:
    """What is wrong with the order of a bundle's parts, by part; empty when it may be used."""
    if len(parts) < 2:
        return {"parts": ["一件事至少由两个事项组成"]}
    faults: dict[str, list[str]] = {}
    known = [part.matter_id for part in parts]
    for at, part in enumerate(parts):
        wrong = []
        if known.count(part.matter_id) > 1:
            wrong.append("同一事项出现了不止一次")
        if part.matter_id in part.after:
            wrong.append("不能以自己为前置事项")
        if set(part.after) - set(known):
            wrong.append("前置事项不在本一件事中")
        if wrong:
            faults[f"parts.{at}"] = wrong
    if not faults and len(in_order(parts)) < len(parts):
        faults["parts"] = ["前置关系成环，谁也不能先办"]
    return faults


def in_order(parts: Iterable[Part]) -> list[Part]:
    """The parts so that each stands behind those it waits for; what waits for itself in a circle is left out."""
    left, placed = list(parts), list[Part]()
    while ready := ready_parts(left, {part.matter_id for part in placed}):
        placed += ready
        left = [part for part in left if part not in ready]
    return placed


def ready_parts(parts: Iterable[Part], granted: Collection[UUID]) -> list[Part]:
    """Those of the parts that wait for nothing else than what was granted."""
    return [part for part in parts if set(part.after) <= set(granted)]


def longest_path(parts: Sequence[Part]) -> tuple[int, tuple[UUID, ...]]:
    """The promised working days of the whole, and the matters on the path that takes them."""
    ends: dict[UUID, tuple[int, tuple[UUID, ...]]] = {}
    for part in in_order(parts):
        before = max((ends[earlier] for earlier in part.after), default=(0, ()), key=lambda end: end[0])
        ends[part.matter_id] = (before[0] + part.days, (*before[1], part.matter_id))
    return max(ends.values(), default=(0, ()), key=lambda end: end[0])


def later_by(parts: Sequence[Part], rested: Mapping[UUID, int]) -> int:
    """By how many half days the whole is due later, when the parts rested so many (special procedures do not count).

    Parts side by side rest at the same time, and one with time to spare uses that first.
    """
    promised = [replace(part, days=2 * part.days) for part in parts]
    taken = [replace(part, days=part.days + rested.get(part.matter_id, 0)) for part in promised]
    return longest_path(taken)[0] - longest_path(promised)[0]


def blocked_parts(parts: Sequence[Part], refused: Collection[UUID]) -> list[UUID]:
    """The matters that can no longer begin, because what they wait for, or what that waits for, was not granted."""
    stopped: set[UUID] = set(refused)
    blocked: list[UUID] = []
    for part in in_order(parts):
        if part.matter_id not in stopped and stopped & set(part.after):
            stopped.add(part.matter_id)
            blocked.append(part.matter_id)
    return blocked
