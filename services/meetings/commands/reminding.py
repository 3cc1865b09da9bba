"""Reminders at set points (rule `times`): each is sent once, to whoever has the work item then."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.meetings.domain.steps import Step
from services.meetings.local_rules import TIMES
from services.meetings.models import Reminder
from services.meetings.queries.meetings import rule
from shared.auth import Actor
from shared.clock import LOCAL_ZONE, Clock
from shared.flow.models import FlowInstance, ItemStatus, WorkItem
from shared.flow.verbs import remind

# Nothing is reminded of longer before than this; it bounds what a tick looks at.
_LONGEST_AHEAD = timedelta(days=30)
_AT_ONCE = 100
_NOTES: Mapping[str, str] = {
    Step.REPLY: "请于 {when} 前回执",
    Step.NAME: "请于 {when} 前报名",
    Step.ATTEND: "会议将于 {when} 开始",
    Step.CALLED_FOR: "议题征集将于 {when} 截止",
    Step.DRAFT_TOPIC: "议题征集将于 {when} 截止",
    Step.ADVISE: "请于 {when} 前反馈意见",
    Step.MINUTES: "请于 {when} 前完成纪要起草",
    Step.APPROVE_MINUTES: "请于 {when} 前审定纪要",
}


def send_reminders(session: Session, actor: Actor, clock: Clock) -> int:
    """Remind of what is due soon and was not reminded of yet; says how many, a bounded number at once.

    Of several points that have passed meanwhile only the nearest is sent: the others would say the same.
    """
    now = clock.now()
    soon = (
        sa.select(WorkItem.id, WorkItem.step_id, WorkItem.deadline, FlowInstance.unit_id)
        .join(FlowInstance, FlowInstance.id == WorkItem.instance_id)
        .where(WorkItem.status == ItemStatus.OPEN, WorkItem.step_id.in_([str(step) for step in _NOTES]))
        .where(WorkItem.deadline > now, WorkItem.deadline <= now + _LONGEST_AHEAD)
        .order_by(WorkItem.deadline, WorkItem.id)
    )
    hours: dict[UUID, Mapping[str, Any]] = {}
    sent = 0
    for item_id, step, deadline, unit_id in session.execute(soon).all():
        if deadline is None:
            continue
        if unit_id not in hours:
            hours[unit_id] = rule(session, TIMES, unit_id, clock.today())
        passed = [
            point for point in _points(step, hours[unit_id]) if deadline - now <= timedelta(hours=point)
        ]
        if passed and _is_first(session, item_id, f"before-{min(passed)}h-{deadline.isoformat()}", now):
            remind(session, actor, clock, item_id=item_id, opinion=_note(step, deadline))
            sent += 1
        if sent >= _AT_ONCE:
            break
    return sent


def _points(step: str, times: Mapping[str, Any]) -> list[int]:
    if step == Step.ATTEND:
        return list(times["remind_start_hours"])
    if step in (Step.CALLED_FOR, Step.DRAFT_TOPIC, Step.ADVISE):
        return [times["remind_topics_hours"]]
    return [times["remind_reply_hours"]]


def _note(step: str, deadline: datetime) -> str:
    return _NOTES[step].format(when=deadline.astimezone(LOCAL_ZONE).strftime("%m月%d日 %H:%M"))


def _is_first(session: Session, item_id: UUID, occasion: str, now: datetime) -> bool:
    row = insert(Reminder).values(item_id=item_id, occasion=occasion, sent_at=now)
    kept = session.execute(row.on_conflict_do_nothing().returning(Reminder.item_id))
    return kept.first() is not None
