"""Moving a topic on: its state, one line of history, and word of it."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings.commands.duties import give, holders_for
from services.meetings.commands.history import keep_act
from services.meetings.domain.states import ENDED_TOPIC_STATES, TOPIC_ACTS, TopicState, topic_after
from services.meetings.domain.steps import Step
from services.meetings.models import Topic
from shared.auth import Actor
from shared.clock import Clock
from shared.events.meetings import TopicMovedOn
from shared.flow.acts import Act
from shared.flow.duties import cancel_duties, close_work
from shared.messaging import outbox
from shared.permissions import Permission


def move_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    topic: Topic,
    verb: str,
    *,
    opinion: str = "",
    duty: Act | None = None,
    meeting_id: UUID | None = None,
) -> None:
    """Take an act of the table: Problem 409 when it has no place now; work items of the next step are the caller's."""
    topic.state = topic_after(verb, topic.state)
    topic.meeting_id = meeting_id
    topic.revision += 1
    if topic.state == TopicState.POOLED:
        topic.pooled_at, topic.pool_reason = clock.now(), opinion
        cancel_duties(session, actor, clock, subject_id=topic.id)
    if topic.state in ENDED_TOPIC_STATES:
        stopped = topic.state != TopicState.HEARD
        close_work(session, actor, clock, subject_id=topic.id, stopped=stopped)
    tell_topic(session, actor, clock, topic, verb, TOPIC_ACTS[verb][0], opinion=opinion, duty=duty)


def tell_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    topic: Topic,
    verb: str,
    step: str,
    *,
    opinion: str = "",
    duty: Act | None = None,
) -> None:
    """One line of history, told as what happened to the topic."""
    doer = keep_act(
        session, actor, topic.id, at=clock.now(), verb=verb, step=step, opinion=opinion, duty=duty
    )
    outbox.record(
        session,
        actor,
        TopicMovedOn(
            topic_id=topic.id,
            verb=verb,
            state=topic.state,
            meeting_id=topic.meeting_id,
            opinion=opinion,
            doer=doer,
            done_at=clock.now(),
        ),
        correlation_id=topic.correlation_id,
    )


def offer_topic(session: Session, actor: Actor, clock: Clock, topic: Topic) -> None:
    """An approved topic waits for those who organise meetings to put it on an agenda."""
    cards = holders_for(session, topic.unit_id, Permission.MEETINGS_ORGANISE, what="安排议题上会")
    posts = [card.post_id for card in cards]
    give(session, actor, clock, topic.id, Step.SCHEDULE, posts=posts)
