"""What an assessment is computed from: the event log, the findings, and the rules as they were known."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.supervision.domain.deadlines import begin_of, end_of
from services.supervision.domain.scoring import score_units
from services.supervision.domain.scoring_facts import KEYS, TIMES, Fact, Found, Period, Sheet
from services.supervision.domain.scoring_rules import Item, ScoringRules
from services.supervision.models import Finding
from services.supervision.scoring_table import SCORING, rules_of
from shared.clock import local_date
from shared.dated_rules import Rule, list_versions
from shared.directory import list_line
from shared.events.supervision import TaskAssigned, TaskClosed, TaskRated

_CENT = Decimal("0.01")
_TIME_OF = {kind.key: name for kind, name in TIMES.items()}
_UNIT_OF: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        TaskAssigned.key: lambda data: data["lead"]["unit_id"],
        TaskClosed.key: lambda data: data["lead_unit_id"],
        TaskRated.key: lambda data: data["lead_unit_id"],
    }
)
# Only tasks that were under way in the period, and of one unit only what it ever led.
_EVENTS = sa.text(
    """
    SELECT told.id, told.key, told.subject, told.data
    FROM task JOIN outbox_event AS told ON told.subject = task.id AND told.key = ANY(:keys)
    WHERE task.unit_id = :organ_id AND task.registered_at <= :last
      AND (task.concluded_at IS NULL OR task.concluded_at >= :first)
      AND (CAST(:lead_unit_id AS uuid) IS NULL OR EXISTS (
          SELECT FROM task_access
          WHERE task_id = task.id AND holder_id = :lead_unit_id AND reason = 'lead'))
    ORDER BY told.subject, told.sequence
    """
).bindparams(
    sa.bindparam("keys", type_=postgresql.ARRAY(sa.Text())),
    sa.bindparam("organ_id", type_=sa.Uuid()),
    sa.bindparam("lead_unit_id", type_=sa.Uuid()),
)


def compute(
    session: Session, *, organ_id: UUID, period: Period, lead_unit_id: UUID | None = None
) -> tuple[ScoringRules, list[Sheet]]:
    """The sheets of an organ's lead units, or of one of them, as they are by what was known at `period.until`."""
    rules = rules_of(known_rule(session, organ_id=organ_id, period=period))
    facts = read_facts(session, organ_id=organ_id, period=period, lead_unit_id=lead_unit_id)
    found = read_findings(session, organ_id=organ_id, period=period)
    sheets = score_units(facts, found, rules=rules, period=period)
    return rules, [sheet for sheet in sheets if lead_unit_id in (None, sheet.unit_id)]


def known_rule(session: Session, *, organ_id: UUID, period: Period) -> Rule:
    """The scoring rules of the period's last day, or of the day that it is computed for, as they were set by then.

    What was set later for an earlier day does not change what was computed before.
    """
    day = min(local_date(period.until), period.last)
    rows = [
        row for row in list_versions(session, SCORING) if row.set_at <= period.until and row.valid_from <= day
    ]
    line = [str(unit.id) for unit in list_line(session, organ_id)] or [str(organ_id)]
    for subject in (*line, ""):
        own = [row for row in rows if row.subject == subject]
        latest = max(own, key=lambda row: (row.valid_from, row.revision), default=None)
        if latest is not None and latest.value is not None:
            return Rule(
                value=SCORING.load(latest.value),
                subject=subject,
                revision=latest.revision,
                valid_from=latest.valid_from,
                source=latest.reason,
                set_at=latest.set_at,
                set_by_name=latest.person_name,
            )
    assert SCORING.default is not None
    return Rule(value=SCORING.load(SCORING.default), source=SCORING.source)


def read_facts(
    session: Session, *, organ_id: UUID, period: Period, lead_unit_id: UUID | None
) -> Iterator[Fact]:
    """The events of the organ's tasks that may count, each under the unit that led the task then."""
    wanted = {
        "keys": list(KEYS),
        "organ_id": organ_id,
        "lead_unit_id": lead_unit_id,
        "first": begin_of(period.first),
        "last": end_of(period.last),
    }
    for row in session.execute(_EVENTS, wanted):
        data = json.loads(row.data)
        unit = _UNIT_OF.get(row.key, _unit_id)(data)
        yield Fact(
            event_id=row.id,
            key=row.key,
            task_id=row.subject,
            unit_id=UUID(unit),
            at=datetime.fromisoformat(data[_TIME_OF[row.key]]),
            data=data,
        )


def read_findings(session: Session, *, organ_id: UUID, period: Period) -> list[Found]:
    """The organ's findings of the period that stood at that time."""
    wanted = sa.select(Finding).where(
        Finding.unit_id == organ_id,
        Finding.on.between(period.first, period.last),
        Finding.recorded_at <= period.until,
        sa.or_(Finding.withdrawn_at.is_(None), Finding.withdrawn_at > period.until),
    )
    return [
        Found(
            finding_id=row.id,
            event_id=row.event_id,
            code=Item(row.code),
            unit_id=row.lead_unit_id,
            task_id=row.task_id,
            points=row.points,
            reason=row.reason,
            on=row.on,
            at=row.recorded_at,
        )
        for row in session.scalars(wanted.order_by(Finding.id))
    ]


def period_of(first: date, last: date, *, now: datetime, as_of: date | None = None) -> Period:
    """A period as it was known at the end of a day, or now."""
    return Period(first=first, last=last, until=min(now, end_of(as_of)) if as_of else now)


def lines_of(sheet: Sheet, rules: ScoringRules) -> list[dict[str, Any]]:
    """A sheet's lines as they are published: each with its events and the version of the rule."""
    return [
        {
            "key": line.key,
            "code": line.code.value,
            "title": line.title,
            "points": str(line.points.quantize(_CENT)),
            "text": line.text,
            "reduced": line.reduced,
            "rule": {"name": SCORING.name, "subject": rules.subject, "revision": rules.revision},
            "causes": [
                {
                    "event_id": str(cause.event_id),
                    "key": cause.key,
                    "at": cause.at.isoformat(),
                    "task_id": str(cause.task_id) if cause.task_id else None,
                }
                for cause in line.causes
            ],
        }
        for line in sheet.lines
    ]


def _unit_id(data: Mapping[str, Any]) -> str:
    unit: str = data["unit_id"]
    return unit
