"""Planning a meeting (会议计划): what kind, when, where, who presides; nobody outside the organ hears of it yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import begin_meeting_work, give, pass_on, rename
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.domain.secrecy import refuse_secret
from services.meetings.domain.states import MeetingState, meeting_after
from services.meetings.domain.steps import CHAIRS, Step
from services.meetings.local_rules import LIMITS
from services.meetings.models import Meeting
from services.meetings.queries.meetings import rule
from services.meetings.queries.visibility import (
    get_meeting,
    lock_meeting,
    organ_of,
    organises,
    presides_over,
)
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_post, get_unit
from shared.ids import new_id
from shared.permissions import Permission
from shared.search import bigrams

_CHANGEABLE = (
    "kind", "grade", "title", "purpose", "comprehensive", "conveys_only", "speech_minutes", "expected_people",
    "starts_at", "ends_at", "place", "chair_post_id", "convener_post_id",
)  # fmt: skip


_FARTHEST = timedelta(days=3 * 365)


def plan_meeting(session: Session, actor: Actor, clock: Clock, *, plan: Mapping[str, Any]) -> Meeting:
    """Put a meeting of the actor's organ into its plan."""
    organ = get_unit(session, organ_of(session, actor))
    check_times(session, clock, organ.id, plan["starts_at"], plan["ends_at"])
    check_chair(session, organ.id, plan["chair_post_id"])
    check_convener(session, organ.id, plan.get("convener_post_id") or plan["chair_post_id"])
    refuse_secret(plan["title"], plan.get("purpose", ""))
    stated = {name: plan[name] for name in _CHANGEABLE if plan.get(name) is not None}
    meeting = Meeting(
        **{
            **stated,
            "place": plan.get("place") or "",
            "convener_post_id": plan.get("convener_post_id") or plan["chair_post_id"],
        },
        id=new_id(),
        unit_id=organ.id,
        unit_name=organ.name,
        state=MeetingState.PLANNED.value,
        correlation_id=actor.correlation_id,
        organiser_person_id=actor.person_id,
        organiser_post_id=actor.post_id,
        organiser_name=actor.person_name,
        findings=[],
        planned_at=clock.now(),
        terms=bigrams(plan["title"], plan.get("purpose"), plan.get("place")),
    )
    session.add(meeting)
    session.flush()
    grant_sight(session, meeting.id, [organ.id], reason="staff")
    grant_sight(session, meeting.id, [meeting.chair_post_id, meeting.convener_post_id])
    begin_meeting_work(session, actor, clock, meeting)
    give(
        session, actor, clock, meeting.id, Step.PREPARE,
        posts=[meeting.organiser_post_id], deadline=meeting.starts_at,
    )  # fmt: skip
    keep_act(session, actor, meeting.id, at=clock.now(), verb="plan", step="会议计划")
    return meeting


def revise_plan(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    changes: Mapping[str, Any],
    expected_revision: int | None,
) -> Meeting:
    """Change a meeting that was not called yet; Problem 412 when somebody was quicker."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    meeting_after("revise", meeting.state)
    if expected_revision not in (None, meeting.revision):
        raise errors.changed_by_another(f"“{meeting.title}”")
    stated = {name: changes[name] for name in _CHANGEABLE if name in changes}
    starts_at, ends_at = stated.get("starts_at", meeting.starts_at), stated.get("ends_at", meeting.ends_at)
    check_times(session, clock, meeting.unit_id, starts_at, ends_at)
    if stated.get("chair_post_id"):
        check_chair(session, meeting.unit_id, stated["chair_post_id"])
    if stated.get("convener_post_id"):
        check_convener(session, meeting.unit_id, stated["convener_post_id"])
    refuse_secret(stated.get("title", ""), stated.get("purpose", ""))
    chair = meeting.chair_post_id
    for name, value in stated.items():
        setattr(meeting, name, value)
    # The agenda may be frozen already, and something be asked for.
    pass_on(session, actor, clock, meeting.id, *CHAIRS, from_post=chair, to_post=meeting.chair_post_id)
    meeting.revision += 1
    meeting.terms = bigrams(meeting.title, meeting.purpose, meeting.place)
    rename(session, meeting.id, title=meeting.title)
    grant_sight(session, meeting.id, [meeting.chair_post_id, meeting.convener_post_id])
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="revise", step="修改计划",
        details={"changed": sorted(stated)},
    )  # fmt: skip
    return meeting


def lock_as_organiser(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    """The meeting under lock, for those of its organ who organise it; others get 404 or 403."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    if not organises(session, actor, meeting):
        raise errors.not_organiser(meeting.title)
    return meeting


def check_times(
    session: Session, clock: Clock, unit_id: UUID, starts_at: datetime, ends_at: datetime
) -> None:
    """Refuse a meeting that ends before it begins, or that began too long ago to be written down now."""
    if max(starts_at, ends_at) > clock.now() + _FARTHEST:
        raise errors.too_far_ahead(starts_at, years=_FARTHEST.days // 365)
    if ends_at <= starts_at:
        raise errors.ends_before_it_begins(starts_at, ends_at)
    hours = rule(session, LIMITS, unit_id, clock.today())["recorded_within_hours"]
    if starts_at < clock.now() - timedelta(hours=hours):
        raise errors.too_long_ago(starts_at, hours=hours)


def check_chair(session: Session, unit_id: UUID, post_id: UUID) -> None:
    """Refuse whoever may not chair, or is neither of the organ whose meeting it is nor of one above it."""
    card = get_post(session, post_id)
    if Permission.MEETINGS_CHAIR not in card.permissions:
        raise errors.chair_may_not(card.label)
    if not presides_over(session, card, unit_id):
        raise errors.presides_elsewhere(card.label, "chair_post_id")


def check_convener(session: Session, unit_id: UUID, post_id: UUID) -> None:
    """Refuse a convener who is neither of the organ nor of one above it."""
    card = get_post(session, post_id)
    if not presides_over(session, card, unit_id):
        raise errors.presides_elsewhere(card.label, "convener_post_id")


def see_as_organiser(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    """The same without lock, for reading."""
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    if not organises(session, actor, meeting):
        raise errors.not_organiser(meeting.title)
    return meeting
