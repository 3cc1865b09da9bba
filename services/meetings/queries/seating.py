"""Reading seat plans: who is to be placed, in which order, and where they sit."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.meetings.domain.seating import LAYOUT_LABELS, Layout, Shape, seats_of
from services.meetings.domain.states import Answer
from services.meetings.errors import sign_in as sign_in_errors
from services.meetings.models import Invitation, Meeting, SeatPlan, SeatTaken
from services.meetings.queries.meetings import list_invitations
from shared.directory import list_posts


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to be placed: `occupant_id` is the invitation, or the chair's post."""

    occupant_id: UUID
    name: str
    title: str
    unit_name: str
    role: str


def list_people(session: Session, meeting: Meeting) -> list[Person]:
    """Everybody who needs a seat in order of precedence: without those who have leave, stand-ins for whom they are."""
    seats = [seat for seat in list_invitations(session, meeting.id) if seat.state != Answer.EXCUSED]
    named_posts = {seat.id: seat.post_id for seat in seats if seat.post_id}
    # In the order of the directory: units by their position, posts within a unit by theirs.
    cards = list_posts(session, [*named_posts.values(), meeting.chair_post_id])
    order = {post_id: number for number, post_id in enumerate(cards)}
    last = len(order)
    rank = {seat_id: order.get(post_id, last) for seat_id, post_id in named_posts.items()}
    seats.sort(key=lambda seat: (seat.role != "attendee", rank.get(seat.id, last), seat.position))
    people = [_person(seat) for seat in seats]
    presiding = next(
        (number for number, seat in enumerate(seats) if seat.post_id == meeting.chair_post_id), None
    )
    if presiding is not None:
        return [people[presiding], *people[:presiding], *people[presiding + 1 :]]
    chair = cards.get(meeting.chair_post_id)
    if chair is None:
        return people
    named = Person(
        occupant_id=meeting.chair_post_id,
        name="、".join(chair.holders),
        title=chair.title,
        unit_name=chair.unit_name,
        role="chair",
    )
    return [named, *people]


def get_plan(session: Session, meeting: Meeting) -> SeatPlan:
    """The seat plan; Problem 404 when there is none yet."""
    plan = session.get(SeatPlan, meeting.id)
    if plan is None:
        raise sign_in_errors.seat_plan_not_found(meeting.title)
    return plan


def shape_of(plan: SeatPlan) -> Shape:
    """How the room is laid out."""
    return Shape(layout=Layout(plan.layout), **plan.settings)


def list_taken(session: Session, meeting_id: UUID) -> list[SeatTaken]:
    """Which seats are taken."""
    return list(session.scalars(sa.select(SeatTaken).where(SeatTaken.meeting_id == meeting_id)))


def show_plan(session: Session, meeting: Meeting, plan: SeatPlan) -> dict[str, Any]:
    """The plan with every seat and whoever sits there, and who has none: those invited after it was made."""
    people = {person.occupant_id: person for person in list_people(session, meeting)}
    taken = {one.seat: one for one in list_taken(session, meeting.id) if one.occupant_id in people}
    seats = []
    for seat in seats_of(shape_of(plan)):
        one = taken.get(seat.name)
        person = people[one.occupant_id] if one else None
        seats.append(
            {
                "seat": seat.name,
                "x": seat.x,
                "y": seat.y,
                "occupant_id": person.occupant_id if person else None,
                "name": person.name if person else "",
                "title": person.title if person else "",
                "unit_name": person.unit_name if person else "",
                "by_hand": bool(one and one.by_hand),
            }
        )
    placed = {one.occupant_id for one in taken.values()}
    return {
        "meeting_id": meeting.id,
        "layout": plan.layout,
        "layout_label": LAYOUT_LABELS[plan.layout],
        **plan.settings,
        "seats": seats,
        "unplaced": [_shown(person) for person in people.values() if person.occupant_id not in placed],
        "revision": plan.revision,
    }


def _shown(person: Person) -> dict[str, Any]:
    return {
        "occupant_id": person.occupant_id,
        "name": person.name,
        "title": person.title,
        "unit_name": person.unit_name,
    }


def _person(seat: Invitation) -> Person:
    stands_in = seat.state == Answer.STAND_IN
    return Person(
        occupant_id=seat.id,
        name=seat.stand_in_name if stands_in else seat.person_name,
        title=seat.stand_in_title if stands_in else seat.post_title,
        unit_name=(seat.stand_in_unit_name or seat.unit_name) if stands_in else seat.unit_name,
        role=seat.role,
    )
