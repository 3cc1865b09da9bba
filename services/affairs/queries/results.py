"""Reading results: a case's own, what a code leads to, and the key that signs."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.models import Case, Result, SealKey


def find_seal_key(session: Session) -> SealKey | None:
    """The key that signs now."""
    return session.scalars(sa.select(SealKey).where(SealKey.active)).one_or_none()


def find_result(session: Session, case_id: UUID) -> Result | None:
    """The result of a case."""
    return session.scalars(sa.select(Result).where(Result.case_id == case_id)).one_or_none()


def get_result(session: Session, case: Case) -> Result:
    """The same; Problem 404 when there is none."""
    result = find_result(session, case.id)
    if result is None:
        raise errors.result_not_found()
    return result


def verify_result(session: Session, code: str) -> dict[str, Any]:
    """What anybody who holds a result may know of it, and nothing else. Problem 404 for an unknown code."""
    row = session.execute(
        sa.select(Result, Case.matter_name).join(Case, Case.id == Result.case_id).where(Result.code == code)
    ).one_or_none()
    if row is None:
        raise errors.result_not_found()
    result, matter_name = row
    return {
        "number": result.number,
        "matter": matter_name,
        "organ": result.unit_name,
        "issued_at": result.issued_at,
        "valid": result.revoked_at is None,
        "revoked_at": result.revoked_at,
    }
