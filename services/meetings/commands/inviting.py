"""Inviting: posts by name, or units that name somebody; those of a called meeting hear of it at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import drop, give, holders_for, is_waiting
from services.meetings.commands.history import grant_sight, keep_act
from services.meetings.commands.permitting import renew_permitting
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.domain.states import MEETING_LABELS, Answer, MeetingState
from services.meetings.domain.steps import Step
from services.meetings.errors import invitations as invitation_errors
from services.meetings.models import Invitation, Meeting
from services.meetings.queries.meetings import get_agenda_item, get_invitation, list_invitations
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import PostCard, get_post, get_unit, list_offices
from shared.flow.duties import list_duties
from shared.ids import new_id
from shared.permissions import Permission

_INVITING = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.UNDER_WAY)


def invite(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    invitees: Sequence[Mapping[str, Any]],
) -> list[Invitation]:
    """Add seats to a meeting: `post_id` or `unit_id`, `role`, and for observers the points that they come for."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in _INVITING:
        raise errors.act_not_possible("会议", "邀请人员", MEETING_LABELS[meeting.state])
    seats = list_invitations(session, meeting.id)
    taken = {seat.post_id: seat for seat in seats if seat.post_id}
    made: list[Invitation] = []
    for position, one in enumerate(invitees, start=len(seats) + 1):
        seat = _seat(session, clock, meeting, one, position)
        if seat.post_id in taken:
            raise invitation_errors.invited_twice(f"{seat.unit_name}{seat.post_title}（{seat.person_name}）")
        if seat.post_id:
            taken[seat.post_id] = seat
        made.append(seat)
    session.add_all(made)
    meeting.revision += 1
    session.flush()
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="invite", step="邀请",
        details={"invited": [f"{seat.unit_name}{seat.post_title}" for seat in made]},
    )  # fmt: skip
    if meeting.state != MeetingState.PLANNED:
        ask_answers(session, actor, clock, meeting, made)
    return made


def uninvite(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, invitation_id: UUID, reason: str = ""
) -> None:
    """Take an invitation back; of a called meeting with a reason, which the invited one is told."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in _INVITING[:2]:
        raise errors.act_not_possible("会议", "撤销邀请", MEETING_LABELS[meeting.state])
    seat = get_invitation(session, meeting.id, invitation_id)
    if meeting.state == MeetingState.CALLED and not reason:
        raise errors.reason_missing("撤销已发出的邀请")
    seat.removed_at = clock.now()
    meeting.revision += 1
    session.flush()
    if meeting.state == MeetingState.CALLED:
        _take_back(session, actor, clock, meeting, seat)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="uninvite", step="撤销邀请", opinion=reason,
        details={"uninvited": f"{seat.unit_name}{seat.post_title}"},
    )  # fmt: skip


def ask_answers(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, seats: Iterable[Invitation]
) -> None:
    """Let the invited posts answer, and the invited units name somebody."""
    asked = list(seats)
    deadline = meeting.reply_by or meeting.starts_at
    posts = [seat.post_id for seat in asked if seat.post_id]
    if posts:
        give(session, actor, clock, meeting.id, Step.REPLY, posts=posts, deadline=deadline)
    for seat in asked:
        if seat.state != Answer.NAMING:
            continue
        cards = holders_for(session, seat.unit_id, Permission.MEETINGS_ORGANISE, what="报名参会")
        named = [card.post_id for card in cards]
        give(session, actor, clock, meeting.id, Step.NAME, posts=named, deadline=deadline)


def namers_of(session: Session, meeting: Meeting, unit_id: UUID) -> list[UUID]:
    """The posts of that unit that are asked to name somebody."""
    offices = set(list_offices(session, unit_id))
    open_items = list_duties(session, subject_id=meeting.id)
    return [item.post_id for item in open_items if item.step_id == Step.NAME and item.unit_id in offices]


def _seat(
    session: Session, clock: Clock, meeting: Meeting, one: Mapping[str, Any], position: int
) -> Invitation:
    post_id, unit_id = one.get("post_id"), one.get("unit_id")
    if bool(post_id) == bool(unit_id):
        raise invitation_errors.invitee_unclear()
    item_ids = list(one.get("agenda_item_ids") or [])
    for item_id in item_ids:
        get_agenda_item(session, meeting.id, item_id)
    card = get_post(session, post_id) if post_id else None
    unit = get_unit(session, card.unit_id if card else unit_id)  # type: ignore[arg-type]
    return Invitation(
        id=new_id(),
        meeting_id=meeting.id,
        position=position,
        role=one.get("role", "attendee"),
        unit_id=unit.id,
        unit_name=unit.name,
        post_id=post_id,
        post_title=card.title if card else "",
        person_name=holders_of(card) if card else "",
        agenda_item_ids=item_ids,
        state=(Answer.WAITING if post_id else Answer.NAMING).value,
        invited_at=clock.now(),
    )


def holders_of(card: PostCard) -> str:
    """The names of those who hold a post."""
    return "、".join(card.holders)


def _take_back(session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation) -> None:
    posts = [post for post in (seat.post_id, seat.stand_in_post_id) if post]
    if posts:
        drop(session, actor, clock, meeting.id, Step.REPLY, Step.ATTEND, posts=posts)
        give(session, actor, clock, meeting.id, Step.TOLD, posts=posts, to_read=True)
        grant_sight(session, meeting.id, posts)
    elif is_waiting(session, meeting.id, Step.NAME):
        drop(session, actor, clock, meeting.id, Step.NAME, posts=namers_of(session, meeting, seat.unit_id))
    renew_permitting(session, actor, clock, meeting)
