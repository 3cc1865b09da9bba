"""The form of a matter as an applicant gets it: with what the suite holds, and what may be handed in again."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.affairs.domain.materials import MaterialRule, Provider
from services.affairs.domain.prefill import served_form
from services.affairs.errors import matters as errors
from services.affairs.queries.holdings import list_holdings
from services.affairs.queries.known import Applicant, held_fields
from services.affairs.queries.matters import find_in_force, get_matter
from shared.clock import Clock
from shared.directory import find_unit


def show_prefilled(
    session: Session, applicant: Applicant, clock: Clock, *, matter_id: UUID
) -> dict[str, Any]:
    """The served form, what is held, the materials with what may be reused, and how much is left to ask."""
    matter = get_matter(session, matter_id)
    today = clock.today()
    version = find_in_force(session, matter, today)
    if version is None:
        raise errors.not_in_force(matter.code, today)
    held = held_fields(session, applicant, version)
    offers = list_holdings(session, applicant, version, today=today)
    rules = [MaterialRule.read(kept) for kept in version.materials]
    materials = [_offered(session, rule, offers.get(rule.code, [])) for rule in rules]
    fields = version.form.get("properties", {})
    return {
        "matter_id": matter.id,
        "version": version.number,
        "form": served_form(version.form, held),
        "held": [
            {
                "field": name,
                "value": fact.value,
                "source": fact.source,
                "origin": fact.origin,
                "may_change": fact.is_offer,
            }
            for name, fact in held.items()
        ],
        "materials": materials,
        "fields_asked": len(fields) - len(held),
        "fields_reused": len(held),
        "materials_asked": sum(material["asked"] for material in materials),
        "materials_reused": sum(_fits(material["offers"]) for material in materials),
    }


def _offered(session: Session, rule: MaterialRule, offers: list[Any]) -> dict[str, Any]:
    department = find_unit(session, UUID(rule.department_unit_id)) if rule.department_unit_id else None
    return {
        "code": rule.code,
        "name": rule.name,
        "provided_by": rule.provided_by.value,
        "department_name": department.name if department else "",
        "asked": rule.provided_by is not Provider.DEPARTMENT and not _fits(offers),
        "required": rule.required,
        "may_defer": rule.may_defer,
        "may_declare": rule.may_declare,
        "offers": offers,
    }


def _fits(offers: list[Any]) -> bool:
    """Whether one of them is taken by itself: a document is only when the applicant says so."""
    return any(one.kind != "document" for one in offers)
