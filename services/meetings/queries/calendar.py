"""Which meetings stand in whose calendar, and whose a feed's address is."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.calendar_text import Entry, Guest, write_feed, write_invitation
from services.meetings.domain.states import Answer, MeetingState
from services.meetings.errors import invitations as invitation_errors
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import CalendarFeed, Invitation, Meeting, MeetingAct
from services.meetings.queries.sign_in import own_posts
from services.meetings.queries.visibility import acting_posts, get_meeting
from shared.auth import Actor
from shared.clock import Clock
from shared.directory import DirectoryPerson, list_posts_of_person

# What is older than this has no place in a calendar that is read every few minutes.
_KEPT = timedelta(days=90)
_SHOWN = ("call", "reschedule", "cancel", "begin", "end")


def digest_of(secret: str) -> str:
    """What is kept of the secret in an address; it has 256 random bits, so that a plain digest does."""
    return hashlib.sha256(secret.encode()).hexdigest()


def list_feeds(session: Session, person_id: UUID) -> list[CalendarFeed]:
    """The person's addresses that are good, oldest first."""
    wanted = sa.select(CalendarFeed).where(
        CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(CalendarFeed.made_at, CalendarFeed.id)))


def get_feed(session: Session, secret: str) -> CalendarFeed:
    """The feed of that address; Problem 404 for one that was revoked, or whose person has gone."""
    wanted = (
        sa.select(CalendarFeed)
        .join(DirectoryPerson, DirectoryPerson.id == CalendarFeed.person_id)
        .where(CalendarFeed.digest == digest_of(secret), CalendarFeed.revoked_at.is_(None))
        .where(DirectoryPerson.active)
    )
    feed = session.scalars(wanted).one_or_none()
    if feed is None:
        raise sign_in_errors.feed_not_found()
    return feed


def feed_of(session: Session, feed: CalendarFeed, *, now: datetime) -> bytes:
    """The person's meetings: those that one of their posts is invited to, stands in at, presides over or organises."""
    posts = list_posts_of_person(session, feed.person_id)
    invited = sa.select(Invitation.meeting_id).where(
        Invitation.removed_at.is_(None),
        sa.or_(
            sa.and_(
                Invitation.post_id.in_(posts), Invitation.state.not_in([Answer.EXCUSED, Answer.STAND_IN])
            ),
            sa.and_(Invitation.stand_in_post_id.in_(posts), Invitation.state == Answer.STAND_IN),
        ),
    )
    wanted = sa.select(Meeting).where(
        Meeting.called_at.is_not(None),
        Meeting.starts_at > now - _KEPT,
        sa.or_(
            Meeting.id.in_(invited), Meeting.chair_post_id.in_(posts), Meeting.organiser_post_id.in_(posts)
        ),
    )
    meetings = list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))
    stamps = _stamps(session, [meeting.id for meeting in meetings])
    return write_feed([_entry(meeting, stamps) for meeting in meetings], name="会议日程")


def invitation_file(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID) -> bytes:
    """The invitation file of the actor's own invitation; Problem 403 for whoever has none, 409 before the notice."""
    meeting = get_meeting(session, actor, meeting_id, now=clock.now())
    if meeting.called_at is None:
        raise sign_in_errors.not_in_calendar(meeting.title)
    posts = {*own_posts(session, actor), *acting_posts(session, actor, now=clock.now())}
    mine = sa.or_(
        Invitation.post_id.in_(posts),
        sa.and_(Invitation.stand_in_post_id.in_(posts), Invitation.state == Answer.STAND_IN),
    )
    # One that still stands comes before one that was taken back.
    wanted = sa.select(Invitation).where(Invitation.meeting_id == meeting.id, mine)
    seat = session.scalars(
        wanted.order_by(Invitation.removed_at.desc().nulls_first(), Invitation.position).limit(1)
    ).first()
    if seat is None:
        raise invitation_errors.not_invited(meeting.title)
    standing_in = seat.post_id not in posts
    guest = Guest(
        invitation_id=seat.id,
        name=seat.stand_in_name if standing_in else seat.person_name,
        answer=Answer.ATTENDING if standing_in else seat.state,
        organiser_post_id=meeting.organiser_post_id,
        organiser_name=meeting.unit_name,
        uninvited=seat.removed_at is not None,
    )
    return write_invitation(_entry(meeting, _stamps(session, [meeting.id])), guest)


def _entry(meeting: Meeting, stamps: dict[UUID, datetime]) -> Entry:
    return Entry(
        meeting_id=meeting.id,
        title=meeting.title,
        place=meeting.place,
        number=meeting.number or "",
        unit_name=meeting.unit_name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        called_off=meeting.state == MeetingState.CANCELLED,
        sequence=meeting.revision,
        stamped_at=stamps.get(meeting.id, meeting.called_at or meeting.planned_at),
    )


def _stamps(session: Session, meeting_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each meeting was last changed in a way that a calendar shows."""
    wanted = (
        sa.select(MeetingAct.subject_id, sa.func.max(MeetingAct.at))
        .where(MeetingAct.subject_id.in_(meeting_ids), MeetingAct.verb.in_(_SHOWN))
        .group_by(MeetingAct.subject_id)
    )
    return dict(session.execute(wanted).tuples().all())
