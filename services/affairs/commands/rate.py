"""Rating (好差评), and concluding a case when nothing is left to do about it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.desk import Desk, open_desk
from services.affairs.commands.record import keep_record
from services.affairs.domain.materials import MaterialState
from services.affairs.domain.states import CaseVerb
from services.affairs.domain.steps import DutyStep
from services.affairs.means import Means
from services.affairs.models import CaseMaterial
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import CaseConcluded, CaseOutcome, CaseRated
from shared.flow.models import ItemStatus, WorkItem

_OF_APPLICANT = (DutyStep.COMPLETE, DutyStep.SUPPLY, DutyStep.RATE)
UNSETTLED = (MaterialState.DEFERRED.value, MaterialState.DECLARED.value)


def rate_case(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    case_id: UUID,
    means: Means,
    score: int,
    comment: str = "",
) -> Desk:
    """The applicant says how the case was handled, from 1 to 5; then it is concluded unless something is owed."""
    desk = open_desk(session, actor, clock, case_id=case_id)
    _refuse_handler(desk)
    desk.move(CaseVerb.RATE)
    desk.fulfil(DutyStep.RATE, outcome=str(score), label=f"{score}分", opinion=comment)
    case = desk.case
    case.score, case.comment, case.rated_at = score, comment, desk.now
    desk.note(CaseVerb.RATE, outcome=f"{score}分", opinion=comment)
    desk.tell(CaseRated(case_id=case.id, score=score, comment=comment, rated_at=desk.now))
    if not owes_anything(desk):
        conclude_case(desk, means=means)
    return desk


def _refuse_handler(desk: Desk) -> None:
    """A deputy may rate for the applicant, but not whoever had a part in handling the case."""
    done = sa.select(WorkItem.id).where(
        WorkItem.subject_id == desk.case.id,
        WorkItem.acted_person_id == desk.actor.person_id,
        WorkItem.status == ItemStatus.DONE,
        WorkItem.step_id.not_in([step.value for step in _OF_APPLICANT]),
    )
    if desk.session.scalars(done.limit(1)).first() is not None:
        raise errors.rated_by_handler(desk.case.number)


def owes_anything(desk: Desk) -> bool:
    """Whether materials are still owed for a result that was granted, or a declaration is still to be checked."""
    if desk.case.outcome != CaseOutcome.GRANTED:
        return False
    owed = sa.select(CaseMaterial.id).where(
        CaseMaterial.case_id == desk.case.id, CaseMaterial.state.in_(UNSETTLED)
    )
    desk.session.flush()
    return desk.session.scalars(owed.limit(1)).first() is not None


def conclude_case(desk: Desk, *, means: Means) -> None:
    """Close the case for good: its record is set, and the archives are told."""
    desk.move(CaseVerb.CONCLUDE)
    desk.end_work()
    hand_over(desk, means=means)


def hand_over(desk: Desk, *, means: Means) -> None:
    """Keep the record and everything that belongs to the case, and tell that it is due for filing."""
    case = desk.case
    case.ended_at = desk.now
    desk.note(CaseVerb.CONCLUDE)
    desk.session.flush()
    dossier = keep_record(desk, means=means)
    desk.tell(
        CaseConcluded(
            case_id=case.id,
            unit_id=case.unit_id,
            title=case.title,
            number=case.number,
            trips=case.trips,
            online=case.channel != "window" and bool(case.delivered_online),
            score=case.score,
            dossier=dossier,
            concluded_at=desk.now,
        )
    )
