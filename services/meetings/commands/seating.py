"""Placing people: a layout, seats by precedence or by hand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings import errors
from services.meetings.commands.history import keep_act
from services.meetings.commands.planning import lock_as_organiser
from services.meetings.domain.seating import LAYOUT_LABELS, Shape, assign, seats_of
from services.meetings.domain.states import MEETING_LABELS, MeetingState
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import Meeting, SeatPlan, SeatTaken
from services.meetings.queries.seating import get_plan, list_people, list_taken, shape_of
from shared.auth import Actor
from shared.clock import Clock

_PLACING = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.UNDER_WAY)


def arrange_seats(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    shape: Mapping[str, Any],
    keep_by_hand: bool,
    expected_revision: int | None,
) -> SeatPlan:
    """Lay the room out, and give everybody a seat by precedence; with `keep_by_hand` those set by hand stay.

    Precedence: the chair, then attendees, then observers, each by the order of their posts in the directory.
    """
    meeting = _lock(session, actor, clock, meeting_id)
    plan = session.get(SeatPlan, meeting.id)
    if plan and expected_revision not in (None, plan.revision):
        raise sign_in_errors.seat_plan_changed()
    laid_out = Shape(**shape)
    seats = seats_of(laid_out)
    people = list_people(session, meeting)
    if len(people) > len(seats):
        raise sign_in_errors.seats_too_few(len(seats), len(people))
    fixed = {}
    if plan and keep_by_hand:
        names = {seat.name for seat in seats}
        by_hand = [one for one in list_taken(session, meeting.id) if one.by_hand and one.seat in names]
        fixed = {str(one.occupant_id): one.seat for one in by_hand}
    taken = assign(seats, [str(person.occupant_id) for person in people], fixed)
    settings = {"head": laid_out.head, "rows": laid_out.rows, "per_row": laid_out.per_row}
    if plan is None:
        plan = SeatPlan(meeting_id=meeting.id, revision=0)
        session.add(plan)
    plan.layout, plan.settings = laid_out.layout.value, settings
    plan.made_at, plan.made_by_name = clock.now(), actor.person_name
    plan.revision = plan.revision + 1
    session.flush()
    session.execute(sa.delete(SeatTaken).where(SeatTaken.meeting_id == meeting.id))
    session.add_all(
        SeatTaken(meeting_id=meeting.id, occupant_id=UUID(who), seat=seat, by_hand=who in fixed)
        for who, seat in taken.items()
    )
    session.flush()
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="arrange_seats", step="排座次",
        outcome=LAYOUT_LABELS[plan.layout],
    )  # fmt: skip
    return plan


def take_seat(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    meeting_id: UUID,
    occupant_id: UUID,
    seat: str,
    expected_revision: int | None,
) -> SeatPlan:
    """Give somebody a seat by hand; whoever sits there takes the other's."""
    meeting = _lock(session, actor, clock, meeting_id)
    plan = get_plan(session, meeting)
    if expected_revision not in (None, plan.revision):
        raise sign_in_errors.seat_plan_changed()
    if seat not in {one.name for one in seats_of(shape_of(plan))}:
        raise sign_in_errors.seat_unknown(seat)
    if occupant_id not in {person.occupant_id for person in list_people(session, meeting)}:
        raise sign_in_errors.occupant_unknown(occupant_id)
    taken = list_taken(session, meeting.id)
    own = next((one for one in taken if one.occupant_id == occupant_id), None)
    there = next((one for one in taken if one.seat == seat and one.occupant_id != occupant_id), None)
    if there and own:
        there.seat, there.by_hand = own.seat, True
    elif there:
        session.delete(there)
    if own:
        own.seat, own.by_hand = seat, True
    else:
        session.add(SeatTaken(meeting_id=meeting.id, occupant_id=occupant_id, seat=seat, by_hand=True))
    plan.revision += 1
    session.flush()
    keep_act(
        session, actor, meeting.id, at=clock.now(), verb="take_seat", step="调整座次", outcome=seat,
        details={"occupant": str(occupant_id)},
    )  # fmt: skip
    return plan


def _lock(session: Session, actor: Actor, clock: Clock, meeting_id: UUID) -> Meeting:
    meeting = lock_as_organiser(session, actor, clock, meeting_id)
    if meeting.state not in _PLACING:
        raise errors.act_not_possible("会议", "排座次", MEETING_LABELS[meeting.state])
    return meeting
