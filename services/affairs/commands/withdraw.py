"""Withdrawing an application before it is decided (撤回申请)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.commands.decide import close_withdrawn
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.commands.rate import hand_over
from services.affairs.domain.states import CaseVerb
from services.affairs.means import Means
from shared.auth import Actor
from shared.clock import Clock


def withdraw_case(
    session: Session, actor: Actor, clock: Clock, *, case_id: UUID, reason: str, means: Means
) -> Desk:
    """The applicant takes the application back; what was accepted already is filed, the rest just ends."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    desk.require_applicant()
    desk.move(CaseVerb.WITHDRAW_CASE)
    desk.end_work(stopped=True)
    case = desk.case
    case.reason = reason
    case.ended_at = desk.now
    close_withdrawn(desk)
    desk.note(CaseVerb.WITHDRAW_CASE, opinion=reason)
    if case.accepted_at is not None:
        hand_over(desk, means=means)
    return desk
