"""Scores of lead units in a period, computed from what the event log tells and what assessors found, and nothing else.

The same facts and the same rules give the same scores at any later time. Every point that was taken off names the
events that caused it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.supervision.domain.deadlines import begin_of, end_of
from services.supervision.domain.scoring_rules import Item, RuleRow, ScoringRules
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

_CENT = Decimal("0.01")
BEST_RATING = 5
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
class _Case:
    """All that is known of one unit in a period."""

    rules: ScoringRules
    period: Period
    facts: Sequence[Fact]
    found: Sequence[Found]
    by_task: Mapping[UUID, list[Fact]] = field(default_factory=dict)

    def inside(self, kind: type[Event]) -> list[Fact]:
        return [fact for fact in self.facts if fact.key == kind.key and self.period.contains(fact.at)]


def score_units(
    facts: Iterable[Fact], found: Iterable[Found], *, rules: ScoringRules, period: Period
) -> list[Sheet]:
    """The sheet of every unit that led a task, or of which something was found, in the period; by unit."""
    by_unit: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.at <= period.end:
            by_unit[fact.unit_id].append(fact)
    findings: dict[UUID, list[Found]] = defaultdict(list)
    for one in found:
        if one.at <= period.until and period.first <= one.on <= period.last:
            findings[one.unit_id].append(one)
    units = {unit for unit, those in by_unit.items() if any(period.contains(one.at) for one in those)}
    return [
        _score(unit, by_unit[unit], findings[unit], rules=rules, period=period)
        for unit in sorted(units | findings.keys())
    ]


def rank(scores: Mapping[UUID, Decimal]) -> dict[UUID, int]:
    """Places by score, the best first; equal scores share a place and the next one is left out (1, 2, 2, 4)."""
    ordered = sorted(scores.values(), reverse=True)
    return {unit: ordered.index(score) + 1 for unit, score in scores.items()}


def bounded(score: Decimal, *, base: Decimal) -> Decimal:
    """A score lies between 0 and the base."""
    return min(base, max(Decimal(0), score))


def _score(
    unit_id: UUID, facts: Sequence[Fact], found: Sequence[Found], *, rules: ScoringRules, period: Period
) -> Sheet:
    in_order = sorted(facts, key=lambda fact: (fact.at, fact.event_id))
    by_task: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in in_order:
        by_task[fact.task_id].append(fact)
    case = _Case(rules=rules, period=period, facts=in_order, found=found, by_task=by_task)
    lines: list[Line] = []
    for code, row in rules.rows.items():
        made = _MAKERS[code](case, row) if code in _MAKERS else _of_findings(case, row)
        lines += _limited(sorted(made, key=lambda line: (line.causes[0].at, line.key)), row)
    taken = sum((line.points for line in lines), Decimal(0))
    return Sheet(unit_id=unit_id, score=bounded(rules.base - taken, base=rules.base), lines=tuple(lines))


def _limited(lines: Sequence[Line], row: RuleRow) -> list[Line]:
    """The first ones until the row's limit is reached; the rest stays on the sheet with what is left of it."""
    if row.most is None:
        return list(lines)
    left, kept = row.most, []
    for line in lines:
        points = min(line.points, left)
        left -= points
        kept.append(
            line
            if points == line.points
            else Line(
                code=line.code,
                title=line.title,
                points=points,
                text=f"{line.text}（本项扣分已达上限{row.most.normalize():f}分）",
                causes=line.causes,
                reduced=True,
            )
        )
    return kept


def _line(row: RuleRow, facts: Sequence[Fact], text: str, *, points: Decimal | None = None) -> Line:
    causes = tuple(
        Cause(event_id=fact.event_id, key=fact.key, at=fact.at, task_id=fact.task_id) for fact in facts
    )
    taken = row.points if points is None else points
    return Line(code=row.code, title=row.title, points=taken, text=text, causes=causes)


def _each(
    kind: type[Event], text: str, holds: Callable[[Mapping[str, Any]], bool]
) -> Callable[[_Case, RuleRow], list[Line]]:
    """A line for each such event."""

    def make(case: _Case, row: RuleRow) -> list[Line]:
        return [_line(row, [fact], text) for fact in case.inside(kind) if holds(fact.data)]

    return make


def _plan_missing(case: _Case, row: RuleRow) -> list[Line]:
    """Signed for, and so many days later neither a plan nor a report of completion, by the end of the period."""
    lines = []
    for facts in case.by_task.values():
        signed = [fact for fact in facts if fact.key == TaskSignedFor.key]
        if not signed:
            continue
        limit = signed[-1].at + timedelta(days=case.rules.plan_days)
        planned = any(fact.key == TaskPlanned.key for fact in facts)
        ended = any(fact.key in (TaskClosureAsked.key, TaskClosed.key) and fact.at <= limit for fact in facts)
        if case.period.contains(limit) and not planned and not ended:
            text = f"签收后{case.rules.plan_days}日内没有报送督查方案"
            lines.append(_line(row, [signed[-1]], text))
    return lines


def _plan_without_goals(case: _Case, row: RuleRow) -> list[Line]:
    """The last plan of a task that was handed in in the period names no goals."""
    lines = []
    for facts in case.by_task.values():
        plans = [fact for fact in facts if fact.key == TaskPlanned.key]
        if plans and plans[-1].data["goals"] == 0 and case.period.contains(plans[-1].at):
            lines.append(_line(row, [plans[-1]], "督查方案没有阶段目标"))
    return lines


def _feedback_missing(case: _Case, row: RuleRow) -> list[Line]:
    """Once for a task, however often it was asked for."""
    missed: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in case.inside(TaskFeedbackMissed):
        missed[fact.task_id].append(fact)
    return [_line(row, facts, f"{len(facts)}次未按期反馈") for facts in missed.values()]


def _leader_rating(case: _Case, row: RuleRow) -> list[Line]:
    """The row's points in the measure in which the mean of the ratings falls short of the best."""
    rated = case.inside(TaskRated)
    if not rated:
        return []
    mean = Decimal(sum(fact.data["score"] for fact in rated)) / len(rated)
    points = (row.points * (BEST_RATING - mean) / BEST_RATING).quantize(_CENT, ROUND_HALF_UP)
    if points == 0:
        return []
    text = f"{len(rated)}件办结事项平均评价{mean.quantize(_CENT, ROUND_HALF_UP).normalize():f}分（满分{BEST_RATING}分）"
    return [_line(row, rated, text, points=points)]


def _of_findings(case: _Case, row: RuleRow) -> list[Line]:
    return [
        Line(
            code=row.code,
            title=row.title,
            points=one.points,
            text=one.reason,
            causes=(Cause(event_id=one.event_id, key="finding.recorded.v1", at=one.at, task_id=one.task_id),),
        )
        for one in case.found
        if one.code == row.code
    ]


def _late(data: Mapping[str, Any]) -> bool:
    return not data["in_time"]


_MAKERS: Mapping[Item, Callable[[_Case, RuleRow], list[Line]]] = MappingProxyType(
    {
        Item.PLAN_MISSING: _plan_missing,
        Item.PLAN_WITHOUT_GOALS: _plan_without_goals,
        Item.FEEDBACK_MISSING: _feedback_missing,
        Item.LEADER_RATING: _leader_rating,
        Item.SIGNED_LATE: _each(TaskSignedFor, "超过签收时限签收", _late),
        Item.FEEDBACK_LATE: _each(TaskFedBack, "超过反馈时限反馈", _late),
        Item.CLOSED_LATE: _each(TaskClosed, "超过办结期限报办结", _late),
        Item.SENT_BACK: _each(TaskSentBack, "办结申请不合要求，退回重办", lambda data: True),
        Item.ORANGE_SLIP: _each(TaskSlipIssued, "发出橙色督办单", lambda data: data["colour"] == "orange"),
        Item.RED_SLIP: _each(TaskSlipIssued, "发出红色督办单", lambda data: data["colour"] == "red"),
    }
)
