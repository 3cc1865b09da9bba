"""Units (单位): which kinds there are, and which may stand under which."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from services.identity.domain.codes import (
    Level,
    credit_code_complaint,
    division,
    fonds_complaint,
    issuing_code_complaint,
    lies_within,
)

MAX_DEPTH = 10


class Kind(StrEnum):
    """What sort of unit this is."""

    AREA_ADMINISTRATION = "area_administration"
    BRANCH_AGENCY = "branch_agency"
    CONGRESS = "congress"
    CONSULTATIVE_CONFERENCE = "consultative_conference"
    DEPARTMENT = "department"
    GENERAL_OFFICE = "general_office"
    GOVERNMENT = "government"
    INTERNAL_OFFICE = "internal_office"
    PARTY_COMMITTEE = "party_committee"
    PARTY_DEPARTMENT = "party_department"
    PUBLIC_INSTITUTION = "public_institution"
    SUBDISTRICT_OFFICE = "subdistrict_office"

    @property
    def label(self) -> str:
        return KINDS[self].label


@dataclass(frozen=True, kw_only=True)
class KindRule:
    """How a kind of unit stands in the tree.

    `may_be_root`: it may have no unit above it. `steps_down`: it is of a lower level than the unit above
    (a county under its city); otherwise it is of the same level (a department under its government), and
    `may_stay` says that both are possible. `register`: the first two characters of its credit code, or
    None where it has none of its own. `issues`: it may send formal documents outside in its own name
    (党政机关公文处理工作条例 第17条: 部门内设机构除办公厅(室)外不得对外正式行文).
    """

    label: str
    parents: frozenset[Kind]
    may_be_root: bool = False
    steps_down: bool = False
    may_stay: bool = False
    register: str | None = "11"
    issues: bool = True


_TOP = frozenset({Kind.PARTY_COMMITTEE, Kind.GOVERNMENT, Kind.CONGRESS, Kind.CONSULTATIVE_CONFERENCE})

KINDS: dict[Kind, KindRule] = {
    Kind.PARTY_COMMITTEE: KindRule(
        label="党委", parents=frozenset({Kind.PARTY_COMMITTEE}), may_be_root=True, steps_down=True
    ),
    Kind.GOVERNMENT: KindRule(
        label="人民政府", parents=frozenset({Kind.GOVERNMENT}), may_be_root=True, steps_down=True
    ),
    Kind.CONGRESS: KindRule(
        label="人大常委会", parents=frozenset({Kind.CONGRESS}), may_be_root=True, steps_down=True
    ),
    Kind.CONSULTATIVE_CONFERENCE: KindRule(
        label="政协", parents=frozenset({Kind.CONSULTATIVE_CONFERENCE}), may_be_root=True, steps_down=True
    ),
    Kind.SUBDISTRICT_OFFICE: KindRule(
        label="街道办事处", parents=frozenset({Kind.GOVERNMENT}), steps_down=True
    ),
    Kind.AREA_ADMINISTRATION: KindRule(
        label="管理机构", parents=frozenset({Kind.GOVERNMENT}), steps_down=True, may_stay=True
    ),
    Kind.GENERAL_OFFICE: KindRule(label="办公厅（室）", parents=_TOP),
    Kind.DEPARTMENT: KindRule(label="工作部门", parents=frozenset({Kind.GOVERNMENT})),
    Kind.PARTY_DEPARTMENT: KindRule(label="党委部门", parents=frozenset({Kind.PARTY_COMMITTEE})),
    Kind.PUBLIC_INSTITUTION: KindRule(
        label="事业单位",
        parents=_TOP | {Kind.DEPARTMENT, Kind.PARTY_DEPARTMENT, Kind.GENERAL_OFFICE},
        register="12",
    ),
    Kind.BRANCH_AGENCY: KindRule(
        label="派出机构", parents=frozenset({Kind.DEPARTMENT}), steps_down=True, may_stay=True
    ),
    Kind.INTERNAL_OFFICE: KindRule(
        label="内设机构", parents=frozenset(Kind) - {Kind.INTERNAL_OFFICE}, register=None, issues=False
    ),
}
KINDS_BY_LABEL = {rule.label: kind for kind, rule in KINDS.items()}


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """What is known of one unit; units name each other by code, so that a file can speak of new ones."""

    code: str
    name: str
    short_name: str
    kind: Kind
    level: Level
    parent_code: str | None = None
    division_code: str
    credit_code: str | None = None
    issuing_codes: tuple[str, ...] = ()
    fonds_code: str | None = None
    position: int = 0


# A complaint is said of one field, so that a form and an import can point at it.
Complaint = tuple[str, str]


def unit_complaints(unit: UnitFacts, unread: Collection[str] = ()) -> list[Complaint]:
    """What is wrong with a unit looked at by itself; rules that read an `unread` field are not asked."""
    rule = None if "kind" in unread else KINDS[unit.kind]
    found = [_division_complaint(unit, level=None if "level" in unread else unit.level)]
    found.append(_credit_complaint(unit, rule))
    if unit.issuing_codes and rule and not rule.issues:
        found.append(("issuing_codes", f"{rule.label}不得对外正式行文,不能有机关代字"))
    found.extend(("issuing_codes", said) for said in map(issuing_code_complaint, unit.issuing_codes) if said)
    if len(set(unit.issuing_codes)) < len(unit.issuing_codes):
        found.append(("issuing_codes", "机关代字有重复"))
    if unit.fonds_code and (said := fonds_complaint(unit.fonds_code)):
        found.append(("fonds_code", said))
    return [complaint for complaint in found if complaint]


def placement_complaints(
    unit: UnitFacts, parent: UnitFacts | None, unread: Collection[str] = ()
) -> list[Complaint]:
    """What is wrong with a unit standing under that parent (None: at the top); rules that read a field which is
    `unread` in one of the two are not asked."""
    rule = None if "kind" in unread else KINDS[unit.kind]
    if parent is None:
        return [("parent_code", f"{rule.label}必须有上级单位")] if rule and not rule.may_be_root else []
    if rule and parent.kind not in rule.parents:
        return [("parent_code", f"{rule.label}不能设在{parent.kind.label}“{parent.name}”之下")]
    found: list[Complaint] = []
    if rule and "level" not in unread and not _level_fits(unit.level, parent.level, rule=rule):
        wanted = "低于" if rule.steps_down and not rule.may_stay else "等于"
        found.append(
            ("level", f"{unit.level.label}不正确:该单位的层级应{wanted}上级单位的{parent.level.label}")
        )
    if "division_code" not in unread and not lies_within(unit.division_code, parent.division_code):
        found.append(
            ("division_code", f"区划代码{unit.division_code}不在上级单位的区划{parent.division_code}之内")
        )
    return found


def ancestry_complaint(code: str, parents: dict[str, str | None]) -> str | None:
    """Whether following the parents from this unit runs in a circle or too deep; None when it ends at a root."""
    seen = [code]
    above = parents.get(code)
    while above is not None:
        if above in seen:
            return "上级单位成环:" + " → ".join([*seen, above])
        seen.append(above)
        if len(seen) > MAX_DEPTH:
            return f"单位层次过深:最多{MAX_DEPTH}层"
        above = parents.get(above)
    return None


def _level_fits(level: Level, parent: Level, *, rule: KindRule) -> bool:
    if level.is_below(parent):
        return rule.steps_down
    return level is parent and (rule.may_stay or not rule.steps_down)


def _division_complaint(unit: UnitFacts, *, level: Level | None) -> Complaint | None:
    read = division(unit.division_code)
    if read is None:
        return ("division_code", "行政区划代码不正确:应为6位(省、市、县)或9位(乡镇、街道)数字")
    if level and read.level is not level:
        return (
            "division_code",
            f"行政区划代码{unit.division_code}是{read.level.label}的,与层级{level.label}不符",
        )
    return None


def _credit_complaint(unit: UnitFacts, rule: KindRule | None) -> Complaint | None:
    """Of a unit of unknown kind only whether the code is one."""
    if rule and rule.register is None:
        return ("credit_code", f"{rule.label}没有独立的统一社会信用代码,请留空") if unit.credit_code else None
    if not unit.credit_code:
        return ("credit_code", f"{rule.label}必须填写统一社会信用代码") if rule else None
    said = credit_code_complaint(unit.credit_code, register=(rule.register or "") if rule else "")
    return ("credit_code", said) if said else None
