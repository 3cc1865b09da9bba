"""What is handed in with an application: who provides it, may it follow later, may a declaration stand for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.text import fold_width


class Provider(StrEnum):
    """Who a material comes from (三不提交: what a department or the system has is not asked of the applicant).

    What the system turns out not to hold is nobody else's to give, so that the applicant is asked for it.
    """

    APPLICANT = "applicant"
    DEPARTMENT = "department"
    SYSTEM = "system"


class MaterialState(StrEnum):
    """Where a material of a case stands.

    `awaited` is expected of a department; `deferred` may follow (容缺), `lapsed` did not come in time;
    `declared` is replaced by a declaration (告知承诺) until that is `confirmed` or found `false`.
    """

    MISSING = "missing"
    PRESENT = "present"
    AWAITED = "awaited"
    DEFERRED = "deferred"
    LAPSED = "lapsed"
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    FALSE = "false"


class MaterialSource(StrEnum):
    """How the content came: `given` by the applicant now, `reused` from what the suite had, from a `department`, or
    read by the `system`; empty while there is none."""

    NONE = ""
    GIVEN = "given"
    REUSED = "reused"
    DEPARTMENT = "department"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class MaterialRule:
    """One material as a version of a matter asks for it."""

    code: str
    name: str
    provided_by: Provider = Provider.APPLICANT
    required: bool = True
    may_defer: bool = False
    may_declare: bool = False
    copies: int = 1
    note: str = ""
    template_file_id: str | None = None
    department_unit_id: str | None = None
    valid_days: int | None = None

    @staticmethod
    def read(kept: Mapping[str, Any]) -> "MaterialRule":
        """The rule that a matter's row keeps."""
        names = MaterialRule.__dataclass_fields__
        known = {name: value for name, value in kept.items() if name in names}
        return MaterialRule(**{**known, "provided_by": Provider(known.get("provided_by", "applicant"))})


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What an applicant says of one material: a file, or that it will follow, or a declaration instead of it.

    `reuse` names what the suite holds and is to be taken (一次填报); that is settled before.
    """

    code: str
    file_id: Any = None
    deferred: bool = False
    declared: bool = False
    reuse: Any = None


def state_of(rule: MaterialRule, offer: Offer | None) -> MaterialState:
    """Where the material stands with that offer."""
    if offer is not None and offer.file_id is not None:
        return MaterialState.PRESENT
    if rule.provided_by is Provider.DEPARTMENT:
        return MaterialState.AWAITED
    if offer is not None and offer.deferred:
        return MaterialState.DEFERRED
    if offer is not None and offer.declared:
        return MaterialState.DECLARED
    return MaterialState.MISSING


def faults_of(rules: Sequence[MaterialRule], offers: Sequence[Offer]) -> dict[str, list[str]]:
    """What is wrong with the materials of an application, by material code."""
    known = {rule.code: rule for rule in rules}
    given: dict[str, Offer] = {}
    faults: dict[str, list[str]] = {}
    for offer in offers:
        if offer.code not in known:
            faults.setdefault(offer.code, []).append("事项清单中没有这份材料")
        elif offer.code in given:
            faults.setdefault(offer.code, []).append("同一份材料出现了不止一次")
        given[offer.code] = offer
    for rule in rules:
        if words := _fault(rule, given.get(rule.code)):
            faults.setdefault(rule.code, []).append(words)
    return faults


def _fault(rule: MaterialRule, offer: Offer | None) -> str:
    if offer is not None and offer.deferred and not rule.may_defer:
        return f"“{rule.name}”不可容缺，须随申请提交"
    if offer is not None and offer.declared and not rule.may_declare:
        return f"“{rule.name}”不适用告知承诺，须提交材料"
    if offer is not None and offer.file_id is not None and rule.provided_by is Provider.DEPARTMENT:
        return f"“{rule.name}”由部门出具，不必提交"
    if rule.required and state_of(rule, offer) is MaterialState.MISSING:
        unheld = rule.provided_by is Provider.SYSTEM
        return f"系统中没有“{rule.name}”，请上传" if unheld else f"缺少“{rule.name}”"
    return ""


def is_awaited(provided_by: str, state: str) -> bool:
    """Whether a department still has to provide the material; the case is not decided before."""
    return provided_by == Provider.DEPARTMENT and state == MaterialState.AWAITED


def material_key(name: str) -> str:
    """Under what a material is known across matters: its name, however it is spaced."""
    return "".join(fold_width(name).split()).lower()
