"""What the suite holds already of an applicant (一次填报): facts, results, earlier answers; contents are in `holdings`.

What belongs to a person is offered to that person alone; what belongs to a unit to whoever applies for it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.prefill import Held, Source, directory_label, read_source, sources_of
from services.affairs.models import Case, Matter, MatterVersion, Result
from shared.clock import local_date
from shared.directory import PostCard, get_organ
from shared.permissions import Permission

MOST_LOOKED_AT = 200
_FOR_PERSONS = "person"


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who applies: the post, its organ, and the person (none for a vacant post)."""

    post: PostCard
    organ_id: UUID
    person_id: UUID | None
    person_name: str

    @property
    def sees_documents(self) -> bool:
        """Whether the post sees every document of its organ, as `documents` has it: others learn of none here."""
        return Permission.DOCUMENTS_REGISTRY in self.post.permissions


def held_fields(session: Session, applicant: Applicant, version: MatterVersion) -> dict[str, Held]:
    """The fields of a matter's form whose value the suite holds, by name."""
    found: dict[str, Held] = {}
    for name, text in sources_of(version.form).items():
        source = read_source(text)
        held = _FINDERS[source.kind](session, applicant, version, source) if source else None
        if held is not None:
            found[name] = held
    return found


def _directory(session: Session, applicant: Applicant, _: MatterVersion, source: Source) -> Held | None:
    organ = get_organ(session, applicant.post.unit_id)
    facts: dict[str, Any] = {
        "unit.name": organ.name,
        "unit.short_name": organ.short_name,
        "unit.code": organ.code,
        "unit.uscc": organ.credit_code,
        "unit.division_code": organ.division_code,
        "unit.level": organ.level,
        "person.name": applicant.person_name,
        "person.post": applicant.post.title,
        "person.unit": applicant.post.unit_name,
    }
    value = facts[source.field]
    if not value:
        return None
    of_unit = source.field.startswith("unit.")
    origin = f"机构人员目录·{directory_label(source.field)}"
    return Held(
        source=source.field,
        value=value,
        origin=origin,
        ref_id=organ.id if of_unit else applicant.person_id,
    )


def _result(session: Session, applicant: Applicant, version: MatterVersion, source: Source) -> Held | None:
    newest = (
        sa.select(Result, Case)
        .join(Case, Case.id == Result.case_id)
        .join(Matter, Matter.id == Case.matter_id)
        .where(Matter.code == source.matter, Result.granted, Result.revoked_at.is_(None))
        .where(is_own(applicant, version))
        .order_by(Result.issued_at.desc())
        .limit(1)
    )
    row = session.execute(newest).first()
    if row is None:
        return None
    result, case = row
    value = _of_result(result, case, source.field)
    if value in (None, ""):
        return None
    return Held(
        source=f"result.{source.matter}.{source.field}",
        value=value,
        origin=f"办理结果 {result.number}",
        ref_id=case.id,
    )


def _of_result(result: Result, case: Case, name: str) -> Any:
    if name == "number":
        return result.number
    if name == "issued_on":
        return local_date(result.issued_at).isoformat()
    return case.form.get(name.removeprefix("form."))


def _earlier(session: Session, applicant: Applicant, version: MatterVersion, source: Source) -> Held | None:
    # Ids are in order of time, and whoever never answered it is not looked through to the first case.
    own = sa.select(Case.id).where(is_own(applicant, version)).order_by(Case.id.desc()).limit(MOST_LOOKED_AT)
    newest = (
        sa.select(Case)
        .where(Case.id.in_(own), Case.form.has_key(source.field))
        .order_by(Case.id.desc())
        .limit(1)
    )
    case = session.scalars(newest).first()
    if case is None or case.form[source.field] in (None, "", [], {}):
        return None
    return Held(
        source=f"earlier.{source.field}",
        value=case.form[source.field],
        origin=f"办件 {case.number} 曾填写",
        is_offer=True,
        ref_id=case.id,
    )


_FINDERS = {"directory": _directory, "result": _result, "earlier": _earlier}


def is_own(applicant: Applicant, version: MatterVersion) -> sa.ColumnElement[bool]:
    """Whose earlier cases count: the person's own, and for a matter of units also what the organ applied for."""
    own = Case.applicant_person_id == applicant.person_id if applicant.person_id else sa.false()
    if _FOR_PERSONS in version.applicants:
        return sa.and_(Case.applicant_unit_id == applicant.organ_id, own)
    of_units = sa.exists().where(
        MatterVersion.matter_id == Case.matter_id,
        MatterVersion.number == Case.matter_version,
        sa.not_(MatterVersion.applicants.contains([_FOR_PERSONS])),
    )
    return sa.and_(Case.applicant_unit_id == applicant.organ_id, sa.or_(own, of_units))
