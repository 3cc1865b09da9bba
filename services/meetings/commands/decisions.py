"""Writing down what was decided (议定事项): text, one lead, assistants, a date; or why it needs no supervision."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.commands.waiving import is_unsupervised, renew_waiving
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import DECIDING_STATES, MEETING_LABELS, MeetingState
from services.meetings.errors import minutes as minutes_errors
from services.meetings.models import Decision, Meeting
from services.meetings.queries.decisions import (
    get_decision,
    is_below,
    list_decisions,
    refuse_fixed_by_minutes,
)
from services.meetings.queries.meetings import get_agenda_item
from shared.auth import Actor
from shared.calendar_days import work_calendar
from shared.clock import Clock
from shared.directory import get_unit
from shared.events.documents import Doer
from shared.events.meetings import DecisionRecorded, DecisionWaived, Party
from shared.flow.acts import Act
from shared.ids import new_id
from shared.messaging import outbox

_SUPERVISED = ("registered", "established", "closed")


def draft_decision(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, decision: Mapping[str, Any]
) -> Decision:
    """Write a decision down; it is recorded, with its number, when the minutes are approved."""
    meeting = _lock_deciding(session, actor, clock, meeting_id)
    stated = _checked(session, clock, meeting, decision)
    made = Decision(
        **stated,
        id=new_id(),
        meeting_id=meeting.id,
        position=len(list_decisions(session, meeting.id)) + 1,
        drafted_at=clock.now(),
        drafted_by_name=actor.person_name,
        task_slips=[],
    )
    session.add(made)
    meeting.revision += 1
    session.flush()
    _keep(session, actor, clock, made, "draft_decision", "登记议定事项")
    return made


def revise_decision(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    decision_id: UUID,
    decision: Mapping[str, Any],
    expected_revision: int | None,
) -> Decision:
    """Change a decision that is not recorded yet; Problem 412 when somebody was quicker."""
    made = _lock_draft(session, actor, clock, decision_id)
    meeting = session.get_one(Meeting, made.meeting_id)
    if expected_revision not in (None, made.revision):
        raise errors.changed_by_another(f"议定事项 {made.position}")
    for name, value in _checked(session, clock, meeting, decision).items():
        setattr(made, name, value)
    made.revision += 1
    meeting.revision += 1
    _keep(session, actor, clock, made, "revise_decision", "修改议定事项")
    return made


def remove_decision(session: Session, actor: Actor, clock: Clock, *, decision_id: UUID) -> None:
    """Take a decision that is not recorded yet out again; those after it move up."""
    made = _lock_draft(session, actor, clock, decision_id)
    _keep(session, actor, clock, made, "remove_decision", "删除议定事项")
    session.delete(made)
    session.flush()
    for position, left in enumerate(list_decisions(session, made.meeting_id), start=1):
        left.position = position
    session.flush()


def waive_decision(
    session: Session, actor: Actor, clock: Clock, *, decision_id: UUID, reason: str
) -> Decision:
    """Put on record why a decision needs no supervised task, unless it has one.

    After the meeting was closed only where supervision has rejected its task.
    """
    made = get_decision(session, decision_id)
    meeting = lock_as_organiser(session, actor, clock, made.meeting_id)
    session.refresh(made)
    if meeting.state not in DECIDING_STATES and not (
        meeting.state == MeetingState.CLOSED and is_unsupervised(made)
    ):
        raise errors.act_not_possible("会议", "登记免督理由", MEETING_LABELS[meeting.state])
    # What was recorded without a waiver was told, and its task is on its way although nobody has heard of it yet.
    on_its_way = made.recorded_at and not made.waived_at and not made.task_state
    if on_its_way or made.task_state in _SUPERVISED:
        raise minutes_errors.decision_supervised(made.number or str(made.position))
    made.waived_at, made.waiver_reason, made.waived_by_name = clock.now(), reason, actor.person_name
    made.revision += 1
    duty = renew_waiving(session, actor, clock, meeting)
    doer = _keep(session, actor, clock, made, "waive", "登记免督理由", opinion=reason, duty=duty)
    if made.recorded_at:
        tell_waived(session, actor, made, doer, meeting)
    return made


def record_decisions(session: Session, actor: Actor, clock: Clock, meeting: Meeting, doer: Doer) -> None:
    """With the approval of the minutes every decision gets its number, and is told, or told as waived.

    Minutes that were approved once and came back keep what was recorded then.
    """
    for made in list_decisions(session, meeting.id):
        if made.recorded_at:
            continue
        made.number, made.recorded_at = f"{meeting.number}-{made.position}", clock.now()
        if made.waived_at:
            tell_waived(session, actor, made, doer, meeting)
            continue
        recorded = DecisionRecorded(
            decision_id=made.id,
            meeting_id=meeting.id,
            meeting_title=meeting.title,
            unit_id=meeting.unit_id,
            number=made.number,
            text=made.text,
            lead=Party(unit_id=made.lead_unit_id, unit_name=made.lead_unit_name),
            assistants=tuple(
                Party(unit_id=UUID(unit["unit_id"]), unit_name=unit["unit_name"]) for unit in made.assistants
            ),
            due_on=made.due_on,
            doer=doer,
            recorded_at=clock.now(),
        )
        outbox.record(session, actor, recorded, correlation_id=meeting.correlation_id)


def tell_waived(session: Session, actor: Actor, made: Decision, doer: Doer, meeting: Meeting) -> None:
    """It is known to all why this decision has no task."""
    waived = DecisionWaived(
        decision_id=made.id,
        meeting_id=made.meeting_id,
        reason=made.waiver_reason,
        doer=doer,
        waived_at=made.waived_at or made.drafted_at,
    )
    outbox.record(session, actor, waived, correlation_id=meeting.correlation_id)


def check_due(session: Session, clock: Clock, unit_id: UUID, due_on: date) -> None:
    """Refuse a date in the past, and one in a year whose working days nobody knows yet."""
    if due_on < clock.today():
        raise minutes_errors.due_in_past(due_on)
    work_calendar(session, unit_id=unit_id, since=due_on).kind_of(due_on)


def _checked(session: Session, clock: Clock, meeting: Meeting, stated: Mapping[str, Any]) -> dict[str, Any]:
    if not stated.get("lead_unit_id"):
        raise minutes_errors.decision_without_lead()
    lead = get_unit(session, stated["lead_unit_id"])
    if not is_below(session, lead.id, meeting.unit_id):
        raise minutes_errors.lead_not_below(lead.name, meeting.unit_name)
    assistants = _assistants(session, lead.id, lead.name, stated.get("assistant_unit_ids") or ())
    check_due(session, clock, meeting.unit_id, stated["due_on"])
    refuse_secret(stated["text"])
    item_id = stated.get("agenda_item_id")
    if item_id:
        get_agenda_item(session, meeting.id, item_id)
    return {
        "agenda_item_id": item_id,
        "text": stated["text"],
        "lead_unit_id": lead.id,
        "lead_unit_name": lead.name,
        "assistants": assistants,
        "due_on": stated["due_on"],
    }


def _assistants(
    session: Session, lead_id: UUID, lead_name: str, unit_ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    if lead_id in unit_ids:
        raise minutes_errors.lead_assists(lead_name)
    units = [get_unit(session, unit_id) for unit_id in dict.fromkeys(unit_ids)]
    return [{"unit_id": str(unit.id), "unit_name": unit.name} for unit in units]


def _lock_deciding(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in DECIDING_STATES:
        raise errors.act_not_possible("会议", "登记议定事项", MEETING_LABELS[meeting.state])
    refuse_fixed_by_minutes(session, meeting, "议定事项")
    return meeting


def _lock_draft(session: Session, actor: Actor, clock: Clock, decision_id: UUID) -> Decision:
    made = get_decision(session, decision_id)
    _lock_deciding(session, actor, clock, made.meeting_id)
    session.refresh(made)
    if made.recorded_at:
        raise errors.act_not_possible(f"议定事项 {made.number}", "修改或删除", "已记入纪要")
    return made


def _keep(
    session: Session,
    actor: Actor,
    clock: Clock,
    made: Decision,
    verb: str,
    step: str,
    *,
    opinion: str = "",
    duty: Act | None = None,
) -> Doer:
    details = {
        "decision": str(made.id),
        "text": made.text,
        "lead": made.lead_unit_name,
        "due_on": made.due_on.isoformat(),
    }
    return keep_act(
        session,
        actor,
        made.meeting_id,
        at=clock.now(),
        verb=verb,
        step=step,
        opinion=opinion,
        duty=duty,
        details=details,
    )
