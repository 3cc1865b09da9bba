"""Delivering the result (送达), and rating how the case was handled (好差评)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.desk import Desk, open_desk
from services.affairs.commands.trips import FOR_RESULT, add_trip
from services.affairs.domain.states import CaseVerb
from services.affairs.domain.steps import DutyStep
from services.affairs.local_rules import RATING
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import CaseDelivered


def deliver_online(desk: Desk) -> None:
    """The result is where the applicant reads it."""
    _deliver(desk, online=True, opinion="")


def deliver_result(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    in_person: bool,
    opinion: str = "",
) -> Desk:
    """The window hands the result over; who came for it made a trip."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.fulfil(DutyStep.DELIVER, opinion=opinion)
    if in_person:
        add_trip(desk, reason=FOR_RESULT)
    _deliver(desk, online=False, opinion=opinion)
    return desk


def _deliver(desk: Desk, *, online: bool, opinion: str) -> None:
    case = desk.case
    desk.move(CaseVerb.DELIVER)
    case.delivered_at = desk.now
    case.delivered_online = online
    case.rate_by = desk.days_ahead_if_known(RATING)
    desk.give(DutyStep.RATE, [case.applicant_post_id], deadline=case.rate_by)
    desk.note(CaseVerb.DELIVER, outcome="网上送达" if online else "窗口送达", opinion=opinion)
    desk.tell(CaseDelivered(case_id=case.id, online=online, delivered_at=desk.now))
