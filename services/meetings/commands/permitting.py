"""Permitting to stay away from a meeting or to send somebody else (请假, 替会): the convener's word, never the own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import do, drop, give, give_presiding
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.domain.states import ANSWER_LABELS, MEETING_LABELS, Answer, MeetingState
from services.meetings.domain.steps import Step
from services.meetings.errors import invitations as invitation_errors
from services.meetings.models import Invitation, Meeting
from services.meetings.queries.meetings import get_invitation, list_invitations
from services.meetings.queries.visibility import acting_posts, lock_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts_of_person
from shared.flow.duties import list_duties

_GRANTED: Mapping[Any, Answer] = {
    Answer.LEAVE_ASKED: Answer.EXCUSED,
    Answer.STAND_IN_ASKED: Answer.STAND_IN,
}


def permit(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    invitation_id: UUID,
    granted: bool,
    opinion: str = "",
) -> Invitation:
    """The convener's word on a leave or a stand-in that was asked for; after a refusal the post answers anew."""
    meeting = lock_called(session, actor, clock, meeting_id, "审批请假替会")
    seat = get_invitation(session, meeting.id, invitation_id)
    name = seat.person_name or seat.post_title
    if _is_own(session, actor, seat):
        raise invitation_errors.own_request(name)
    permitter = permitter_of(meeting, seat)
    if permitter not in acting_posts(session, actor, now=clock.now()):
        raise invitation_errors.not_convener(meeting.title)
    if seat.state not in _GRANTED or seat.post_id is None:
        raise invitation_errors.nothing_to_permit(name)
    if not granted and not opinion:
        raise errors.reason_missing("不同意", "opinion")
    asked = seat.state
    seat.decided_at, seat.decided_by_name, seat.decision_opinion = clock.now(), actor.person_name, opinion
    if granted:
        seat.state = _GRANTED[asked].value
        drop(session, actor, clock, meeting.id, Step.ATTEND, posts=[seat.post_id])
        if seat.stand_in_post_id and seat.state == Answer.STAND_IN:
            stand_in = [seat.stand_in_post_id]
            give(session, actor, clock, meeting.id, Step.ATTEND, posts=stand_in, deadline=meeting.starts_at)
    else:
        seat.state = Answer.WAITING.value
        again = meeting.starts_at
        give(session, actor, clock, meeting.id, Step.REPLY, posts=[seat.post_id], deadline=again)
    duty = None
    if permitter not in _awaited(session, meeting):
        duty = do(session, actor, clock, meeting.id, Step.PERMIT, alone=False, for_post_id=permitter)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="permit" if granted else "refuse_leave",
        step="审批请假替会", outcome="同意" if granted else "不同意", opinion=opinion, duty=duty,
        details={"seat": str(seat.id), "asked": ANSWER_LABELS[asked], "who": name},
    )  # fmt: skip
    return seat


def renew_permitting(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """Let whoever's word is waited for have that to do, and nobody else; Problem 409 where that post is gone."""
    awaited = _awaited(session, meeting)
    open_items = list_duties(session, subject_id=meeting.id)
    asked = {item.post_id for item in open_items if item.step_id == Step.PERMIT}
    if needless := asked - awaited:
        drop(session, actor, clock, meeting.id, Step.PERMIT, posts=needless)
    for post_id in awaited - asked:
        give_presiding(
            session, actor, clock, meeting, Step.PERMIT, post_id=post_id, deadline=meeting.starts_at
        )


def permitter_of(meeting: Meeting, seat: Invitation) -> UUID:
    """The post whose word counts for that seat: the convener's, for what the convener asks the chair's."""
    own = seat.post_id == meeting.convener_post_id
    return meeting.chair_post_id if own else meeting.convener_post_id


def lock_called(session: Session, actor: Actor, clock: Clock, meeting_id: UUID, act: str) -> Meeting:
    """The meeting under lock, which must have been called and not have begun yet."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    if meeting.state != MeetingState.CALLED:
        raise errors.act_not_possible("会议", act, MEETING_LABELS[meeting.state])
    grant_sight(session, meeting.id, [meeting.convener_post_id])
    return meeting


def _is_own(session: Session, actor: Actor, seat: Invitation) -> bool:
    """Whether the seat is the acting person's, whose second post may be the one that permits."""
    own = [actor.post_id, *(list_posts_of_person(session, actor.person_id) if actor.person_id else [])]
    return seat.post_id in own


def _awaited(session: Session, meeting: Meeting) -> set[UUID]:
    if meeting.state != MeetingState.CALLED:
        return set()
    session.flush()
    seats = list_invitations(session, meeting.id)
    return {permitter_of(meeting, seat) for seat in seats if seat.state in _GRANTED}
