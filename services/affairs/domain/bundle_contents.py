"""What an applicant fills in and hands in for a whole bundle: fields and materials that several matters want, once."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.affairs.domain.materials import MaterialRule, Provider, material_key

_MERGED = frozenset({"$schema", "$defs", "type", "properties", "required", "title", "description"})
_CLOSED = "additionalProperties"


@dataclass(frozen=True, kw_only=True)
class PartContent:
    """What one matter of the bundle asks for."""

    matter_id: UUID
    name: str
    form: Mapping[str, Any]
    rules: tuple[MaterialRule, ...]


def form_conflicts(parts: Sequence[PartContent]) -> dict[str, list[str]]:
    """The fields that several matters call the same and take differently, by name; such forms cannot be one."""
    faults: dict[str, list[str]] = {}
    seen: dict[tuple[str, str], tuple[str, Any]] = {}
    for part in parts:
        for where in ("properties", "$defs"):
            for name, field in part.form.get(where, {}).items():
                first, known = seen.setdefault((where, name), (part.name, field))
                if _taken(known) != _taken(field):
                    words = f"“{first}”与“{part.name}”的字段“{name}”要求不同，不能合并填写"
                    faults.setdefault(f"form.{name}", []).append(words)
    return faults


def merged_form(parts: Sequence[PartContent]) -> dict[str, Any]:
    """One form for all: every field once, required when any matter requires it."""
    merged: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    further: list[Any] = []
    for part in parts:
        form = copy.deepcopy(dict(part.form))
        for name, field in form.get("properties", {}).items():
            merged["properties"].setdefault(name, field)
        for name in form.get("required", ()):
            if name not in merged["required"]:
                merged["required"].append(name)
        if "$defs" in form:
            merged.setdefault("$defs", {}).update(form["$defs"])
        rest = {name: value for name, value in form.items() if name not in _MERGED and name != _CLOSED}
        further += [rest] if rest else []
    if further:
        merged["allOf"] = further
    return merged


def form_of(part: PartContent, form: Mapping[str, Any]) -> dict[str, Any]:
    """Of the whole form, what one matter asks for."""
    return {name: form[name] for name in part.form.get("properties", {}) if name in form}


def unknown_fields(parts: Sequence[PartContent], form: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that no matter of the bundle asks for."""
    known = {name for part in parts for name in part.form.get("properties", {})}
    return {f"form.{name}": ["表单中没有这个字段"] for name in form if name not in known}


def merged_materials(parts: Sequence[PartContent]) -> list[dict[str, Any]]:
    """Every material once, however many matters want it, by its name.

    What one matter gets from a department or the system is not asked of the applicant by another; it may follow later,
    or be declared, only where every matter that asks for it lets it.
    """
    alike: dict[str, list[tuple[PartContent, MaterialRule]]] = {}
    for part in parts:
        for rule in part.rules:
            alike.setdefault(material_key(rule.name), []).append((part, rule))
    return [_merged(key, wanted) for key, wanted in alike.items()]


def _merged(key: str, wanted: Sequence[tuple[PartContent, MaterialRule]]) -> dict[str, Any]:
    rules = [rule for _, rule in wanted]
    provided = next((rule for rule in rules if rule.provided_by is not Provider.APPLICANT), rules[0])
    return {
        "key": key,
        "name": rules[0].name,
        "provided_by": provided.provided_by.value,
        "required": any(rule.required for rule in rules),
        "may_defer": all(rule.may_defer for rule in rules),
        "may_declare": all(rule.may_declare for rule in rules),
        "copies": max(rule.copies for rule in rules),
        "note": "；".join(dict.fromkeys(rule.note for rule in rules if rule.note)),
        "matters": [part.name for part, _ in wanted],
        "saved": len(wanted) - 1,
    }


def _taken(field: Any) -> Any:
    """What a field takes, whatever it is called on the page."""
    if not isinstance(field, Mapping):
        return field
    return {name: value for name, value in field.items() if name not in ("title", "description", "default")}


def shared_names(parts: Iterable[PartContent]) -> set[str]:
    """The fields that more than one matter asks for."""
    seen: set[str] = set()
    shared: set[str] = set()
    for part in parts:
        names = set(part.form.get("properties", {}))
        shared |= seen & names
        seen |= names
    return shared
