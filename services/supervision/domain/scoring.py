"""Scores of lead units in a period, computed from what the event log tells and what assessors found, and nothing else.

The same facts and the same rules give the same scores at any later time. Every point that was taken off names the
events that caused it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from services.supervision.domain.scoring_facts import Case, Fact, Found, Line, Period, Sheet
from services.supervision.domain.scoring_lines import lines_of_row
from services.supervision.domain.scoring_rules import RuleRow, ScoringRules


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
    case = Case(rules=rules, period=period, facts=in_order, found=found, by_task=by_task)
    lines: list[Line] = []
    for row in rules.rows.values():
        made = lines_of_row(case, row)
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
