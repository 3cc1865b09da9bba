"""The agenda (议程): put together by the organisers; once frozen, nothing is added without the chair's leave."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.additions import ask_chair, chair_has_answered, forget_asking
from services.meetings.commands.duties import settle
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.commands.topics.moving import move_topic, offer_topic
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import (
    MEETING_LABELS,
    TOPIC_LABELS,
    AgendaState,
    MeetingState,
    TopicState,
    meeting_after,
)
from services.meetings.domain.steps import Step
from services.meetings.errors import agenda as agenda_errors
from services.meetings.errors import topics as topic_errors
from services.meetings.models import AgendaItem, Meeting, Topic
from services.meetings.queries.meetings import ON_AGENDA, get_agenda_item, list_agenda
from services.meetings.queries.visibility import acting_posts, lock_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_unit
from shared.ids import new_id

_OPEN = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.UNDER_WAY)


def add_item(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, item: dict[str, Any]
) -> AgendaItem:
    """Put an approved topic, or another matter, on the agenda; after the freeze ask the chair's leave for it."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in _OPEN:
        raise errors.act_not_possible("会议", "增加议程", MEETING_LABELS[meeting.state])
    reason = item.get("reason", "")
    if meeting.frozen_at and not reason:
        raise errors.reason_missing("议程锁定后增加议题")
    topic = _topic_for(session, meeting, item["topic_id"]) if item.get("topic_id") else None
    title = topic.title if topic else item["title"]
    refuse_secret(title, reason)
    unit_id = topic.submitting_unit_id if topic else item.get("reporting_unit_id")
    added = AgendaItem(
        id=new_id(),
        meeting_id=meeting.id,
        topic_id=topic.id if topic else None,
        position=_next_position(session, meeting.id),
        title=title,
        minutes=item.get("minutes"),
        reporting_unit_id=unit_id,
        reporting_unit_name=get_unit(session, unit_id).name if unit_id else "",
        state=(AgendaState.ASKED if meeting.frozen_at else AgendaState.PLANNED).value,
        leave_reason=reason,
        added_at=clock.now(),
        added_by_name=actor.person_name,
    )
    session.add(added)
    session.flush()
    if meeting.frozen_at:
        ask_chair(session, actor, clock, meeting)
        _keep(session, actor, clock, meeting, "ask_addition", "申请增加议题", title, reason)
    else:
        _put_on(session, actor, clock, meeting, added)
        _keep(session, actor, clock, meeting, "add_item", "列入议程", title, reason)
    return added


def decide_addition(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    item_id: UUID,
    granted: bool,
    opinion: str = "",
) -> AgendaItem:
    """The chair's leave to add something to a frozen agenda, or its refusal; either stays on record."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    require_chair(session, actor, clock, meeting)
    item = get_agenda_item(session, meeting.id, item_id)
    if item.state != AgendaState.ASKED or meeting.state not in _OPEN:
        raise errors.act_not_possible("增加议题的申请", "再次审定", "已处理")
    if not granted and not opinion:
        raise errors.reason_missing("不同意增加议题", "opinion")
    item.state = (AgendaState.PLANNED if granted else AgendaState.REFUSED).value
    item.leave_opinion, item.leave_by_name, item.leave_at = opinion, actor.person_name, clock.now()
    if granted:
        _put_on(session, actor, clock, meeting, item)
    duty = chair_has_answered(session, actor, clock, meeting)
    keep_act(
        session, actor, meeting.id, at=clock.now(),
        verb="grant_addition" if granted else "refuse_addition", step="审定增加议题",
        outcome="同意" if granted else "不同意", opinion=opinion, duty=duty, details={"title": item.title},
    )  # fmt: skip
    return item


def remove_item(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, item_id: UUID, reason: str = ""
) -> None:
    """Take a point off the agenda; a topic goes back to those that wait, and after the freeze to the pool."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    item = get_agenda_item(session, meeting.id, item_id)
    if item.state not in (AgendaState.PLANNED, AgendaState.ASKED) or meeting.state not in _OPEN[:2]:
        raise errors.act_not_possible("会议", "移出议程", MEETING_LABELS[meeting.state])
    if meeting.frozen_at and not reason:
        raise errors.reason_missing("议程锁定后移出议题")
    was_on = item.state == AgendaState.PLANNED
    item.state, item.outcome_note = AgendaState.REMOVED.value, reason
    session.flush()
    if item.topic_id and was_on:
        topic = session.get_one(Topic, item.topic_id, with_for_update=True)
        if meeting.frozen_at:
            move_topic(session, actor, clock, topic, "pool", opinion=reason)
        else:
            move_topic(session, actor, clock, topic, "unschedule")
            offer_topic(session, actor, clock, topic)
    forget_asking(session, actor, clock, meeting)
    _keep(session, actor, clock, meeting, "remove_item", "移出议程", item.title, reason)


def order_agenda(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, item_ids: Sequence[UUID]
) -> Meeting:
    """Put the points in another order, before the freeze."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.frozen_at:
        raise agenda_errors.agenda_frozen(meeting.title)
    items = {item.id: item for item in list_agenda(session, meeting.id)}
    if len(item_ids) != len(items) or set(item_ids) != set(items):
        raise agenda_errors.agenda_order_wrong()
    for position, item_id in enumerate(item_ids, start=1):
        items[item_id].position = position
    meeting.revision += 1
    keep_act(session, actor, meeting.id, at=clock.now(), verb="order_agenda", step="调整议程顺序")
    return meeting


def freeze_agenda(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> Meeting:
    """From now on nothing is added without the chair's recorded leave; freezing again changes nothing."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    meeting_after("revise", meeting.state)
    freeze(session, actor, clock, meeting)
    return meeting


def freeze(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """The same for a meeting that is in hand already."""
    if meeting.frozen_at:
        return
    if not list_agenda(session, meeting.id):
        raise agenda_errors.agenda_empty(meeting.title)
    meeting.frozen_at = clock.now()
    meeting.revision += 1
    keep_act(session, actor, meeting.id, at=clock.now(), verb="freeze", step="锁定议程")


def mark_item(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    item_id: UUID,
    outcome: AgendaState,
    note: str = "",
) -> AgendaItem:
    """Write down, while the meeting is under way, that a point was heard, or put off with the reason."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    item = get_agenda_item(session, meeting.id, item_id)
    if meeting.state != MeetingState.UNDER_WAY or item.state != AgendaState.PLANNED:
        raise errors.act_not_possible("会议", "登记议题审议情况", MEETING_LABELS[meeting.state])
    if outcome is AgendaState.POSTPONED and not note:
        raise errors.reason_missing("缓议", "note")
    item.state, item.outcome_note = outcome.value, note
    if item.topic_id:
        topic = session.get_one(Topic, item.topic_id, with_for_update=True)
        if outcome is AgendaState.HEARD:
            move_topic(session, actor, clock, topic, "hear", opinion=note, meeting_id=meeting.id)
        else:
            move_topic(session, actor, clock, topic, "pool", opinion=note)
    label = "已审议" if outcome is AgendaState.HEARD else "缓议"
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="mark_item", step="登记审议情况",
        outcome=label, opinion=note, details={"title": item.title},
    )  # fmt: skip
    return item


def require_chair(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """Only the chair, or whoever stands in for the chair, goes on; others who see the meeting get 403."""
    if meeting.chair_post_id not in acting_posts(session, actor, now=clock.now()):
        raise errors.not_chair(meeting.title)


def _topic_for(session: Session, meeting: Meeting, topic_id: UUID) -> Topic:
    topic = session.get(Topic, topic_id, with_for_update=True, populate_existing=True)
    if topic is None or topic.state == TopicState.DRAFT:
        raise topic_errors.topic_not_found(topic_id)
    if topic.unit_id != meeting.unit_id:
        raise topic_errors.topic_not_for_here(topic.title)
    if topic.state != TopicState.APPROVED:
        raise errors.act_not_possible("议题", "列入议程", TOPIC_LABELS[topic.state])
    return topic


def _put_on(session: Session, actor: Actor, clock: Clock, meeting: Meeting, item: AgendaItem) -> None:
    meeting.revision += 1
    if not item.topic_id:
        return
    topic = session.get_one(Topic, item.topic_id, with_for_update=True, populate_existing=True)
    duty = settle(session, actor, clock, topic.id, Step.SCHEDULE)
    move_topic(session, actor, clock, topic, "schedule", duty=duty, meeting_id=meeting.id)


def _next_position(session: Session, meeting_id: UUID) -> int:
    states = [*ON_AGENDA, AgendaState.ASKED]
    last = sa.select(sa.func.max(AgendaItem.position)).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.state.in_(states)
    )
    return (session.scalar(last) or 0) + 1


def _keep(
    session: Session,
    actor: Actor,
    clock: Clock,
    meeting: Meeting,
    verb: str,
    step: str,
    title: str,
    reason: str,
) -> None:
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb=verb, step=step, opinion=reason,
        details={"title": title},
    )  # fmt: skip
