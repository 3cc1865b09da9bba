"""What scores are computed from, and what they are made of: facts of the event log, findings, lines and sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.supervision.domain.deadlines import begin_of, end_of
from services.supervision.domain.scoring_rules import Item, ScoringRules
from shared.events.base import Event
from shared.events.supervision import (
    TaskAssigned,
    TaskClosed,
    TaskClosureAsked,
    TaskFedBack,
    TaskFeedbackMissed,
    TaskPlanned,
    TaskRated,
    TaskSentBack,
    TaskSignedFor,
    TaskSlipIssued,
)

# When each event happened, as it says itself.
TIMES: Mapping[type[Event], str] = MappingProxyType(
    {
        TaskAssigned: "assigned_at",
        TaskSignedFor: "signed_for_at",
        TaskPlanned: "planned_at",
        TaskFedBack: "fed_back_at",
        TaskFeedbackMissed: "missed_at",
        TaskSlipIssued: "issued_at",
        TaskSentBack: "sent_back_at",
        TaskClosureAsked: "asked_at",
        TaskClosed: "closed_at",
        TaskRated: "rated_at",
    }
)
KEYS = tuple(kind.key for kind in TIMES)


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days that are assessed, both included, as far as `until`."""

    first: date
    last: date
    until: datetime

    @property
    def end(self) -> datetime:
        return min(end_of(self.last), self.until)

    def contains(self, moment: datetime) -> bool:
        return begin_of(self.first) <= moment <= self.end


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One event of a task's lead unit."""

    event_id: UUID
    key: str
    task_id: UUID
    unit_id: UUID
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an assessor put down: it counts for `on` and was told by the event."""

    finding_id: UUID
    event_id: UUID
    code: Item
    unit_id: UUID
    task_id: UUID | None
    points: Decimal
    reason: str
    on: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Cause:
    """An event that took points off."""

    event_id: UUID
    key: str
    at: datetime
    task_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """Points taken off by one row for one reason; `reduced` says that the row's limit left fewer of them."""

    code: Item
    title: str
    points: Decimal
    text: str
    causes: tuple[Cause, ...]
    reduced: bool = False

    @property
    def key(self) -> str:
        """Names the line in appeals and corrections."""
        return f"{self.code}:{self.causes[0].event_id}"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A unit's score with all that it is made of."""

    unit_id: UUID
    score: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that is known of one unit in a period."""

    rules: ScoringRules
    period: Period
    facts: Sequence[Fact]
    found: Sequence[Found]
    by_task: Mapping[UUID, list[Fact]] = field(default_factory=dict)

    def inside(self, kind: type[Event]) -> list[Fact]:
        return [fact for fact in self.facts if fact.key == kind.key and self.period.contains(fact.at)]
