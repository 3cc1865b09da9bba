"""The lines of a score sheet: for each row of the rules, what the events of a unit take off."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.supervision.domain.scoring_facts import Case, Cause, Fact, Line
from services.supervision.domain.scoring_rules import Item, RuleRow
from shared.events.base import Event
from shared.events.supervision import (
    SlipColour,
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
_INSTEAD_OF_A_PLAN = (TaskPlanned.key, TaskClosureAsked.key, TaskClosed.key)


def lines_of_row(case: Case, row: RuleRow) -> list[Line]:
    """What a row takes off, before its limit."""
    return _MAKERS.get(row.code, _of_findings)(case, row)


def _line(row: RuleRow, facts: Sequence[Fact], text: str, *, points: Decimal | None = None) -> Line:
    causes = tuple(
        Cause(event_id=fact.event_id, key=fact.key, at=fact.at, task_id=fact.task_id) for fact in facts
    )
    taken = row.points if points is None else points
    return Line(code=row.code, title=row.title, points=taken, text=text, causes=causes)


def _each(
    kind: type[Event], text: str, holds: Callable[[Mapping[str, Any]], bool]
) -> Callable[[Case, RuleRow], list[Line]]:
    """A line for each such event."""

    def make(case: Case, row: RuleRow) -> list[Line]:
        return [_line(row, [fact], text) for fact in case.inside(kind) if holds(fact.data)]

    return make


def _plan_missing(case: Case, row: RuleRow) -> list[Line]:
    """Signed for, and so many days later neither a plan nor a report of completion; what comes later is no excuse."""
    lines = []
    for facts in case.by_task.values():
        signed = [fact for fact in facts if fact.key == TaskSignedFor.key]
        if not signed:
            continue
        limit = signed[-1].at + timedelta(days=case.rules.plan_days)
        told = any(fact.key in _INSTEAD_OF_A_PLAN and fact.at <= limit for fact in facts)
        if case.period.contains(limit) and not told:
            text = f"签收后{case.rules.plan_days}日内没有报送督查方案"
            lines.append(_line(row, [signed[-1]], text))
    return lines


def _plan_without_goals(case: Case, row: RuleRow) -> list[Line]:
    """The last plan of a task that was handed in in the period names no goals."""
    lines = []
    for facts in case.by_task.values():
        plans = [fact for fact in facts if fact.key == TaskPlanned.key]
        if plans and plans[-1].data["goals"] == 0 and case.period.contains(plans[-1].at):
            lines.append(_line(row, [plans[-1]], "督查方案没有阶段目标"))
    return lines


def _feedback_missing(case: Case, row: RuleRow) -> list[Line]:
    """Once for a task, however often it was asked for; what came after all is late (`feedback_late`), not missing."""
    came = {(fact.task_id, fact.data.get("due_at")) for fact in case.facts if fact.key == TaskFedBack.key}
    missed: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in case.inside(TaskFeedbackMissed):
        if (fact.task_id, fact.data["due_at"]) not in came:
            missed[fact.task_id].append(fact)
    return [_line(row, facts, f"{len(facts)}次未按期反馈") for facts in missed.values()]


def _slips(colour: SlipColour, text: str) -> Callable[[Case, RuleRow], list[Line]]:
    """A line for each date of a task for which it was issued, by hand or by the ladder, when that was first done."""

    def make(case: Case, row: RuleRow) -> list[Line]:
        issued: dict[tuple[UUID, Any], list[Fact]] = defaultdict(list)
        for fact in case.facts:
            if fact.key == TaskSlipIssued.key and fact.data["colour"] == colour:
                issued[fact.task_id, fact.data.get("due_at") or fact.event_id].append(fact)
        lines = []
        for facts in issued.values():
            if case.period.contains(facts[0].at):
                often = f"（同一办结期限共{len(facts)}次，计一次）" if len(facts) > 1 else ""
                lines.append(_line(row, facts, text + often))
        return lines

    return make


def _leader_rating(case: Case, row: RuleRow) -> list[Line]:
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


def _of_findings(case: Case, row: RuleRow) -> list[Line]:
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


_MAKERS: Mapping[Item, Callable[[Case, RuleRow], list[Line]]] = MappingProxyType(
    {
        Item.PLAN_MISSING: _plan_missing,
        Item.PLAN_WITHOUT_GOALS: _plan_without_goals,
        Item.FEEDBACK_MISSING: _feedback_missing,
        Item.LEADER_RATING: _leader_rating,
        Item.SIGNED_LATE: _each(TaskSignedFor, "超过签收时限签收", _late),
        Item.FEEDBACK_LATE: _each(TaskFedBack, "超过反馈时限反馈", _late),
        Item.CLOSED_LATE: _each(TaskClosed, "超过办结期限报办结", _late),
        Item.SENT_BACK: _each(TaskSentBack, "办结申请不合要求，退回重办", lambda data: True),
        Item.ORANGE_SLIP: _slips(SlipColour.ORANGE, "发出橙色督办单"),
        Item.RED_SLIP: _slips(SlipColour.RED, "发出红色督办单"),
    }
)
