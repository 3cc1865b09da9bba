"""Asking other units for their advice on a topic (征求意见), and giving it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import do, drop, give, holders_for
from services.meetings.commands.topics.moving import tell_topic
from services.meetings.domain.states import TopicState, topic_after
from services.meetings.domain.steps import Step
from services.meetings.errors import minutes as minutes_errors
from services.meetings.errors import topics as topic_errors
from services.meetings.models import Topic, TopicAdvice
from services.meetings.queries.visibility import acting_posts, lock_topic, organ_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE, Clock
from shared.directory import get_organ
from shared.ids import new_id
from shared.permissions import Permission

STANCES = {"agree": "同意", "agree_with_changes": "修改后同意", "disagree": "不同意"}
_END_OF_DAY = time(23, 59, 59)


def ask_advice(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    topic_id: UUID,
    unit_ids: Sequence[UUID],
    due_on: date | None = None,
    note: str = "",
) -> Topic:
    """Ask organs for their advice: its own unit while it drafts, or the secretary who screens it."""
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    topic_after("ask_advice", topic.state)
    _require_may_ask(session, actor, topic)
    if due_on and due_on < clock.today():
        raise minutes_errors.due_in_past(due_on)
    due_at = datetime.combine(due_on, _END_OF_DAY, LOCAL_ZONE) if due_on else None
    for unit_id in dict.fromkeys(unit_ids):
        organ = get_organ(session, unit_id)
        if _waiting(session, topic.id, organ.id):
            raise topic_errors.advice_asked_before(organ.name)
        cards = holders_for(session, organ.id, Permission.MEETINGS_ORGANISE, what="反馈意见")
        posts = [card.post_id for card in cards]
        session.add(
            TopicAdvice(
                id=new_id(),
                topic_id=topic.id,
                unit_id=organ.id,
                unit_name=organ.name,
                note=note,
                post_ids=posts,
                asked_at=clock.now(),
                asked_by_name=actor.person_name,
                due_at=due_at,
            )
        )
        session.flush()
        give(session, actor, clock, topic.id, Step.ADVISE, posts=posts, deadline=due_at)
    topic.revision += 1
    tell_topic(session, actor, clock, topic, "ask_advice", "征求意见", opinion=note)
    return topic


def give_advice(
    session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, stance: str, text: str = ""
) -> TopicAdvice:
    """The advice of the actor's organ, or of the one that the actor stands in for; whoever disagrees says why."""
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    advice, post_id = _own_question(session, actor, clock, topic)
    if stance != "agree" and not text:
        raise errors.reason_missing(STANCES[stance], "text")
    duty = do(
        session, actor, clock, topic.id, Step.ADVISE, outcome=stance, label=STANCES[stance], opinion=text,
        alone=False, for_post_id=post_id,
    )  # fmt: skip
    drop(session, actor, clock, topic.id, Step.ADVISE, posts=advice.post_ids)
    advice.stance, advice.text, advice.given_at = stance, text, clock.now()
    advice.given_by_name, advice.given_by_post = actor.person_name, actor.post_title
    topic.revision += 1
    tell_topic(
        session, actor, clock, topic, "advise", "反馈意见", opinion=f"{STANCES[stance]}。{text}", duty=duty
    )
    return advice


def forget_questions(session: Session, topic: Topic) -> None:
    """Whoever has not answered need not any more, because the topic has gone on."""
    session.execute(
        sa.delete(TopicAdvice).where(TopicAdvice.topic_id == topic.id, TopicAdvice.given_at.is_(None))
    )


def _require_may_ask(session: Session, actor: Actor, topic: Topic) -> None:
    organ = organ_of(session, actor)
    drafting = topic.state == TopicState.DRAFT and organ == topic.submitting_unit_id
    screening = topic.state == TopicState.SCREENING and organ == topic.unit_id
    if drafting and actor.may(Permission.MEETINGS_SUBMIT):
        return
    if not (screening and actor.may(Permission.MEETINGS_SCREEN)):
        raise topic_errors.not_of_submitter(topic.title)


def _own_question(session: Session, actor: Actor, clock: Clock, topic: Topic) -> tuple[TopicAdvice, UUID]:
    """The question that waits for one of the actor's posts, the own one first, and for which post that is."""
    wanted = sa.select(TopicAdvice).where(TopicAdvice.topic_id == topic.id, TopicAdvice.given_at.is_(None))
    waiting = session.scalars(wanted.order_by(TopicAdvice.asked_at, TopicAdvice.id)).all()
    for post_id in acting_posts(session, actor, now=clock.now()):
        for advice in waiting:
            if post_id in advice.post_ids:
                return advice, post_id
    raise topic_errors.advice_not_asked(get_organ(session, organ_of(session, actor)).name)


def _waiting(session: Session, topic_id: UUID, unit_id: UUID) -> TopicAdvice | None:
    wanted = sa.select(TopicAdvice).where(
        TopicAdvice.topic_id == topic_id, TopicAdvice.unit_id == unit_id, TopicAdvice.given_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()
