"""Putting a topic forward (申报议题): drafted, changed and submitted by its unit."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import begin_topic_work, give, holders_for, rename, settle
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.commands.topics.locking import lock_as_submitter
from services.meetings.commands.topics.moving import move_topic
from services.meetings.domain.limits import unacknowledged
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import TopicState, topic_after
from services.meetings.domain.steps import Step
from services.meetings.errors import topics as topic_errors
from services.meetings.models import Topic, TopicCall
from services.meetings.queries.topics import topic_findings
from services.meetings.queries.visibility import get_call, organ_of
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_organ, get_unit
from shared.events.meetings import TopicSubmitted
from shared.ids import new_id
from shared.messaging import outbox
from shared.permissions import Permission
from shared.search import bigrams

_CHANGEABLE = ("title", "content", "question", "coordinated", "coordination", "meeting_kind")


def draft_topic(session: Session, actor: Actor, clock: Clock, *, topic: Mapping[str, Any]) -> Topic:
    """Begin a topic for the meetings of `unit_id`, or in answer to a call for topics."""
    call_id = topic.get("call_id")
    call = get_call(session, actor, call_id, now=clock.now()) if call_id else None
    organ = get_organ(session, call.unit_id if call else topic.get("unit_id") or organ_of(session, actor))
    own = get_unit(session, organ_of(session, actor))
    if call:
        _require_open(call, own.id, own.name, clock)
    refuse_secret(topic["title"], topic["content"], topic["question"], topic.get("coordination", ""))
    made = Topic(
        id=new_id(),
        unit_id=organ.id,
        submitting_unit_id=own.id,
        submitting_unit_name=own.name,
        call_id=call.id if call else None,
        meeting_kind=topic.get("meeting_kind") or (call.meeting_kind if call else ""),
        state=TopicState.DRAFT.value,
        correlation_id=actor.correlation_id,
        title=topic["title"],
        content=topic["content"],
        question=topic["question"],
        units_involved=_named(session, topic.get("unit_ids_involved", ())),
        coordinated=topic["coordinated"],
        coordination=topic.get("coordination", ""),
        findings=[],
        terms=bigrams(topic["title"], topic["content"], topic["question"]),
        submitter_person_id=actor.person_id,
        submitter_post_id=actor.post_id,
        submitter_name=actor.person_name,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    grant_sight(session, made.id, [own.id], reason="submitters")
    begin_topic_work(session, actor, clock, made)
    _to_draft(session, actor, clock, made, call)
    keep_act(session, actor, made.id, at=clock.now(), verb="draft", step="草拟议题")
    return made


def revise_topic(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    topic_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None,
) -> Topic:
    """Change a topic that is in its unit's hands; Problem 412 when somebody was quicker."""
    topic = lock_as_submitter(session, actor, clock, topic_id)
    topic_after("revise", topic.state)
    if expected_revision not in (None, topic.revision):
        raise errors.changed_by_another(f"议题“{topic.title}”")
    stated = {name: changes[name] for name in _CHANGEABLE if name in changes}
    refuse_secret(*(str(value) for value in stated.values()))
    for name, value in stated.items():
        setattr(topic, name, value)
    if "unit_ids_involved" in changes:
        topic.units_involved = _named(session, changes["unit_ids_involved"])
    topic.revision += 1
    topic.terms = bigrams(topic.title, topic.content, topic.question)
    rename(session, topic.id, title=topic.title)
    keep_act(
        session, actor, topic.id, at=clock.now(), verb="revise", step="修改议题",
        details={"changed": sorted(changes)},
    )  # fmt: skip
    return topic


def submit_topic(
    session: Session, actor: Actor, clock: Clock, *, topic_id: UUID, acknowledged: Sequence[str] = ()
) -> Topic:
    """Hand a topic in to be screened; warnings have to be acknowledged, and stay on record.

    Problem 409 after the closing day, 422 when a rule refuses it or a warning was not acknowledged.
    """
    topic = lock_as_submitter(session, actor, clock, topic_id)
    topic_after("submit", topic.state)
    call = session.get(TopicCall, topic.call_id) if topic.call_id else None
    # What was handed in once in time and came back for more work is still in time.
    if call and topic.submitted_at is None:
        _require_open(call, topic.submitting_unit_id, topic.submitting_unit_name, clock)
    found = topic_findings(session, topic, day=clock.today())
    if refused := {one.key: [one.message] for one in found if one.refuses}:
        raise errors.rules_broken(refused)
    if unread := unacknowledged(found, acknowledged):
        raise errors.warnings_unread(unread)
    topic.findings = [one.as_json() for one in found]
    topic.submitted_at = clock.now()
    duty = settle(session, actor, clock, topic.id, Step.DRAFT_TOPIC)
    cards = holders_for(session, topic.unit_id, Permission.MEETINGS_SCREEN, what="审核议题")
    give(session, actor, clock, topic.id, Step.SCREEN_TOPIC, posts=[card.post_id for card in cards])
    grant_sight(session, topic.id, [topic.unit_id], reason="staff")
    move_topic(session, actor, clock, topic, "submit", duty=duty)
    _tell_submitted(session, actor, clock, topic)
    return topic


def back_to_draft(session: Session, actor: Actor, clock: Clock, topic: Topic) -> None:
    """A returned topic is its drafter's to work on again."""
    call = session.get(TopicCall, topic.call_id) if topic.call_id else None
    _to_draft(session, actor, clock, topic, call)


def _to_draft(session: Session, actor: Actor, clock: Clock, topic: Topic, call: TopicCall | None) -> None:
    posts = [topic.submitter_post_id] if topic.submitter_post_id else []
    deadline = call.closes_at if call and call.closes_at > clock.now() else None
    give(session, actor, clock, topic.id, Step.DRAFT_TOPIC, posts=posts, deadline=deadline)


def _require_open(call: TopicCall, unit_id: UUID, unit_name: str, clock: Clock) -> None:
    if call.state != "open" or clock.now() > call.closes_at:
        raise topic_errors.call_closed(call.title, call.closes_at)
    if unit_id not in {*call.unit_ids, call.unit_id}:
        raise topic_errors.call_not_for(unit_name)


def _named(session: Session, unit_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    units = [get_unit(session, unit_id) for unit_id in dict.fromkeys(unit_ids)]
    return [{"unit_id": str(unit.id), "unit_name": unit.name} for unit in units]


def _tell_submitted(session: Session, actor: Actor, clock: Clock, topic: Topic) -> None:
    doer = keep_act(session, actor, topic.id, at=clock.now(), verb="hand_in", step="申报")
    submitted = TopicSubmitted(
        topic_id=topic.id,
        unit_id=topic.unit_id,
        submitting_unit_id=topic.submitting_unit_id,
        title=topic.title,
        doer=doer,
        submitted_at=clock.now(),
    )
    outbox.record(session, actor, submitted, correlation_id=topic.correlation_id)
