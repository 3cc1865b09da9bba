"""What a department that is asked for a material may know: the matter, who applies, and what is asked of it.

The case itself (its form, the other materials, the opinions) it does not see by that.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.domain.materials import MaterialRule, Provider
from services.affairs.models import AffairsFile, Case, CaseMaterial
from services.affairs.queries.people import version_of
from services.affairs.queries.visibility import acting_posts, may_see
from shared.auth import Actor
from shared.flow.models import WorkItem


def get_asked(session: Session, actor: Actor, material_id: UUID, *, now: datetime) -> CaseMaterial:
    """A material that a department provides, for whoever was asked for it or sees the case; Problem 404 otherwise."""
    row = session.get(CaseMaterial, material_id)
    if row is None or row.provided_by != Provider.DEPARTMENT:
        raise errors.asked_material_not_found()
    if not (was_asked(session, actor, row.id, now=now) or may_see(session, actor, row.case_id, now=now)):
        raise errors.asked_material_not_found()
    return row


def was_asked(session: Session, actor: Actor, material_id: UUID, *, now: datetime) -> bool:
    """Whether one of the posts that the actor acts in has or had the work of providing it."""
    given = sa.select(WorkItem.id).where(
        WorkItem.subject_id == material_id, WorkItem.post_id.in_(acting_posts(session, actor, now=now))
    )
    return session.scalars(given.limit(1)).first() is not None


def provides_file(session: Session, actor: Actor, file: AffairsFile, *, now: datetime) -> bool:
    """Whether the file is the answer to what the actor's post was asked for."""
    wanted = sa.select(CaseMaterial.id).where(
        CaseMaterial.case_id == file.case_id,
        CaseMaterial.file_id == file.id,
        CaseMaterial.provided_by == Provider.DEPARTMENT.value,
    )
    answered = session.scalars(wanted).first()
    return answered is not None and was_asked(session, actor, answered, now=now)


def show_asked(session: Session, row: CaseMaterial) -> dict[str, Any]:
    """The material as whoever is asked for it sees it."""
    session.flush()
    case = session.get_one(Case, row.case_id)
    rules = (MaterialRule.read(kept) for kept in version_of(session, case).materials)
    rule = next(rule for rule in rules if rule.code == row.code)
    return {
        "id": row.id,
        "title": f"为{case.applicant_unit_name}“{case.matter_name}”出具：{row.name}",
        "case_number": case.number,
        "matter_name": case.matter_name,
        "unit_name": case.unit_name,
        "applicant_unit_name": case.applicant_unit_name,
        "applicant_name": case.applicant_name,
        "name": row.name,
        "note": rule.note,
        "required": row.required,
        "state": row.state,
        "due_at": row.due_at,
        "given_at": row.given_at,
        "given_by_name": row.given_by_name,
        "declined_for": row.check_note,
        "files": _files(session, rule, row),
    }


def _files(session: Session, rule: MaterialRule, row: CaseMaterial) -> list[dict[str, Any]]:
    """The template, and what was given."""
    named = [UUID(rule.template_file_id)] if rule.template_file_id else []
    found = (session.get(AffairsFile, file_id) for file_id in [*named, *filter(None, [row.file_id])])
    return [{"file_id": file.id, "name": file.name, "size": file.size} for file in found if file]
