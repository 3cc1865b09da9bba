"""Reminders at set points (rule `times`): each is sent once, to whoever has the work item then."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
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
_PAGE = 500
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


def send_reminders(
    session: Session, actor: Actor, clock: Clock, *, most: int = _AT_ONCE, page: int = _PAGE
) -> int:
    """Remind of what is due soon and was not reminded of yet; says how many, at most `most` at once.

    Of several points that have passed meanwhile only the nearest is sent: the others would say the same.
    """
    now, sent = clock.now(), 0
    times = _times_of_units(session, clock)
    reach = max(
        (point for rules in times.values() for step in _NOTES for point in _points(step, rules)), default=0
    )
    wanted = _due_until(now, now + timedelta(hours=reach))
    rows = session.execute(wanted.limit(page)).all()
    while rows and sent < most:
        due = [
            _reminder(item_id, step, deadline, times[unit_id], now)
            for item_id, step, deadline, unit_id in rows
        ]
        for item_id, occasion, note in _not_sent(session, [one for one in due if one])[: most - sent]:
            if _is_first(session, item_id, occasion, now):
                remind(session, actor, clock, item_id=item_id, opinion=note)
                sent += 1
        after = sa.tuple_(WorkItem.deadline, WorkItem.id) > sa.tuple_(rows[-1].deadline, rows[-1].id)
        rows = session.execute(wanted.where(after).limit(page)).all()
    return sent


def _times_of_units(session: Session, clock: Clock) -> dict[UUID, Mapping[str, Any]]:
    """What the rule says for every unit of whose work something is due within the longest time ahead."""
    due = _due_until(clock.now(), clock.now() + _LONGEST_AHEAD).order_by(None)
    units = session.scalars(due.with_only_columns(FlowInstance.unit_id).distinct())
    return {unit_id: rule(session, TIMES, unit_id, clock.today()) for unit_id in units}


def _due_until(now: datetime, last: datetime) -> sa.Select[UUID, str, datetime | None, UUID]:
    return (
        sa.select(WorkItem.id, WorkItem.step_id, WorkItem.deadline, FlowInstance.unit_id)
        .join(FlowInstance, FlowInstance.id == WorkItem.instance_id)
        .where(WorkItem.status == ItemStatus.OPEN, WorkItem.step_id.in_([str(step) for step in _NOTES]))
        .where(WorkItem.deadline > now, WorkItem.deadline <= min(last, now + _LONGEST_AHEAD))
        .order_by(WorkItem.deadline, WorkItem.id)
    )


def _reminder(
    item_id: UUID, step: str, deadline: datetime | None, times: Mapping[str, Any], now: datetime
) -> tuple[UUID, str, str] | None:
    """Item, occasion and text of what it is time to remind of, if it is."""
    assert deadline is not None, "only items with a deadline are looked at"
    passed = [point for point in _points(step, times) if deadline - now <= timedelta(hours=point)]
    if not passed:
        return None
    return item_id, f"before-{min(passed)}h-{deadline.isoformat()}", _note(step, deadline)


def _not_sent(session: Session, due: Sequence[tuple[UUID, str, str]]) -> list[tuple[UUID, str, str]]:
    """Those of which no reminder is known, asked for all at once."""
    ids = sa.cast([item_id for item_id, _, _ in due], postgresql.ARRAY(sa.Uuid()))
    known = sa.select(Reminder.item_id, Reminder.occasion).where(Reminder.item_id == sa.any_(ids))
    sent = {(item_id, occasion) for item_id, occasion in session.execute(known)} if due else set()
    return [one for one in due if (one[0], one[1]) not in sent]


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
