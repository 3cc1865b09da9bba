"""Holding a meeting: it begins, and ends with every point of its agenda accounted for."""

from collections import Counter
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.additions import refuse_unanswered
from services.meetings.commands.duties import drop, give, organisers_of, settle
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.domain.states import AgendaState, Answer, Attendance, meeting_after
from services.meetings.domain.steps import Step
from services.meetings.errors import agenda as agenda_errors
from services.meetings.local_rules import TIMES
from services.meetings.models import Invitation, Meeting
from services.meetings.queries.meetings import list_agenda, list_invitations, rule
from shared.auth import Actor
from shared.calendar_days import work_calendar
from shared.clock import LOCAL_ZONE, Clock, local_date
from shared.errors import Problem
from shared.events.meetings import MeetingHeld
from shared.messaging import outbox

_END_OF_DAY = time(23, 59, 59)
# What is said of a meeting cannot have happened longer than this before its time.
EARLIEST = timedelta(days=1)
_ANSWERING = (Step.REPLY, Step.NAME, Step.PERMIT)


def begin_meeting(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, at: datetime | None = None
) -> Meeting:
    """The meeting is under way; nobody has to answer its invitation any more."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    state = meeting_after("begin", meeting.state)
    began_at = at or clock.now()
    if began_at > clock.now():
        raise errors.ends_in_future(began_at)
    if began_at < meeting.starts_at - EARLIEST:
        raise errors.not_at_that_time(began_at, meeting.starts_at)
    meeting.state, meeting.began_at = state.value, began_at
    meeting.revision += 1
    drop(session, actor, clock, meeting.id, *_ANSWERING)
    keep_act(session, actor, meeting.id, at=clock.now(), verb="begin", step="开始会议")
    return meeting


def end_meeting(
    session: Session, actor: Actor, clock: Clock, *, meeting_id: UUID, at: datetime | None = None
) -> Meeting:
    """The meeting is over: who did not come had leave or was absent, and its minutes are to be drafted."""
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    state = meeting_after("end", meeting.state)
    began_at, ended_at = meeting.began_at or meeting.starts_at, at or clock.now()
    if ended_at > clock.now():
        raise errors.ends_in_future(ended_at)
    if ended_at <= began_at:
        raise errors.ends_before_it_begins(began_at, ended_at)
    if left := list_agenda(session, meeting.id, states=[AgendaState.PLANNED]):
        raise agenda_errors.agenda_unfinished([item.title for item in left])
    meeting.state, meeting.ended_at = state.value, ended_at
    meeting.revision += 1
    refuse_unanswered(session, actor, clock, meeting, why="会议结束前未审定")
    seats = list_invitations(session, meeting.id)
    for seat in seats:
        if not seat.attendance:
            seat.attendance = _missing(seat).value
    duty = settle(session, actor, clock, meeting.id, Step.RUN)
    drop(session, actor, clock, meeting.id, Step.ATTEND)
    days = rule(session, TIMES, meeting.unit_id, local_date(ended_at))["minutes_days"]
    give(
        session, actor, clock, meeting.id, Step.MINUTES, posts=organisers_of(session, meeting),
        deadline=working_deadline(session, meeting.unit_id, ended_at, days),
    )  # fmt: skip
    keep_act(session, actor, meeting.id, at=clock.now(), verb="end", step="结束会议", duty=duty)
    held = _held(meeting, seats, began_at, ended_at)
    outbox.record(session, actor, held, correlation_id=meeting.correlation_id)
    return meeting


def working_deadline(session: Session, unit_id: UUID, since: datetime, days: int) -> datetime | None:
    """The end of the day on which so many working days are over; none when that year's calendar is not known."""
    start = local_date(since)
    try:
        day = work_calendar(session, unit_id=unit_id, since=start).add_working_days(start, days)
    except Problem:
        return None
    return datetime.combine(day, _END_OF_DAY, LOCAL_ZONE)


def _missing(seat: Invitation) -> Attendance:
    return Attendance.EXCUSED if seat.state == Answer.EXCUSED else Attendance.ABSENT


def _held(meeting: Meeting, seats: list[Invitation], began_at: datetime, ended_at: datetime) -> MeetingHeld:
    counts = Counter(seat.attendance for seat in seats)
    return MeetingHeld(
        meeting_id=meeting.id,
        unit_id=meeting.unit_id,
        began_at=began_at,
        ended_at=ended_at,
        invited=len(seats),
        present=counts[Attendance.PRESENT] + counts[Attendance.LATE],
        late=counts[Attendance.LATE],
        stand_ins=sum(seat.stood_in for seat in seats),
        excused=counts[Attendance.EXCUSED],
        absent=counts[Attendance.ABSENT],
    )
