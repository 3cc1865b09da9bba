"""Calling a meeting (会议通知), moving it, and calling it off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.agenda import freeze
from services.meetings.commands.duties import drop, give, organisers_of, rename, settle
from services.meetings.commands.history import keep_act
from services.meetings.commands.inviting import ask_answers
from services.meetings.commands.planning import check_times, lock_as_organiser
from services.meetings.commands.printing import keep_notice
from services.meetings.commands.topics.moving import move_topic, offer_topic
from services.meetings.domain.kinds import quota_keys
from services.meetings.domain.limits import unacknowledged
from services.meetings.domain.states import AgendaState, meeting_after
from services.meetings.domain.steps import Step
from services.meetings.errors import invitations as invitation_errors
from services.meetings.models import Meeting, Topic
from services.meetings.queries.checks import findings_of, quota_of
from services.meetings.queries.meetings import list_agenda, list_invitations
from services.meetings.queries.places import find_room_at, place_of
from shared.auth import Actor
from shared.clock import LOCAL_ZONE, Clock, local_date
from shared.events.meetings import MeetingCalled, MeetingCancelled, MeetingRescheduled
from shared.files import BlobStore
from shared.flow.duties import close_work, move_deadline
from shared.messaging import outbox
from shared.numbering import take_number
from shared.search import bigrams


def call_meeting(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    acknowledged: Sequence[str] = (),
    quota_waiver: str = "",
    reply_by: datetime | None = None,
    blobs: BlobStore,
    font_dir: str,
) -> Meeting:
    """Give the notice its number, freeze the agenda and invite; what the rules say against it stays on record.

    Problem 422 for warnings that were not acknowledged by their keys, and over the year's plan without a reason.
    """
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    state = meeting_after("call", meeting.state)
    seats = list_invitations(session, meeting.id)
    if not seats:
        raise invitation_errors.nobody_invited(meeting.title)
    check_times(session, clock, meeting.unit_id, meeting.starts_at, meeting.ends_at)
    if reply_by and not clock.now() < reply_by <= meeting.starts_at:
        raise invitation_errors.reply_by_wrong(meeting.starts_at)
    meeting.place = place_of(session, meeting)
    if not meeting.place:
        raise errors.place_missing(meeting.title)
    freeze(session, actor, clock, meeting)
    found = findings_of(session, meeting)
    if unread := unacknowledged(found, acknowledged):
        raise errors.warnings_unread(unread)
    year = local_date(meeting.starts_at).year
    series = f"meeting.{meeting.unit_id}.{year}"
    # Behind the lock of the series, so that two notices cannot both be the last within the plan.
    number = take_number(session, series=series, subject=meeting.id)
    _hold_to_quota(session, meeting, quota_waiver)
    meeting.number, meeting.year = f"〔{year}〕{number}号", year
    meeting.state, meeting.called_at = state.value, clock.now()
    meeting.reply_by = reply_by
    meeting.findings = [one.as_json() for one in found]
    meeting.terms = bigrams(meeting.title, meeting.purpose, meeting.place)
    meeting.revision += 1
    session.flush()
    rename(session, meeting.id, title=meeting.title, number=meeting.number)
    duty = settle(session, actor, clock, meeting.id, Step.PREPARE)
    organisers = organisers_of(session, meeting)
    give(session, actor, clock, meeting.id, Step.RUN, posts=organisers, deadline=meeting.ends_at)
    ask_answers(session, actor, clock, meeting, seats)
    keep_notice(session, actor, clock, meeting, blobs=blobs, font_dir=font_dir)
    doer = keep_act(
        session, actor, meeting.id, at=clock.now(), verb="call", step="通知会议",
        opinion=meeting.quota_waiver, duty=duty, details={"findings": [one.key for one in found]},
    )  # fmt: skip
    outbox.record(
        session,
        actor,
        MeetingCalled(
            meeting_id=meeting.id,
            unit_id=meeting.unit_id,
            title=meeting.title,
            number=meeting.number,
            kind=meeting.kind,
            grade=meeting.grade,
            year=year,
            within_quota=meeting.within_quota,
            quota_waiver=meeting.quota_waiver,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            invited=len(seats),
            doer=doer,
            called_at=clock.now(),
            quota_heads=quota_keys(meeting.kind, comprehensive=meeting.comprehensive),
        ),
        correlation_id=meeting.correlation_id,
    )
    return meeting


def reschedule_meeting(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    reason: str,
    blobs: BlobStore,
    font_dir: str,
) -> Meeting:
    """Give a called meeting another time or place; everybody invited is told, and answers stand.

    Where no place is stated it is the room that is booked for then, else the place stays.
    """
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    meeting_after("reschedule", meeting.state)
    check_times(session, clock, meeting.unit_id, starts_at, ends_at)
    year = starts_at.astimezone(LOCAL_ZONE).year
    if year != meeting.year:
        raise errors.another_year(meeting.year or year, year)
    before = {"starts_at": meeting.starts_at.isoformat(), "place": meeting.place}
    meeting.place = place or find_room_at(session, meeting.id, starts_at) or meeting.place
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.terms = bigrams(meeting.title, meeting.purpose, meeting.place)
    if meeting.reply_by and meeting.reply_by > starts_at:
        meeting.reply_by = starts_at
    meeting.revision += 1
    dated = {Step.RUN: ends_at, Step.ATTEND: starts_at, Step.REPLY: meeting.reply_by or starts_at}
    for step, deadline in dated.items():
        move_deadline(session, actor, clock, subject_id=meeting.id, step_ids=[step.value], deadline=deadline)
    tell_invited(session, actor, clock, meeting)
    keep_notice(session, actor, clock, meeting, blobs=blobs, font_dir=font_dir)
    doer = keep_act(
        session, actor, meeting.id, at=clock.now(), verb="reschedule", step="改期", opinion=reason,
        details=before,
    )  # fmt: skip
    outbox.record(
        session,
        actor,
        MeetingRescheduled(
            meeting_id=meeting.id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=meeting.place,
            doer=doer,
            rescheduled_at=clock.now(),
        ),
        correlation_id=meeting.correlation_id,
    )
    return meeting


def cancel_meeting(session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, reason: str) -> Meeting:
    """Call a meeting off: its topics wait for another one, and it counts against the year's plan no more."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    state, was_called = meeting_after("cancel", meeting.state), meeting.called_at is not None
    meeting.state = state.value
    meeting.cancelled_at, meeting.cancel_reason = clock.now(), reason
    meeting.revision += 1
    if was_called:
        tell_invited(session, actor, clock, meeting)
    close_work(session, actor, clock, subject_id=meeting.id, stopped=True)
    for item in list_agenda(session, meeting.id, states=[AgendaState.PLANNED]):
        if item.topic_id:
            topic = session.get_one(Topic, item.topic_id, with_for_update=True)
            move_topic(session, actor, clock, topic, "unschedule", opinion=reason)
            offer_topic(session, actor, clock, topic)
    doer = keep_act(
        session, actor, meeting.id, at=clock.now(), verb="cancel", step="取消会议", opinion=reason
    )
    if was_called:
        cancelled = MeetingCancelled(
            meeting_id=meeting.id, reason=reason, doer=doer, cancelled_at=clock.now()
        )
        outbox.record(session, actor, cancelled, correlation_id=meeting.correlation_id)
    return meeting


def tell_invited(session: Session, actor: Actor, clock: Clock, meeting: Meeting) -> None:
    """Everybody who was invited, and who stands in, gets a copy of what changed to read."""
    seats = list_invitations(session, meeting.id)
    posts = [post for seat in seats for post in (seat.post_id, seat.stand_in_post_id) if post]
    drop(session, actor, clock, meeting.id, Step.TOLD, posts=posts)
    if posts:
        give(session, actor, clock, meeting.id, Step.TOLD, posts=posts, to_read=True)


def _hold_to_quota(session: Session, meeting: Meeting, waiver: str) -> None:
    full = next((use for use in quota_of(session, meeting) if use.is_full), None)
    meeting.within_quota = full is None
    if full is None:
        meeting.quota_waiver = ""
        return
    if not waiver:
        raise errors.over_quota(full.key, full.used, full.planned or 0, full.year)
    meeting.quota_waiver = waiver
