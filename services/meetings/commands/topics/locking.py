"""Holding a topic for those of the unit that puts it forward, together with the meeting that it is on."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.errors import topics as topic_errors
from services.meetings.models import Meeting, Topic
from services.meetings.queries.visibility import get_topic, lock_topic, organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.permissions import Permission


def lock_as_submitter(session: Session, actor: Actor, clock: Clock, topic_id: UUID) -> Topic:
    """The topic under lock, for those of the unit that puts it forward; others get 404 or 403."""
    topic = lock_topic(session, actor, topic_id, now=clock.now())
    _refuse_others(session, actor, topic)
    return topic


def see_as_submitter(session: Session, actor: Actor, clock: Clock, topic_id: UUID) -> Topic:
    """The same without lock, for what takes long and is looked at again under lock."""
    topic = get_topic(session, actor, topic_id, now=clock.now())
    _refuse_others(session, actor, topic)
    return topic


def lock_with_meeting(
    session: Session, actor: Actor, clock: Clock, topic_id: UUID
) -> tuple[Topic, Meeting | None]:
    """The same with the meeting on whose agenda the topic is, so that neither freezes nor begins meanwhile.

    Problem 412 when the topic came onto an agenda, or off it, at this very moment.
    """
    meeting_id = see_as_submitter(session, actor, clock, topic_id).meeting_id
    # The meeting first and then its topics, in the order of everything that is done to an agenda.
    meeting = (
        session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)
        if meeting_id
        else None
    )
    topic = lock_as_submitter(session, actor, clock, topic_id)
    if topic.meeting_id != meeting_id:
        raise errors.changed_by_another(f"议题“{topic.title}”")
    return topic, meeting


def _refuse_others(session: Session, actor: Actor, topic: Topic) -> None:
    if organ_of(session, actor) != topic.submitting_unit_id or not actor.may(Permission.MEETINGS_SUBMIT):
        raise topic_errors.not_of_submitter(topic.title)
