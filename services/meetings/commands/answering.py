"""Answering an invitation (回执): come, ask leave (请假), send a named stand-in (替会); units name who comes."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import do, drop, give, is_waiting
from services.meetings.commands.history import keep_act
from services.meetings.commands.inviting import holders_of, namers_of
from services.meetings.commands.permitting import lock_called, permitter_of, renew_permitting
from services.meetings.domain.states import (
    ANSWER_LABELS,
    MEETING_OVER,
    Answer,
)
from services.meetings.domain.steps import Step
from services.meetings.errors import invitations as invitation_errors
from services.meetings.models import Invitation, Meeting, MeetingFile
from services.meetings.queries.meetings import find_invitation_of, get_invitation, list_invitations
from services.meetings.queries.visibility import acting_posts, get_meeting, lock_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import get_post, get_unit, list_offices
from shared.flow.acts import Act
from shared.flow.duties import list_duties
from shared.flow.errors import item_not_yours
from shared.flow.verbs import read_item


def answer_invitation(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    outcome: str,
    reason: str = "",
    stand_in_post_id: UUID | None = None,
    for_post_id: UUID | None = None,
) -> Invitation:
    """Say whether one comes: `attend`, `ask_leave` or `stand_in`; it may be said again until the meeting begins.

    `for_post_id` names the invited post when several of those for whom one acts are invited; else the own one is meant.
    """
    meeting = lock_called(session, actor, clock, meeting_id, "答复邀请")
    seat = _own_seat(session, actor, clock, meeting, for_post_id)
    if outcome != "attend" and not reason:
        raise errors.reason_missing("请假" if outcome == "ask_leave" else "替会")
    if outcome != "attend" and permitter_of(meeting, seat) == seat.post_id:
        raise invitation_errors.nobody_permits(meeting.title)
    _forget_stand_in(session, actor, clock, meeting, seat)
    _ANSWERS[outcome](session, actor, clock, meeting, seat, stand_in_post_id)
    seat.reason, seat.answered_at = reason, clock.now()
    seat.decided_at, seat.decided_by_name, seat.decision_opinion = None, "", ""
    _note_opened(seat, actor, clock)
    label = ANSWER_LABELS[seat.state]
    duty = None
    if is_waiting(session, meeting.id, Step.REPLY, post_id=seat.post_id):
        duty = do(
            session, actor, clock, meeting.id, Step.REPLY,
            outcome=outcome, label=label, opinion=reason, alone=False, for_post_id=seat.post_id,
        )  # fmt: skip
    renew_permitting(session, actor, clock, meeting)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb=f"answer_{outcome}", step="回执", outcome=label,
        opinion=reason, duty=duty, details={"seat": str(seat.id), "stand_in": seat.stand_in_name},
    )  # fmt: skip
    return seat


def name_attendee(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, invitation_id: UUID, post_id: UUID
) -> Invitation:
    """An invited unit says which of its posts comes (报名); that post is told."""
    meeting = lock_called(session, actor, clock, meeting_id, "报名参会")
    seat = get_invitation(session, meeting.id, invitation_id)
    if seat.state != Answer.NAMING:
        raise errors.act_not_possible("参会报名", "再次报名", ANSWER_LABELS[seat.state])
    card = get_post(session, post_id)
    if card.unit_id not in list_offices(session, seat.unit_id):
        raise invitation_errors.post_of_another_unit(card.label, get_unit(session, seat.unit_id).name)
    if find_invitation_of(session, meeting.id, [post_id], standing_in=True):
        raise invitation_errors.invited_twice(card.label)
    duty = _done_naming(session, actor, clock, meeting, seat, label=card.label)
    seat.post_id, seat.post_title, seat.person_name = post_id, card.title, holders_of(card)
    seat.state, seat.answered_at = Answer.ATTENDING.value, clock.now()
    session.flush()
    give(session, actor, clock, meeting.id, Step.ATTEND, posts=[post_id], deadline=meeting.starts_at)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="name", step="报名", outcome=card.label, duty=duty
    )
    return seat


def _done_naming(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation, *, label: str
) -> Act | None:
    """One of those whom the seat's unit has for it names somebody; with the unit's last seat that is done."""
    namers = namers_of(session, meeting, seat.unit_id)
    acting = acting_posts(session, actor, now=clock.now())
    named_by = next((post for post in acting if post in namers), None)
    if named_by is None:
        raise item_not_yours()
    others_open = [other for other in list_invitations(session, meeting.id) if other.id != seat.id]
    if any(other.state == Answer.NAMING and other.unit_id == seat.unit_id for other in others_open):
        return None
    duty = do(
        session, actor, clock, meeting.id, Step.NAME,
        outcome="named", label=label, alone=False, for_post_id=named_by,
    )  # fmt: skip
    drop(session, actor, clock, meeting.id, Step.NAME, posts=namers)
    return duty


def open_papers(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> Invitation:
    """Note that an invited one has opened the papers; the first time counts."""
    meeting = lock_meeting(session, actor, meeting_id, now=clock.now())
    posts = acting_posts(session, actor, now=clock.now())
    seat = find_invitation_of(session, meeting.id, posts, standing_in=True)
    if seat is None or meeting.called_at is None:
        raise invitation_errors.not_invited(meeting.title)
    if seat.opened_at is None:
        _note_opened(seat, actor, clock)
        for item in list_duties(session, subject_id=meeting.id):
            if item.post_id in posts:
                read_item(session, actor, clock, item_id=item.id)
        keep_act(session, actor, meeting.id, at=clock.now(), verb="open", step="阅看材料")
    return seat


def note_download(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, file: MeetingFile
) -> None:
    """An invited one who downloads a paper has opened the papers; what is read after the meeting counts no more."""
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    if file.role != "paper" or meeting.called_at is None or meeting.state in MEETING_OVER:
        return
    posts = acting_posts(session, actor, now=clock.now())
    seat = find_invitation_of(session, meeting.id, posts, standing_in=True)
    if seat and seat.opened_at is None:
        # To be read anew behind the lock.
        session.expire(seat)
        open_papers(session, actor, clock, meeting_id=meeting_id)


def _attend(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation, _: UUID | None
) -> None:
    seat.state = Answer.ATTENDING.value
    posts = [seat.post_id] if seat.post_id else []
    give(session, actor, clock, meeting.id, Step.ATTEND, posts=posts, deadline=meeting.starts_at)


def _ask_leave(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation, _: UUID | None
) -> None:
    seat.state = Answer.LEAVE_ASKED.value


def _send_stand_in(
    session: Session,
    actor: Actor,
    clock: Clock,
    meeting: Meeting,
    seat: Invitation,
    stand_in_post_id: UUID | None,
) -> None:
    if stand_in_post_id is None:
        raise invitation_errors.stand_in_needed()
    card = get_post(session, stand_in_post_id)
    if not card.holders:
        raise invitation_errors.stand_in_vacant(card.label)
    if find_invitation_of(session, meeting.id, [stand_in_post_id], standing_in=True):
        raise invitation_errors.stand_in_invited(card.label)
    seat.state = Answer.STAND_IN_ASKED.value
    seat.stand_in_post_id, seat.stand_in_title = stand_in_post_id, card.title
    seat.stand_in_name, seat.stand_in_unit_name = holders_of(card), card.unit_name


_Answering = Callable[[Session, Actor, Clock, Meeting, Invitation, UUID | None], None]
_ANSWERS: Mapping[str, _Answering] = {
    "attend": _attend,
    "ask_leave": _ask_leave,
    "stand_in": _send_stand_in,
}


def _forget_stand_in(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation
) -> None:
    """What was answered before holds no more."""
    posts = [post for post in (seat.post_id, seat.stand_in_post_id) if post]
    drop(session, actor, clock, meeting.id, Step.ATTEND, posts=posts)
    seat.state = Answer.WAITING.value
    seat.stand_in_post_id = None
    seat.stand_in_title = seat.stand_in_name = seat.stand_in_unit_name = ""
    session.flush()


def _own_seat(
    session: Session, actor: Actor, clock: Clock, meeting: Meeting, for_post_id: UUID | None
) -> Invitation:
    posts = acting_posts(session, actor, now=clock.now())
    if for_post_id and for_post_id not in posts:
        raise item_not_yours()
    asked = [for_post_id] if for_post_id else posts[:1]
    seat = find_invitation_of(session, meeting.id, asked)
    if seat is None and for_post_id is None:
        seat = find_invitation_of(session, meeting.id, posts)
    if seat is None:
        raise invitation_errors.not_invited(meeting.title)
    return seat


def _note_opened(seat: Invitation, actor: Actor, clock: Clock) -> None:
    if seat.opened_at is None:
        seat.opened_at, seat.opened_by_name = clock.now(), actor.person_name
