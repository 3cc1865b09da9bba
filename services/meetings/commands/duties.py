"""What somebody has to do about a topic, a call or a meeting, as work items in the inbox."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.history import grant_sight
from services.meetings.domain.steps import WORK_KIND, Step
from services.meetings.models import Meeting, Topic, TopicCall
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import PostCard, get_unit, list_holders, list_posts
from shared.errors import Problem
from shared.events.work import ItemRole
from shared.flow.acts import Act, Assignee, Subject
from shared.flow.duties import Duty, cancel_duties, fulfil_duty, give_duty, list_duties, open_work
from shared.flow.work import find_instance_of
from shared.permissions import CHINESE_NAMES, Permission

_NOT_ONES_OWN = {"flow.item_not_yours", "flow.item_closed", "flow.item_is_reading"}


def begin_topic_work(session: Session, actor: Actor, clock: Clock, topic: Topic) -> None:
    """From now on people have work with the topic."""
    subject = Subject(
        id=topic.id, kind="topic", title=topic.title, link=f"/topics/{topic.id}", document_kind="议题"
    )
    open_work(
        session,
        actor,
        clock,
        subject=subject,
        unit_id=topic.unit_id,
        name="议题",
        correlation_id=topic.correlation_id,
    )


def begin_call_work(session: Session, actor: Actor, clock: Clock, call: TopicCall) -> None:
    """From now on people have copies of the call."""
    subject = Subject(
        id=call.id,
        kind="topic_call",
        title=call.title,
        link=f"/topic-calls/{call.id}",
        document_kind="征集通知",
    )
    open_work(session, actor, clock, subject=subject, unit_id=call.unit_id, name="议题征集")


def begin_meeting_work(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """From now on people have work with the meeting."""
    subject = Subject(
        id=meeting.id,
        kind="meeting",
        title=meeting.title,
        link=f"/meetings/{meeting.id}",
        number=meeting.number or "",
        document_kind=meeting.kind,
    )
    open_work(
        session,
        actor,
        clock,
        subject=subject,
        unit_id=meeting.unit_id,
        name="会议",
        correlation_id=meeting.correlation_id,
    )


def give(
    session: Session,
    actor: Actor,
    clock: Clock,
    subject_id: UUID,
    step: Step,
    *,
    posts: Iterable[UUID],
    deadline: datetime | None = None,
    to_read: bool = False,
) -> None:
    """Give posts work, or a copy to read, and sight of what it is about; who has it open gets no second."""
    named = list(dict.fromkeys(posts))
    role = ItemRole.READER if to_read else ItemRole.LEAD
    duty = Duty(step_id=step.value, step_name=step.label, work_kind=WORK_KIND, deadline=deadline)
    assignees = [Assignee(post_id, role) for post_id in named]
    give_duty(session, actor, clock, subject_id=subject_id, duty=duty, assignees=assignees)
    grant_sight(session, subject_id, named)


def give_presiding(
    session: Session,
    actor: Actor,
    clock: Clock,
    meeting: Meeting,
    step: Step,
    *,
    post_id: UUID,
    deadline: datetime | None = None,
) -> None:
    """Give the chair or the convener work; Problem 409 when that post is gone, and another is to be named first."""
    if post_id not in list_posts(session, [post_id]):
        raise errors.presiding_gone(meeting.title)
    give(session, actor, clock, meeting.id, step, posts=[post_id], deadline=deadline)


def pass_on(
    session: Session,
    actor: Actor,
    clock: Clock,
    subject_id: UUID,
    *steps: Step,
    from_post: UUID,
    to_post: UUID,
) -> None:
    """What one post has still to do at these steps is another's from now on, until the same time."""
    for item in list_duties(session, subject_id=subject_id):
        if item.post_id == from_post != to_post and item.step_id in steps:
            step = Step(item.step_id)
            give(session, actor, clock, subject_id, step, posts=[to_post], deadline=item.deadline)
            drop(session, actor, clock, subject_id, step, posts=[from_post])


def do(
    session: Session,
    actor: Actor,
    clock: Clock,
    subject_id: UUID,
    step: Step,
    *,
    outcome: str = "",
    label: str = "",
    opinion: str = "",
    alone: bool = True,
    for_post_id: UUID | None = None,
) -> Act:
    """Do the actor's own work at that step, which must be there; with `alone` nobody else has to do it any more."""
    return fulfil_duty(
        session,
        actor,
        clock,
        subject_id=subject_id,
        step_id=step.value,
        outcome=outcome,
        outcome_label=label,
        opinion=opinion,
        alone=alone,
        for_post_id=for_post_id,
    )


def settle(session: Session, actor: Actor, clock: Clock, subject_id: UUID, *steps: Step) -> Act | None:
    """What was to do at these steps is done: by the actor where it was the actor's, else it is taken back."""
    done: Act | None = None
    for step in steps:
        if actor.is_system or not is_waiting(session, subject_id, step):
            continue
        try:
            done = do(session, actor, clock, subject_id, step)
        except Problem as problem:
            if problem.code not in _NOT_ONES_OWN:
                raise
    drop(session, actor, clock, subject_id, *steps)
    return done


def drop(
    session: Session,
    actor: Actor,
    clock: Clock,
    subject_id: UUID,
    *steps: Step,
    posts: Iterable[UUID] | None = None,
) -> None:
    """Take back what is still to do at these steps, of these posts or of all."""
    cancel_duties(
        session,
        actor,
        clock,
        subject_id=subject_id,
        step_ids=[step.value for step in steps],
        post_ids=None if posts is None else list(posts),
    )


def holders_for(session: Session, unit_id: UUID, permission: Permission, *, what: str) -> list[PostCard]:
    """The posts of an organ that may do that; Problem 409 when there is none."""
    cards = list_holders(session, unit_id, permission)
    if not cards:
        raise errors.nobody_may(what, get_unit(session, unit_id).name, CHINESE_NAMES[permission])
    return cards


def organisers_of(session: Session, meeting: Meeting) -> list[UUID]:
    """The post that organises the meeting; when it is gone, everybody's of the organ who organises meetings."""
    if meeting.organiser_post_id in list_posts(session, [meeting.organiser_post_id]):
        return [meeting.organiser_post_id]
    cards = list_holders(session, meeting.unit_id, Permission.MEETINGS_ORGANISE)
    return [card.post_id for card in cards]


def is_waiting(session: Session, subject_id: UUID, step: Step, *, post_id: UUID | None = None) -> bool:
    """Whether that step is still to do, by that post or by anybody."""
    return any(
        item.step_id == step.value and post_id in (None, item.post_id)
        for item in list_duties(session, subject_id=subject_id)
    )


def rename(session: Session, subject_id: UUID, *, title: str, number: str = "") -> None:
    """Let the work that is given out from now on be called so."""
    instance = find_instance_of(session, subject_id)
    if instance:
        instance.title, instance.number = title, number
