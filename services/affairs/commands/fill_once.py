"""Applying without being asked for what the suite holds (一次填报): it is taken over, with where it came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs import errors
from services.affairs.commands.apply import apply_case
from services.affairs.commands.departments import ask_departments
from services.affairs.commands.desk import Desk
from services.affairs.domain.materials import MaterialRule, MaterialSource, MaterialState, Provider
from services.affairs.domain.prefill import Held, completed_form, repeated_faults
from services.affairs.errors import matters as matter_errors
from services.affairs.models import AffairsFile, CaseField, CaseMaterial, MatterVersion
from services.affairs.queries.applicants import applicant_of
from services.affairs.queries.holdings import Holding, find_holding, list_holdings
from services.affairs.queries.known import Applicant, held_fields
from services.affairs.queries.matters import find_in_force, get_matter
from services.affairs.queries.visibility import is_window_of
from shared.auth import Actor
from shared.clock import Clock
from shared.events.affairs import Channel
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What another case of the same bundle was given: fields by name, and files by the code of the material here."""

    application_id: UUID
    fields: Collection[str] = ()
    files: Mapping[str, AffairsFile] = field(default_factory=dict)

    title = "一件事共享"


_SOURCES = {"unit": "unit", "person": "person", "result": "case", "earlier": "case"}


def apply_reusing(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    application: Mapping[str, Any],
    shared: Shared | None = None,
) -> Desk:
    """Apply for a matter; what the suite holds is put in, and what departments provide is asked of them.

    A material may name what is to be reused (`reuse`: kind and id); where none is named and something fits, the newest
    that is still valid is taken. Raises as `apply_case`, and for a field answered otherwise than the suite holds it.
    """
    matter = get_matter(session, application["matter_id"])
    version = find_in_force(session, matter, clock.today())
    if version is None:
        raise matter_errors.not_in_force(matter.code, clock.today())
    # Before anything is looked up: what is held of the applicant is for its own window alone, or the intake's of the
    # bundle, which is what made `shared`.
    at_own_window = shared is not None or is_window_of(session, actor, matter.unit_id)
    if application.get("channel") == Channel.WINDOW and not at_own_window:
        raise errors.not_at_window(matter.unit_name)
    applicant = applicant_of(session, actor, application)
    held = held_fields(session, applicant, version)
    if faults := repeated_faults(application["form"], held):
        raise errors.application_invalid(faults)
    form, taken = completed_form(application["form"], held)
    chosen = _choose(session, clock, applicant, version, application, shared=shared)
    reused = {code: _reused(session, actor, clock, version, code, one) for code, one in chosen.items()}
    fields = {name: _field(name, fact) for name, fact in taken.items()}
    if shared is not None:
        fields = {**{name: _shared_field(name, shared) for name in shared.fields if name in form}, **fields}
        reused |= {code: _shared_file(session, actor, clock, shared, code) for code in shared.files}
    asked = [
        {name: value for name, value in offer.items() if name != "reuse"}
        for offer in application["materials"]
        if offer["code"] not in reused
    ]
    desk = apply_case(
        session,
        actor,
        clock,
        application={**application, "form": form, "materials": asked},
        bundle_id=shared.application_id if shared else None,
        reused=fields,
        reused_materials={code: material for code, (material, _) in reused.items()},
    )
    for _, file in reused.values():
        file.case_id = desk.case.id
    session.flush()
    ask_departments(desk)
    return desk


def _choose(
    session: Session,
    clock: Clock,
    applicant: Applicant,
    version: MatterVersion,
    application: Mapping[str, Any],
    *,
    shared: Shared | None,
) -> dict[str, Holding]:
    """What is taken for which material: what the applicant named, else the first that is offered."""
    offers = {offer["code"]: offer for offer in application["materials"]}
    today = clock.today()
    offered = list_holdings(session, applicant, version, today=today)
    chosen: dict[str, Holding] = {}
    for rule in (MaterialRule.read(kept) for kept in version.materials):
        if shared is not None and rule.code in shared.files:
            continue
        offer = offers.get(rule.code, {})
        if reuse := offer.get("reuse"):
            one = find_holding(
                session, applicant, version, rule, kind=reuse["kind"], holding_id=reuse["id"], today=today
            )
            if one is None:
                fault = f"“{rule.name}”没有可以复用的这份材料，或已过有效期"
                raise errors.application_invalid({f"materials.{rule.code}": [fault]})
            chosen[rule.code] = one
        elif offer.get("file_id") is None and not offer.get("declared") and (one := _first(rule, offered)):
            chosen[rule.code] = one
    return chosen


def _first(rule: MaterialRule, offered: Mapping[str, list[Holding]]) -> Holding | None:
    """A document is only taken when the applicant says so: its title alone does not tell what it proves."""
    fitting = (one for one in offered.get(rule.code, []) if one.kind != "document")
    return next(fitting, None)


def _field(name: str, fact: Held) -> CaseField:
    return CaseField(
        name=name,
        source=_SOURCES[fact.source.partition(".")[0]],
        source_id=fact.ref_id,
        source_title=fact.origin,
    )


def _shared_field(name: str, shared: Shared) -> CaseField:
    return CaseField(name=name, source="bundle", source_id=shared.application_id, source_title=shared.title)


def _shared_file(
    session: Session, actor: Actor, clock: Clock, shared: Shared, code: str
) -> tuple[CaseMaterial, AffairsFile]:
    file = copy_of(session, actor, clock, shared.files[code])
    material = CaseMaterial(
        state=MaterialState.PRESENT.value,
        source=MaterialSource.REUSED.value,
        source_id=shared.application_id,
        source_title=shared.title,
        file_id=file.id,
        given_at=clock.now(),
        given_by_name=actor.person_name,
    )
    return material, file


def copy_of(session: Session, actor: Actor, clock: Clock, file: AffairsFile) -> AffairsFile:
    """Another file on the same content: each case has its own."""
    copied = AffairsFile(
        id=new_id(),
        digest=file.digest,
        size=file.size,
        media_type=file.media_type,
        name=file.name,
        uploaded_at=clock.now(),
        uploaded_by_person_id=actor.person_id,
        uploaded_by_name=actor.person_name,
    )
    session.add(copied)
    session.flush()
    return copied


def _reused(
    session: Session, actor: Actor, clock: Clock, version: MatterVersion, code: str, one: Holding
) -> tuple[CaseMaterial, AffairsFile]:
    """The material as the case keeps it, with a file of its own on the same content."""
    rules = (MaterialRule.read(kept) for kept in version.materials)
    rule = next(rule for rule in rules if rule.code == code)
    file = AffairsFile(
        id=new_id(),
        digest=one.digest,
        size=one.size,
        media_type=one.media_type,
        name=one.name,
        uploaded_at=clock.now(),
        uploaded_by_person_id=actor.person_id,
        uploaded_by_name="系统（复用已有材料）",
    )
    session.add(file)
    session.flush()
    by_system = rule.provided_by is Provider.SYSTEM
    material = CaseMaterial(
        state=MaterialState.PRESENT.value,
        source=(MaterialSource.SYSTEM if by_system else MaterialSource.REUSED).value,
        source_id=one.id,
        source_title=one.title,
        file_id=file.id,
        # Handed in anew it is as old as it was: otherwise it would never be too old.
        given_at=one.given_at,
        given_by_name="系统",
        valid_until=one.valid_until,
    )
    return material, file
