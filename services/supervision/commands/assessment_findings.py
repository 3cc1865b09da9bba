"""What an assessor puts down by hand because no event tells it, such as a report without substance."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.supervision import errors
from services.supervision.domain.scoring_facts import Period
from services.supervision.domain.scoring_rules import FOUND, GUARD, Item, RuleRow, forbidden_in_reason
from services.supervision.domain.secrecy import refuse_secret
from services.supervision.errors import assessment as assessment_errors
from services.supervision.models import Finding, Task, TaskAccess
from services.supervision.queries.assessment_facts import known_rule
from services.supervision.queries.assessment_findings import get_finding
from services.supervision.queries.people import is_below
from services.supervision.queries.scope import organ_of_actor
from services.supervision.scoring_table import rules_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_unit
from shared.events.assessment import FindingRecorded, FindingWithdrawn
from shared.history import doer_of
from shared.ids import new_id
from shared.messaging import outbox
from shared.messaging.models import OutboxEvent


def record_finding(session: Session, actor: Actor, clock: Clock, *, request: Mapping[str, Any]) -> Finding:
    """Put down a finding about a unit; it counts for the period that its day lies in.

    Raises `supervision.finding_not_scored`, `supervision.finding_out_of_range`, `supervision.finding_forbidden`, and
    Problem 404 or 422 for a task, event or unit that is not there.
    """
    organ_id = organ_of_actor(session, actor) or actor.unit_id
    assert organ_id is not None, "whoever assesses acts in a post"
    unit = get_unit(session, request["lead_unit_id"])
    if not is_below(session, unit.id, organ_id):
        raise errors.unit_not_below(unit.name)
    refuse_secret(request["reason"])
    if word := forbidden_in_reason(request["reason"]):
        raise assessment_errors.finding_forbidden(word, GUARD)
    row = _row_of(session, clock, organ_id=organ_id, request=request)
    points = request["points"] if request["points"] is not None else row.points
    if not row.points <= points <= row.most_each:
        raise assessment_errors.finding_out_of_range(f"{row.points:f}", f"{row.most_each:f}")
    _check_about(session, organ_id, request)
    finding = Finding(
        id=new_id(),
        unit_id=organ_id,
        lead_unit_id=unit.id,
        lead_unit_name=unit.name,
        code=row.code.value,
        title=row.title,
        points=points,
        task_id=request["task_id"],
        about_event_id=request["about_event_id"],
        reason=request["reason"],
        on=request["on"],
        recorded_at=clock.now(),
        recorded_by_name=actor.person_name,
    )
    finding.event_id = outbox.record(session, actor, _told(actor, finding))
    session.add(finding)
    session.flush()
    return finding


def withdraw_finding(
    session: Session, actor: Actor, clock: Clock, *, finding_id: UUID, reason: str
) -> Finding:
    """Let a finding count no more from now on; what was published with it is corrected, not changed."""
    finding = get_finding(session, actor, finding_id, for_update=True)
    if finding.withdrawn_at is not None:
        raise assessment_errors.finding_withdrawn()
    finding.withdrawn_at, finding.withdrawn_by_name = clock.now(), actor.person_name
    finding.withdrawn_reason = reason
    outbox.record(
        session,
        actor,
        FindingWithdrawn(finding_id=finding.id, reason=reason, doer=doer_of(actor), withdrawn_at=clock.now()),
    )
    return finding


def _row_of(session: Session, clock: Clock, *, organ_id: UUID, request: Mapping[str, Any]) -> RuleRow:
    period = Period(first=request["on"], last=request["on"], until=clock.now())
    rows = rules_of(known_rule(session, organ_id=organ_id, period=period)).rows
    code = Item(request["code"])
    row = rows.get(code)
    if row is None or code not in FOUND or row.points <= Decimal(0):
        raise assessment_errors.finding_not_scored(
            code.value, [rows[one].title for one in rows if one in FOUND]
        )
    return row


def _check_about(session: Session, organ_id: UUID, request: Mapping[str, Any]) -> None:
    """The task is one that the organ supervises and the unit leads, led or assists; the event is one of that task."""
    task_id, event_id = request["task_id"], request["about_event_id"]
    if task_id is not None:
        task = session.get(Task, task_id)
        if task is None or task.unit_id != organ_id:
            raise errors.task_not_found(task_id)
        party = sa.select(TaskAccess.task_id).where(
            TaskAccess.task_id == task_id,
            TaskAccess.holder_id == request["lead_unit_id"],
            TaskAccess.reason.in_(("lead", "assistant")),
        )
        if session.scalars(party).first() is None:
            raise assessment_errors.unit_not_party(task.title)
    if event_id is not None:
        known = sa.select(OutboxEvent.id).where(OutboxEvent.id == event_id, OutboxEvent.subject == task_id)
        if session.scalars(known).one_or_none() is None:
            raise assessment_errors.event_elsewhere(event_id)


def _told(actor: Actor, finding: Finding) -> FindingRecorded:
    return FindingRecorded(
        finding_id=finding.id,
        unit_id=finding.unit_id,
        lead_unit_id=finding.lead_unit_id,
        code=finding.code,
        points=f"{finding.points.normalize():f}",
        task_id=finding.task_id,
        about_event_id=finding.about_event_id,
        reason=finding.reason,
        on=finding.on,
        doer=doer_of(actor),
        recorded_at=finding.recorded_at,
    )
