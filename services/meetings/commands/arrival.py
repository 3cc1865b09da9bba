"""Signing in at the door: the screen shows a code that turns, and each person scans it for their own invitation."""

import secrets
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.arriving import record_arrival
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.commands.rooms.using import check_in_for_meeting
from services.meetings.domain.rotating_code import step_of
from services.meetings.domain.states import ARRIVAL_STATES, MEETING_LABELS, Answer
from services.meetings.errors import invitations as invitation_errors
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import Invitation, Meeting, SignInScan, SignInSecret
from services.meetings.queries.sign_in import find_own_seats
from services.meetings.queries.visibility import get_meeting
from shared.auth import Actor
from shared.clock import Clock

SECRET_BYTES = 32


def open_sign_in(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> SignInSecret:
    """Let the sign-in screen of a called meeting show codes; repeating it changes nothing."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in ARRIVAL_STATES:
        raise errors.act_not_possible("会议", "开启扫码签到", MEETING_LABELS[meeting.state])
    found = session.get(SignInSecret, meeting.id)
    if found:
        return found
    made = SignInSecret(
        meeting_id=meeting.id,
        secret=secrets.token_bytes(SECRET_BYTES),
        made_at=clock.now(),
        made_by_name=actor.person_name,
    )
    session.add(made)
    keep_act(session, actor, meeting.id, at=clock.now(), verb="open_sign_in", step="开启扫码签到")
    session.flush()
    return made


def sign_in_by_code(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, code: str
) -> Invitation:
    """The signed-in person came: scanned the code of this half minute for the own invitation, or as stand-in approved.

    A code is good once for each person. Problem 409 for one that is over or used, too early, or after the meeting.
    """
    own, standing_in = find_own_seats(session, actor, meeting_id)
    meeting = session.get(Meeting, meeting_id)
    comes = own or (standing_in and standing_in.state == Answer.STAND_IN)
    if meeting is None or meeting.called_at is None or not comes:
        # Whoever is invited in one post may be at work in another; everybody else has to see the meeting at least.
        meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    kept = session.get(SignInSecret, meeting.id)
    if kept is None:
        raise sign_in_errors.sign_in_not_open(meeting.title)
    step = step_of(code, kept.secret, meeting.id, clock.now())
    if step is None:
        raise sign_in_errors.code_expired()
    seat = _own_seat(meeting, own, standing_in)
    used = insert(SignInScan).values(
        meeting_id=meeting.id,
        step=step,
        person_id=actor.person_id,
        invitation_id=seat.id,
        scanned_at=clock.now(),
        source=actor.source,
    )
    if session.execute(used.on_conflict_do_nothing().returning(SignInScan.step)).first() is None:
        raise sign_in_errors.code_used()
    arrived = record_arrival(
        session,
        actor,
        clock,
        meeting_id=meeting.id,
        invitation_id=seat.id,
        at=clock.now(),
        how="qr",
    )
    check_in_for_meeting(session, actor, clock, meeting=meeting)
    return arrived


def _own_seat(meeting: Meeting, own: Invitation | None, standing_in: Invitation | None) -> Invitation:
    """The seat that the person takes: never that of somebody whom a delegation lets them act for."""
    if own and own.state != Answer.STAND_IN:
        return own
    if standing_in and standing_in.state == Answer.STAND_IN:
        return standing_in
    if own:
        raise sign_in_errors.stand_in_comes(own.stand_in_name or own.stand_in_title)
    if standing_in:
        raise sign_in_errors.stand_in_unapproved()
    raise invitation_errors.not_invited(meeting.title)
