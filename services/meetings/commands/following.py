"""Following what others made of the minutes and the decisions: the 纪要 in documents, the tasks in supervision."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.commands.duties import drop
from services.meetings.commands.history import keep_act
from services.meetings.commands.minutes import give_back
from services.meetings.commands.waiving import renew_waiving
from services.meetings.domain.states import MinutesState
from services.meetings.domain.steps import Step
from services.meetings.models import Decision, Meeting, Minutes
from shared.auth import Actor
from shared.clock import Clock
from shared.events import supervision as told
from shared.events.base import Event
from shared.events.documents import DocumentAbandoned, DocumentDrafted, DocumentIssued
from shared.events.origin import Origin

SYSTEM = "meetings"


def follow_drafted(session: Session, actor: Actor, clock: Clock, *, event: DocumentDrafted) -> None:
    """Documents made a draft of approved minutes; the minutes know it from now on."""
    minutes = _lock_approved(session, event.origin)
    if minutes is None or minutes.state != MinutesState.APPROVED:
        return
    minutes.state, minutes.document_id = MinutesState.DRAFTED.value, event.document_id
    _keep(session, actor, clock, minutes.meeting_id, "minutes_drafted", "纪要转入发文办理", event.title)


def follow_issued(session: Session, actor: Actor, clock: Clock, *, event: DocumentIssued) -> None:
    """The 纪要 was issued: number and PDF are kept, and the meeting can be closed."""
    minutes = _lock_approved(session, event.origin)
    if minutes is None or minutes.state == MinutesState.ISSUED:
        return
    minutes.state, minutes.document_id = MinutesState.ISSUED.value, event.document_id
    minutes.number, minutes.issued_at = event.number, event.issued_at
    minutes.rendered = asdict(event.rendered) if event.rendered else None
    _keep(session, actor, clock, minutes.meeting_id, "minutes_issued", "纪要印发", event.number)


def follow_abandoned(session: Session, actor: Actor, clock: Clock, *, event: DocumentAbandoned) -> None:
    """The 纪要 was given up in documents: the minutes are to be put right and approved again."""
    minutes = _lock_minutes(session, Minutes.document_id == event.document_id)
    if minutes is None or minutes.state != MinutesState.DRAFTED:
        return
    meeting = session.get_one(Meeting, minutes.meeting_id)
    minutes.state, minutes.document_id = MinutesState.DRAFTING.value, None
    minutes.submitted_at = minutes.approved_at = None
    drop(session, actor, clock, meeting.id, Step.CLOSE)
    give_back(session, actor, clock, meeting, minutes)
    _keep(session, actor, clock, meeting.id, "minutes_abandoned", "纪要发文作废", event.reason)


def follow_task(session: Session, actor: Actor, clock: Clock, *, event: Event) -> None:
    """What supervision tells of a task that came of a decision is shown on the decision."""
    note = _FOLLOWED.get(type(event))
    if note is None:
        return
    decision = _lock_decision(session, event)
    if decision is None:
        return
    if words := note(decision, event):
        _keep(session, actor, clock, decision.meeting_id, "task", f"督办{words[0]}", words[1], decision)
        renew_waiving(session, actor, clock, session.get_one(Meeting, decision.meeting_id))


def _lock_decision(session: Session, event: Any) -> Decision | None:
    """The decision behind the lock of its meeting, which may be about to be closed for all that is known of tasks."""
    which = Decision.task_id == event.task_id
    if isinstance(event, told.TaskRegistered):
        # A part of a task has its parent's origin; the decision follows the whole.
        origin = event.origin
        if event.parent_id or origin is None or not _is_ours(origin, "decision"):
            return None
        which = Decision.id == origin.id
    if not _lock_meeting(session, sa.select(Decision.meeting_id).where(which)):
        return None
    wanted = sa.select(Decision).where(which).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _lock_approved(session: Session, origin: Origin | None) -> Minutes | None:
    if origin is None or not _is_ours(origin, "minutes"):
        return None
    return _lock_minutes(session, Minutes.id == origin.id)


def _lock_minutes(session: Session, which: sa.ColumnElement[bool]) -> Minutes | None:
    """The minutes behind the lock of their meeting, as everybody holds them who works on minutes."""
    if not _lock_meeting(session, sa.select(Minutes.meeting_id).where(which)):
        return None
    wanted = sa.select(Minutes).where(which).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _lock_meeting(session: Session, which: sa.Select[UUID]) -> bool:
    meeting_id = session.scalar(which)
    if meeting_id is not None:
        session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    return meeting_id is not None


def _is_ours(origin: Origin, kind: str) -> bool:
    return (origin.system, origin.kind) == (SYSTEM, kind)


Words = tuple[str, str] | None


def _registered(decision: Decision, event: told.TaskRegistered) -> Words:
    # Supervision makes one task of a decision, whatever becomes of it.
    if decision.task_state:
        return None
    decision.task_id, decision.task_state = event.task_id, "registered"
    return "登记", event.title


def _established(decision: Decision, event: told.TaskEstablished) -> Words:
    decision.task_state, decision.task_number = "established", event.number
    return "立项", event.number


def _rejected(decision: Decision, event: told.TaskRejected) -> Words:
    _end(decision, "rejected", event.reason, event.rejected_at)
    return "不予立项", event.reason


def _assigned(decision: Decision, event: told.TaskAssigned) -> Words:
    decision.task_due_at = event.due_at
    decision.task_original_due_at = decision.task_original_due_at or event.due_at
    return "交办", event.lead.unit_name


def _fed_back(decision: Decision, event: told.TaskFedBack) -> Words:
    decision.task_progress = event.progress
    return None


def _light(decision: Decision, event: told.TaskLightTurned) -> Words:
    decision.task_light = event.light.value
    return None


def _slip(decision: Decision, event: told.TaskSlipIssued) -> Words:
    slip = {
        "colour": event.colour.value,
        "unit_id": str(event.unit_id),
        "reason": event.reason,
        "issued_at": event.issued_at.isoformat(),
    }
    if slip in decision.task_slips:
        return None
    decision.task_slips = [*decision.task_slips, slip]
    return "单", event.reason


def _extended(decision: Decision, event: told.TaskExtended) -> Words:
    decision.task_due_at, decision.task_original_due_at = event.due_at, event.original_due_at
    decision.task_extensions = event.extensions
    return "延期", event.due_at.isoformat()


def _resumed(decision: Decision, event: told.TaskResumed) -> Words:
    decision.task_due_at = event.due_at
    return None


def _closed(decision: Decision, event: told.TaskClosed) -> Words:
    decision.task_number, decision.task_in_time = event.number, event.in_time
    decision.task_light, decision.task_progress = told.Light.DONE.value, 100
    _end(decision, "closed", event.conclusion, event.closed_at)
    return "销号", event.conclusion


def _cancelled(decision: Decision, event: told.TaskCancelled) -> Words:
    _end(decision, "cancelled", event.reason, event.cancelled_at)
    return "撤销", event.reason


def _end(decision: Decision, state: str, outcome: str, at: datetime) -> None:
    decision.task_state, decision.task_outcome, decision.task_ended_at = state, outcome, at


_FOLLOWED: Mapping[type[Event], Callable[[Decision, Any], Words]] = {
    told.TaskRegistered: _registered,
    told.TaskEstablished: _established,
    told.TaskRejected: _rejected,
    told.TaskAssigned: _assigned,
    told.TaskFedBack: _fed_back,
    told.TaskLightTurned: _light,
    told.TaskSlipIssued: _slip,
    told.TaskExtended: _extended,
    told.TaskResumed: _resumed,
    told.TaskClosed: _closed,
    told.TaskCancelled: _cancelled,
}


def _keep(
    session: Session,
    actor: Actor,
    clock: Clock,
    meeting_id: UUID,
    verb: str,
    step: str,
    opinion: str,
    decision: Decision | None = None,
) -> None:
    details = {"decision": str(decision.id), "number": decision.number} if decision else {}
    keep_act(
        session, actor, meeting_id, at=clock.now(), verb=verb, step=step, opinion=opinion, details=details
    )
