"""The elements of a draft as they are kept: known units with their names, and nothing that has a column of its own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.documents import errors
from shared.directory import DirectoryUnit, list_units
from shared.directory.looking import unit_unknown

# Elements that are kept together and not searched by; the rest have columns of their own.
_KEPT = (
    "mark",
    "secrecy",
    "signatories",
    "note",
    "contact",
    "present",
    "excused",
    "observing",
    "importance",
    "subject_class",
)
_ADDRESSED = ("recipients", "copies")


def kept_elements(session: Session, given: Mapping[str, Any], *, organ: DirectoryUnit) -> dict[str, Any]:
    """The named elements in the form in which they are kept; Problem 422 for a unit that is not in the directory."""
    kept = {name: given[name] for name in _KEPT if name in given}
    for name in _ADDRESSED:
        if name in given:
            kept[name] = _named(session, given[name])
    if "co_issuers" in given:
        others = [{"unit_id": unit_id} for unit_id in given["co_issuers"] if unit_id != organ.id]
        kept["co_issuers"] = [
            {"unit_id": to["unit_id"], "name": to["name"]} for to in _named(session, others)
        ]
    return kept


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a person stated, as JSON keeps it."""
    return {
        name: [str(item) for item in value] if isinstance(value, list) else value
        for name, value in facts.items()
    }


def check_issuing_code(code: str | None, organ: DirectoryUnit) -> None:
    """Refuse a code under which the organ does not issue (422)."""
    if code and code not in organ.issuing_codes:
        raise errors.issuing_code_unknown(code, organ.issuing_codes)


def _named(session: Session, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Units with the names that they have now, each once."""
    units = list_units(session, {to["unit_id"] for to in given})
    named: dict[UUID, dict[str, Any]] = {}
    for to in given:
        unit = units.get(to["unit_id"])
        if unit is None or not unit.active:
            raise unit_unknown(to["unit_id"])
        named[unit.id] = {"unit_id": str(unit.id), "name": unit.name, "leader": to.get("leader", False)}
    return list(named.values())
