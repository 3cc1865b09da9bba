"""Reading results: a case's own, what a code leads to, and the key that signs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.models import Case, Result, SealKey
from services.affairs.sealing import fingerprint


def find_seal_key(session: Session) -> SealKey | None:
    """The key that signs now."""
    return session.scalars(sa.select(SealKey).where(SealKey.active)).one_or_none()


def list_seal_keys(session: Session) -> Sequence[SealKey]:
    """Every key that signs or has signed, the newest first."""
    return session.scalars(sa.select(SealKey).order_by(SealKey.made_at.desc(), SealKey.id.desc())).all()


def get_seal_key(session: Session, key_id: UUID) -> SealKey:
    """The key; Problem 404 when there is none."""
    key = session.get(SealKey, key_id)
    if key is None:
        raise errors.seal_key_not_found()
    return key


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
    """What anybody who holds a result may know of it, and nothing else. Problem 404 for an unknown code.

    A refusal holds too (`valid`): it says what was decided, and the fingerprint of the PDF, because a refusal that was
    made into an approval carries its own genuine code.
    """
    row = session.execute(
        sa.select(Result, Case.matter_name, SealKey.certificate)
        .join(Case, Case.id == Result.case_id)
        .join(SealKey, SealKey.id == Result.key_id)
        .where(Result.code == code)
    ).one_or_none()
    if row is None:
        raise errors.result_not_found()
    result, matter_name, certificate = row
    return {
        "number": result.number,
        "matter": matter_name,
        "name": result.name,
        "granted": result.granted,
        "organ": result.unit_name,
        "issued_at": result.issued_at,
        "valid": result.revoked_at is None,
        "revoked_at": result.revoked_at,
        "pdf_sha256": result.digest.removeprefix("sha256:"),
        "certificate_sha256": fingerprint(certificate),
    }
