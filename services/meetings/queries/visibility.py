"""Who may see which topic, call or meeting; for everybody else it does not exist.

Posts that have or had a part in it see it, the organ's own staff for meetings sees all that its meetings are about, and
those of a unit who may put topics forward see what their unit put forward.
"""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.domain.steps import WORK_KIND
from services.meetings.errors import topics as topic_errors
from services.meetings.models import Meeting, Sight, Topic, TopicCall
from shared.auth import Actor
from shared.directory import PostCard, get_organ, list_acting_posts, list_line
from shared.permissions import Permission

STAFF = (Permission.MEETINGS_ORGANISE, Permission.MEETINGS_SCREEN, Permission.MEETINGS_CHAIR)

Subject = TypeVar("Subject", Topic, TopicCall, Meeting)


def acting_posts(session: Session, actor: Actor, *, now: datetime) -> list[UUID]:
    """The acting post, and the posts it stands in for in this service's work."""
    return list_acting_posts(session, actor, work_kind=WORK_KIND, now=now)


def organ_of(session: Session, actor: Actor) -> UUID:
    """The organ that the actor's post belongs to; Problem 403 without a post."""
    if actor.unit_id is None or actor.post_id is None:
        raise errors.needs_a_post()
    return get_organ(session, actor.unit_id).id


def is_staff(actor: Actor) -> bool:
    """Whether the post works on its organ's meetings as such."""
    return any(actor.may(permission) for permission in STAFF)


def seen_by(session: Session, actor: Actor, *, now: datetime) -> sa.Select[UUID]:
    """The ids of everything that the actor may see."""
    names = [sa.and_(Sight.reason == "post", Sight.holder_id.in_(acting_posts(session, actor, now=now)))]
    reasons = [
        *(["staff"] if is_staff(actor) else []),
        *(["submitters"] if actor.may(Permission.MEETINGS_SUBMIT) else []),
    ]
    if reasons and actor.unit_id and actor.post_id:
        organ = get_organ(session, actor.unit_id).id
        names.append(sa.and_(Sight.holder_id == organ, Sight.reason.in_(reasons)))
    return sa.select(Sight.subject_id).where(sa.or_(*names))


def get_topic(session: Session, actor: Actor, topic_id: UUID, *, now: datetime) -> Topic:
    """The topic, if the actor may see it; Problem 404 otherwise."""
    return _find(session, actor, Topic, topic_id, now=now, lock=False)


def lock_topic(session: Session, actor: Actor, topic_id: UUID, *, now: datetime) -> Topic:
    """The same, held until the end of the transaction."""
    return _find(session, actor, Topic, topic_id, now=now, lock=True)


def get_call(session: Session, actor: Actor, call_id: UUID, *, now: datetime) -> TopicCall:
    """The call for topics, if the actor may see it; Problem 404 otherwise."""
    return _find(session, actor, TopicCall, call_id, now=now, lock=False)


def lock_call(session: Session, actor: Actor, call_id: UUID, *, now: datetime) -> TopicCall:
    """The same, held until the end of the transaction."""
    return _find(session, actor, TopicCall, call_id, now=now, lock=True)


def get_meeting(session: Session, actor: Actor, meeting_id: UUID, *, now: datetime) -> Meeting:
    """The meeting, if the actor may see it; Problem 404 otherwise."""
    return _find(session, actor, Meeting, meeting_id, now=now, lock=False)


def lock_meeting(session: Session, actor: Actor, meeting_id: UUID, *, now: datetime) -> Meeting:
    """The same, held until the end of the transaction, so that two people change it one after the other."""
    return _find(session, actor, Meeting, meeting_id, now=now, lock=True)


def organises(session: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor is of the staff that organises this meeting."""
    if actor.is_system:
        return True
    return (
        actor.may(Permission.MEETINGS_ORGANISE)
        and actor.post_id is not None
        and organ_of(session, actor) == meeting.unit_id
    )


def presides_over(session: Session, card: PostCard, unit_id: UUID) -> bool:
    """Whether a post is of that organ or one above it; a government's leaders may sit in its general office."""
    line = {unit.id for unit in list_line(session, unit_id)}
    organ = get_organ(session, card.unit_id)
    return organ.id in line or (organ.kind == "general_office" and organ.parent_id in line)


def sees_inside(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> bool:
    """Whether the actor sees how the meeting is prepared, and not only what invited people see."""
    if actor.is_system:
        return True
    leading = {meeting.chair_post_id, meeting.convener_post_id}
    if leading & set(acting_posts(session, actor, now=now)):
        return True
    return is_staff(actor) and actor.post_id is not None and organ_of(session, actor) == meeting.unit_id


_NOT_FOUND: dict[type[Any], Any] = {
    Topic: topic_errors.topic_not_found,
    TopicCall: topic_errors.call_not_found,
    Meeting: errors.meeting_not_found,
}


def _find(
    session: Session, actor: Actor, model: type[Subject], subject_id: UUID, *, now: datetime, lock: bool
) -> Subject:
    wanted = sa.select(model).where(model.id == subject_id)
    if not actor.is_system:
        seen = seen_by(session, actor, now=now).where(Sight.subject_id == subject_id)
        wanted = wanted.where(model.id.in_(seen))
    if lock:
        wanted = wanted.with_for_update(of=model).execution_options(populate_existing=True)
    found: Subject | None = session.scalars(wanted).one_or_none()
    if found is None:
        raise _NOT_FOUND[model](subject_id)
    return found
