"""Trips (跑动次数): recorded because somebody came, with the reason, never declared."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.desk import Desk, open_desk
from services.affairs.domain.states import CaseVerb
from services.affairs.models import Trip
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import CaseTripMade
from shared.ids import new_id

AT_WINDOW = "到窗口申请"
FOR_RESULT = "到窗口领取结果"


def note_trip(session: Session, actor: Actor, clock: Clock, *, case_id: UUID, reason: str) -> Desk:
    """The window notes that somebody had to come, and why."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_window()
    desk.require_open(CaseVerb.TRIP)
    add_trip(desk, reason=reason)
    session.flush()
    return desk


def add_trip(desk: Desk, *, reason: str) -> None:
    """One more trip of a case."""
    desk.case.trips += 1
    desk.session.add(
        Trip(
            id=new_id(),
            case_id=desk.case.id,
            at=desk.now,
            reason=reason,
            noted_by_name=desk.actor.person_name,
        )
    )
    desk.note(CaseVerb.TRIP, opinion=reason)
    desk.tell(CaseTripMade(case_id=desk.case.id, trips=desk.case.trips, reason=reason, made_at=desk.now))
