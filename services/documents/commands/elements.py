"""The elements of a draft as they are kept: known units with their names, and nothing that has a column of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.documents import errors
from shared.directory import DirectoryUnit
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
_DAYS = ("answer_by", "passed_on")
_ADDRESSED = ("recipients", "copies")


def units_named(given: Mapping[str, Any]) -> set[UUID]:
    """The units that a draft is addressed to or issued with."""
    addressed = {to["unit_id"] for name in _ADDRESSED for to in given.get(name, ())}
    return addressed | set(given.get("co_issuers", ()))


def kept_elements(
    units: Mapping[UUID, DirectoryUnit], given: Mapping[str, Any], *, organ: DirectoryUnit
) -> dict[str, Any]:
    """The named elements in the form in which they are kept; Problem 422 for a unit that is not in the directory.

    `units` are those among `units_named` that the directory has.
    """
    kept = {name: given[name] for name in _KEPT if name in given}
    for name in _DAYS:
        if name in given:
            kept[name] = given[name].isoformat() if given[name] else None
    for name in _ADDRESSED:
        if name in given:
            kept[name] = _named(units, given[name])
    if "co_issuers" in given:
        others = [{"unit_id": unit_id} for unit_id in given["co_issuers"] if unit_id != organ.id]
        kept["co_issuers"] = [{"unit_id": to["unit_id"], "name": to["name"]} for to in _named(units, others)]
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


def check_passed_on(day: date | None, *, today: date) -> None:
    """Refuse a meeting to come as the one that passed a document (422)."""
    if day and day > today:
        raise errors.passed_on_ahead(day, today=today)


def _named(units: Mapping[UUID, DirectoryUnit], given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Units with the names that they have now, each once."""
    named: dict[UUID, dict[str, Any]] = {}
    for to in given:
        unit = units.get(to["unit_id"])
        if unit is None or not unit.active:
            raise unit_unknown(to["unit_id"])
        named[unit.id] = {"unit_id": str(unit.id), "name": unit.name, "leader": to.get("leader", False)}
    return list(named.values())
