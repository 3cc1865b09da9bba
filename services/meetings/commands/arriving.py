"""Who came (签到): recorded by signing in or by the organisers, and put right with a trail."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.duties import do, drop, is_waiting
from services.meetings.commands.history import keep_act
from services.meetings.commands.holding import EARLIEST
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.domain.states import (
    ARRIVAL_STATES,
    ATTENDANCE_LABELS,
    CORRECTION_STATES,
    MEETING_LABELS,
    Answer,
    Attendance,
)
from services.meetings.domain.steps import Step
from services.meetings.errors import invitations as invitation_errors
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.local_rules import TIMES
from services.meetings.models import Invitation, Meeting
from services.meetings.queries.decisions import refuse_fixed_by_minutes
from services.meetings.queries.meetings import get_invitation, rule
from services.meetings.queries.visibility import acting_posts, lock_meeting
from shared.auth import Actor
from shared.clock import Clock, local_date


def record_arrival(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    invitation_id: UUID,
    at: datetime,
    how: str,
) -> Invitation:
    """Somebody came, at that moment, found out in that way (`qr`, `by_hand` …); the first arrival stands.

    Whether the actor may say so is the caller's rule. From some minutes before the beginning (rule `times`); whoever
    comes after it is late. Whoever has a stand-in approved is represented by that one. Problem 409 too early, after the
    end, or for whoever has leave.
    """
    meeting = lock_meeting(session, Actor.system(actor.correlation_id), meeting_id, now=clock.now())
    if meeting.state not in ARRIVAL_STATES:
        raise errors.act_not_possible("会议", "签到", MEETING_LABELS[meeting.state])
    seat = get_invitation(session, meeting.id, invitation_id)
    if seat.attendance:
        return seat
    times = rule(session, TIMES, meeting.unit_id, local_date(meeting.starts_at))
    refuse_arrival(meeting, seat, at=at, minutes=times["sign_in_minutes"])
    late_from = meeting.starts_at + timedelta(minutes=times["late_after_minutes"])
    seat.attendance = (Attendance.LATE if at > late_from else Attendance.PRESENT).value
    seat.stood_in = seat.state == Answer.STAND_IN
    seat.arrived_at, seat.arrived_how = at, how
    _done_attending(session, actor, clock, meeting, seat)
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="arrive", step="签到",
        outcome=ATTENDANCE_LABELS[seat.attendance],
        details={"seat": str(seat.id), "how": how, "at": at.isoformat()},
    )  # fmt: skip
    return seat


def refuse_arrival(meeting: Meeting, seat: Invitation, *, at: datetime, minutes: int) -> None:
    """Refuse signing in too early, and by whoever has leave."""
    if at < meeting.starts_at - timedelta(minutes=minutes):
        raise sign_in_errors.too_early_to_sign_in(minutes)
    if seat.state == Answer.EXCUSED:
        raise sign_in_errors.excused_cannot_arrive(seat.person_name or seat.post_title)


def sign_in_by_hand(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, invitation_id: UUID
) -> Invitation:
    """The organisers write down that somebody is there now."""
    lock_as_organiser(session, actor, clock, meeting_id)
    return record_arrival(
        session,
        actor,
        clock,
        meeting_id=meeting_id,
        invitation_id=invitation_id,
        at=clock.now(),
        how="by_hand",
    )


def correct_attendance(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    invitation_id: UUID,
    attendance: Attendance,
    stood_in: bool,
    arrived_at: datetime | None,
    reason: str,
) -> Invitation:
    """Put right who came until the minutes, which name them, go to the chair; the history keeps what stood there."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in CORRECTION_STATES:
        raise errors.act_not_possible("会议", "更正签到", MEETING_LABELS[meeting.state])
    refuse_fixed_by_minutes(session, meeting, "签到情况")
    seat = get_invitation(session, meeting.id, invitation_id)
    if stood_in and seat.stand_in_post_id is None:
        raise invitation_errors.stand_in_needed()
    if arrived_at and arrived_at > clock.now():
        raise errors.ends_in_future(arrived_at)
    if arrived_at and arrived_at < meeting.starts_at - EARLIEST:
        raise errors.not_at_that_time(arrived_at, meeting.starts_at)
    before = _shown(seat)
    came = attendance in (Attendance.PRESENT, Attendance.LATE)
    seat.attendance = attendance.value
    seat.stood_in = stood_in and came
    seat.arrived_at = (arrived_at or seat.arrived_at) if came else None
    seat.arrived_how = "corrected"
    _done_attending(session, actor, clock, meeting, seat)
    meeting.revision += 1
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="correct_attendance", step="更正签到",
        outcome=ATTENDANCE_LABELS[seat.attendance], opinion=reason,
        details={"seat": str(seat.id), "before": before, "after": _shown(seat)},
    )  # fmt: skip
    return seat


def _done_attending(session: Session, actor: Actor, clock: Clock, meeting: Meeting, seat: Invitation) -> None:
    """Whoever came, or is known not to come, has nothing more to do about it."""
    posts = [post for post in (seat.post_id, seat.stand_in_post_id) if post]
    own = [post for post in posts if post in acting_posts(session, actor, now=clock.now())]
    for post in own:
        if is_waiting(session, meeting.id, Step.ATTEND, post_id=post):
            do(session, actor, clock, meeting.id, Step.ATTEND, alone=False, for_post_id=post)
    if any(is_waiting(session, meeting.id, step, post_id=post) for post in posts for step in _ANSWERING):
        drop(session, actor, clock, meeting.id, *_ANSWERING, posts=posts)


_ANSWERING = (Step.ATTEND, Step.REPLY)


def _shown(seat: Invitation) -> dict[str, Any]:
    return {
        "attendance": seat.attendance,
        "stood_in": seat.stood_in,
        "arrived_at": seat.arrived_at.isoformat() if seat.arrived_at else None,
        "arrived_how": seat.arrived_how,
    }
