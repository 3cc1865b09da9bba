"""Reading who has signed in, and which seat a person may take."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.domain.states import Answer, Attendance
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import Invitation, Meeting, SignInSecret
from services.meetings.queries.meetings import list_invitations
from services.meetings.queries.visibility import get_meeting, organises
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import list_posts_of_person


def get_organised(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    """The meeting, for those who organise it; others get 404 or 403."""
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    if not organises(session, actor, meeting):
        raise errors.not_organiser(meeting.title)
    return meeting


def get_secret(session: Session, meeting: Meeting) -> bytes:
    """What the meeting's codes are made with; Problem 409 before the screen was opened."""
    found = session.get(SignInSecret, meeting.id)
    if found is None:
        raise sign_in_errors.sign_in_not_open(meeting.title)
    return found.secret


def own_posts(session: Session, actor: Actor) -> set[UUID]:
    """The posts that the person holds, whichever they act in now."""
    if actor.person_id is None:
        return set()
    acting = {actor.post_id} if actor.post_id else set()
    return {*list_posts_of_person(session, actor.person_id), *acting}


def find_own_seats(
    session: Session, actor: Actor, meeting_id: UUID
) -> tuple[Invitation | None, Invitation | None]:
    """The invitation of one of the person's posts, and the one in which such a post stands in for somebody."""
    posts = own_posts(session, actor)
    return (
        _first(session, meeting_id, Invitation.post_id, posts),
        _first(session, meeting_id, Invitation.stand_in_post_id, posts),
    )


def count_arrivals(session: Session, meeting_id: UUID) -> dict[str, int]:
    """The figures of the screen: invited, expected (without those who have leave), come, late, still awaited."""
    seats = list_invitations(session, meeting_id)
    counts = Counter(seat.attendance for seat in seats)
    come = counts[Attendance.PRESENT] + counts[Attendance.LATE]
    excused = sum(
        seat.state == Answer.EXCUSED and seat.attendance not in (Attendance.PRESENT, Attendance.LATE)
        for seat in seats
    )
    return {
        "invited": len(seats),
        "expected": len(seats) - excused,
        "present": come,
        "late": counts[Attendance.LATE],
        "stand_ins": sum(seat.stood_in for seat in seats),
        "excused": excused,
        "awaited": len(seats) - excused - come,
    }


def _first(
    session: Session,
    meeting_id: UUID,
    column: sa.orm.InstrumentedAttribute[UUID | None],
    posts: Collection[UUID],
) -> Invitation | None:
    # A seat that is taken by the person already comes last, so that a second post signs in too.
    wanted = sa.select(Invitation).where(
        Invitation.meeting_id == meeting_id, Invitation.removed_at.is_(None), column.in_(posts)
    )
    return session.scalars(wanted.order_by(Invitation.attendance, Invitation.position).limit(1)).first()
