"""Another chair (主持人) or convener (召集人) for a meeting, from its plan until its minutes are approved."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import drop, give, pass_on
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.commands.permitting import renew_permitting
from services.meetings.commands.planning import check_chair, check_convener, lock_as_organiser
from services.meetings.domain.states import (
    MEETING_LABELS,
    MINUTES_LABELS,
    PRESIDING_STATES,
    MinutesState,
)
from services.meetings.domain.steps import CHAIRS, Step
from services.meetings.models import Meeting
from services.meetings.queries.decisions import find_minutes
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import PostCard, list_posts


def change_presiding(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    reason: str,
    chair_post_id: UUID | None = None,
    convener_post_id: UUID | None = None,
) -> Meeting:
    """Name another chair, or convener; what waits for the word of the former one goes over, and both are told.

    A chair who convenes as well hands on both, unless a convener is named. Reason and posts stay in the history.
    """
    meeting = _lock_open(session, actor, clock, meeting_id)
    former = (meeting.chair_post_id, meeting.convener_post_id)
    chair = chair_post_id or former[0]
    convener = convener_post_id or (chair if former[0] == former[1] else former[1])
    changed = [pair for pair in zip(former, (chair, convener), strict=True) if pair[0] != pair[1]]
    if not changed:
        raise errors.presiding_unchanged()
    if chair != former[0]:
        check_chair(session, meeting.unit_id, chair)
    if convener != former[1]:
        check_convener(session, meeting.unit_id, convener)
    meeting.chair_post_id, meeting.convener_post_id = chair, convener
    meeting.revision += 1
    grant_sight(session, meeting.id, [chair, convener])
    pass_on(session, actor, clock, meeting.id, *CHAIRS, from_post=former[0], to_post=chair)
    renew_permitting(session, actor, clock, meeting)
    cards = list_posts(session, {*former, chair, convener})
    told = {post for pair in changed for post in pair if post in cards and post != actor.post_id}
    drop(session, actor, clock, meeting.id, Step.TOLD, posts=told)
    give(session, actor, clock, meeting.id, Step.TOLD, posts=told, to_read=True)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="change_presiding", step="更换主持人、召集人",
        opinion=reason, details=_details(cards, former, (chair, convener)),
    )  # fmt: skip
    return meeting


def _lock_open(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in PRESIDING_STATES:
        raise errors.act_not_possible("会议", "更换主持人", MEETING_LABELS[meeting.state])
    minutes = find_minutes(session, meeting.id)
    if minutes and minutes.state not in (MinutesState.DRAFTING, MinutesState.SUBMITTED):
        raise errors.act_not_possible("纪要", "更换主持人", MINUTES_LABELS[minutes.state])
    return meeting


def _details(
    cards: Mapping[UUID, PostCard], former: tuple[UUID, UUID], now: tuple[UUID, UUID]
) -> dict[str, Any]:
    """Who presided and who does; a post that is gone by its id alone."""
    named = {"chair_before": former[0], "chair": now[0], "convener_before": former[1], "convener": now[1]}
    return {name: cards[post].label if post in cards else str(post) for name, post in named.items()}
