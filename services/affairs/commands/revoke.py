"""Revoking a result (撤销): owed materials never came, or a declaration was false. Its QR says so from then on."""

from services.affairs.commands.desk import Desk
from services.affairs.domain.materials import MaterialState
from services.affairs.domain.states import CaseVerb
from services.affairs.models import BrokenPromise, CaseMaterial
from services.affairs.queries.results import find_result
from shared.events.affairs import ResultRevoked
from shared.ids import new_id


def break_promise(desk: Desk, row: CaseMaterial, *, note: str) -> None:
    """Put a broken promise on record against the applicant, and revoke what was granted on it."""
    kind = "declared" if row.state == MaterialState.FALSE else "deferred"
    desk.session.add(
        BrokenPromise(
            id=new_id(),
            unit_id=desk.case.applicant_unit_id,
            case_id=desk.case.id,
            material_id=row.id,
            kind=kind,
            note=note,
            at=desk.now,
        )
    )
    revoke_result(desk, reason=note)


def revoke_result(desk: Desk, *, reason: str) -> None:
    """The result holds no longer; nothing happens when there is none, or when it was revoked before."""
    result = find_result(desk.session, desk.case.id)
    if result is None or result.revoked_at is not None:
        return
    result.revoked_at, result.revoke_reason = desk.now, reason
    desk.note(CaseVerb.REVOKE, outcome=result.number, opinion=reason)
    desk.tell(
        ResultRevoked(
            result_id=result.id,
            case_id=desk.case.id,
            number=result.number,
            reason=reason,
            revoked_at=desk.now,
        )
    )
    desk.session.flush()
