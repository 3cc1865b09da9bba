"""Screening by the secretary (秘书长审核), approval by the chair (审定), the pool (议题库) and withdrawal."""

from collections.abc import Callable, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import do, give, holders_for, settle
from services.meetings.commands.planning import check_chair
from services.meetings.commands.topics.advising import forget_questions
from services.meetings.commands.topics.drafting import back_to_draft
from services.meetings.commands.topics.locking import lock_with_meeting
from services.meetings.commands.topics.moving import move_topic, offer_topic
from services.meetings.domain.states import (
    TOPIC_ACTS,
    TOPIC_LABELS,
    AgendaState,
    MeetingState,
    TopicState,
    topic_after,
)
from services.meetings.domain.steps import Step
from services.meetings.models import AgendaItem, Meeting, Topic
from services.meetings.queries.topics import topic_findings
from services.meetings.queries.visibility import lock_topic, organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.permissions import Permission

_NEEDS_REASON = ("return", "decline", "pool")


def screen_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    topic_id: UUID,
    outcome: str,
    opinion: str = "",
    chair_post_id: UUID | None = None,
) -> Topic:
    """The secretary's word: `pass` it up to the chair, `return` it to its unit, `decline` it, or into the `pool`."""
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    if topic.state != TopicState.SCREENING:
        raise errors.act_not_possible("议题", "审核", TOPIC_LABELS[topic.state])
    if outcome == "pass":
        found = topic_findings(session, topic, day=clock.today())
        if refused := {one.key: [one.message] for one in found if one.refuses}:
            raise errors.rules_broken(refused)
    _decide(session, actor, clock, topic, Step.SCREEN_TOPIC, outcome, opinion)
    if outcome == "pass":
        _to_chair(session, actor, clock, topic, chair_post_id)
    return topic


def approve_topic(
    session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, outcome: str, opinion: str = ""
) -> Topic:
    """The chair's word: `approve` it to be put on an agenda, `return`, `decline`, or into the `pool`."""
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    if topic.state != TopicState.APPROVING:
        raise errors.act_not_possible("议题", "审定", TOPIC_LABELS[topic.state])
    _decide(session, actor, clock, topic, Step.APPROVE_TOPIC, outcome, opinion)
    if outcome == "approve":
        topic.approved_at, topic.approved_by_name = clock.now(), actor.person_name
        offer_topic(session, actor, clock, topic)
    return topic


def postpone_topic(session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, reason: str) -> Topic:
    """Put an approved topic that is on no agenda off, into the pool."""
    topic = _lock_as_staff(session, actor, clock, topic_id)
    if topic.state != TopicState.APPROVED:
        raise errors.act_not_possible("议题", "缓议", TOPIC_LABELS[topic.state])
    move_topic(session, actor, clock, topic, "pool", opinion=reason)
    return topic


def take_up_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    topic_id: UUID,
    opinion: str = "",
    chair_post_id: UUID | None = None,
) -> Topic:
    """Take a topic out of the pool: the chair approves it anew, because time has passed."""
    topic = _lock_as_staff(session, actor, clock, topic_id)
    topic_after("take_up", topic.state)
    topic.approved_at, topic.approved_by_name = None, ""
    move_topic(session, actor, clock, topic, "take_up", opinion=opinion)
    _to_chair(session, actor, clock, topic, chair_post_id)
    return topic


def withdraw_topic(session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, reason: str) -> Topic:
    """Its unit takes a topic back, until its meeting begins; it leaves the agenda with that reason."""
    topic, meeting = lock_with_meeting(session, actor, clock, topic_id)
    topic_after("withdraw", topic.state)
    if meeting and topic.state == TopicState.SCHEDULED:
        _leave_agenda(session, topic, meeting, reason)
    forget_questions(session, topic)
    duty = settle(session, actor, clock, topic.id, Step.DRAFT_TOPIC)
    move_topic(session, actor, clock, topic, "withdraw", opinion=reason, duty=duty)
    return topic


def _decide(
    session: Session, actor: Actor, clock: Clock, topic: Topic, step: Step, outcome: str, opinion: str
) -> None:
    if outcome in _NEEDS_REASON and not opinion:
        raise errors.reason_missing(TOPIC_ACTS[outcome][0], "opinion")
    duty = do(
        session, actor, clock, topic.id, step,
        outcome=outcome, label=TOPIC_ACTS[outcome][0], opinion=opinion,
    )  # fmt: skip
    if outcome != "return":
        forget_questions(session, topic)
        settle(session, actor, clock, topic.id, Step.ADVISE)
    move_topic(session, actor, clock, topic, outcome, opinion=opinion, duty=duty)
    if follow := _AFTERWARDS.get(outcome):
        follow(session, actor, clock, topic)


def _to_chair(session: Session, actor: Actor, clock: Clock, topic: Topic, chair_post_id: UUID | None) -> None:
    if chair_post_id:
        check_chair(session, topic.unit_id, chair_post_id)
        posts = [chair_post_id]
    else:
        cards = holders_for(session, topic.unit_id, Permission.MEETINGS_CHAIR, what="审定议题")
        posts = [card.post_id for card in cards]
    topic.chair_post_id = chair_post_id
    give(session, actor, clock, topic.id, Step.APPROVE_TOPIC, posts=posts)


def _leave_agenda(session: Session, topic: Topic, meeting: Meeting, reason: str) -> None:
    if meeting.state not in (MeetingState.PLANNED, MeetingState.CALLED):
        raise errors.act_not_possible("议题", "撤回", TOPIC_LABELS[topic.state])
    meeting.revision += 1
    session.execute(
        sa.update(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id, AgendaItem.topic_id == topic.id)
        .where(AgendaItem.state == AgendaState.PLANNED)
        .values(state=AgendaState.REMOVED.value, outcome_note=f"申报单位撤回：{reason}")
    )


def _lock_as_staff(session: Session, actor: Actor, clock: Clock, topic_id: UUID) -> Topic:
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    if organ_of(session, actor) != topic.unit_id:
        raise errors.not_organiser(topic.title)
    return topic


_AFTERWARDS: Mapping[str, Callable[[Session, Actor, Clock, Topic], None]] = {"return": back_to_draft}
