"""A document as the rules see it: its elements, the units it goes between, and who has signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.domain.elements import Contact, Elements, Urgency
from services.documents.domain.findings import Finding
from services.documents.domain.kinds import get_kind
from services.documents.domain.limits import LengthLimit, Scope
from services.documents.domain.numbers import series_of
from services.documents.domain.rules import Addressee, Case, Facts, Signing, Step, Tier, UnitKind, check
from services.documents.domain.rules import Unit as RuleUnit
from services.documents.local_rules import LENGTHS
from services.documents.models import Document, DocumentAct, DocumentVersion
from services.documents.queries.rules import find_quota
from services.documents.queries.texts import split_agreement
from shared.clock import local_date
from shared.dated_rules import rule_for_unit
from shared.directory import DirectoryUnit, list_lines
from shared.numbering import last_number

_TIERS = {
    "nation": Tier.NATION,
    "province": Tier.PROVINCE,
    "city": Tier.CITY,
    "county": Tier.COUNTY,
    "township": Tier.TOWNSHIP,
}
_KINDS = {
    "government": UnitKind.GOVERNMENT,
    "area_administration": UnitKind.GOVERNMENT,
    "subdistrict_office": UnitKind.GOVERNMENT,
    "party_committee": UnitKind.PARTY_COMMITTEE,
    "general_office": UnitKind.OFFICE,
    "internal_office": UnitKind.INTERNAL,
}
_GOVERNMENT = "人民政府"
_FACTS = frozenset(field.name for field in fields(Facts))


def list_findings(session: Session, document: Document, *, step: Step, today: date) -> list[Finding]:
    """What the rules that bind at this step have to say about a document, the gravest first."""
    return check(build_case(session, document, today=today), step=step)


def is_set_aside(document: Document, finding: Finding) -> bool:
    """Whether a reviewer has set this objection aside, for these very words."""
    return finding.may_be_set_aside and {
        "rule": finding.rule,
        "quote": finding.quote,
    } in document.facts.get("set_aside", [])


def show_findings(session: Session, document: Document, *, step: Step, today: date) -> list[dict[str, Any]]:
    """The findings as `FindingSchema` shows them."""
    return [
        {
            **asdict(finding),
            "may_be_set_aside": finding.may_be_set_aside,
            "set_aside": is_set_aside(document, finding),
        }
        for finding in list_findings(session, document, step=step, today=today)
    ]


def build_case(session: Session, document: Document, *, today: date) -> Case:
    """Everything that the rules ask of a document."""
    version = session.get_one(DocumentVersion, (document.id, document.version_number))
    elements = document.elements
    named = [*elements.get("recipients", []), *elements.get("copies", [])]
    joint = [UUID(unit["unit_id"]) for unit in elements.get("co_issuers", [])]
    units = _rule_units(session, [document.owner_unit_id, *joint, *(UUID(to["unit_id"]) for to in named)])
    return Case(
        elements=_elements(document, version),
        issuer=_led_by(units[document.owner_unit_id], document.facts.get("led_by", [])),
        today=today,
        co_issuers=tuple(units[unit] for unit in joint),
        recipients=_addressees(elements.get("recipients", []), units),
        copies=_addressees(elements.get("copies", []), units),
        facts=_facts(session, document),
        signings=_signings(session, document),
        length_limits=list_length_limits(session, document.owner_unit_id, today=today),
        quota=find_quota(session, document.issuing_code, year=today.year) if document.issuing_code else None,
        issued_this_year=_issued_this_year(session, document, today.year),
    )


def list_length_limits(session: Session, unit_id: UUID, *, today: date) -> tuple[LengthLimit, ...]:
    """The length limits for an organ: its own or the nearest above it, else those for all."""
    rules = {scope: rule_for_unit(session, table, today, unit_id=unit_id) for scope, table in LENGTHS.items()}
    return tuple(
        LengthLimit(scope, rule.value["characters"], rule.valid_from or date.min)
        for scope, rule in rules.items()
    )


def _elements(document: Document, version: DocumentVersion) -> Elements:
    kept = document.elements
    contact = kept.get("contact")
    return Elements(
        kind=get_kind(document.kind),
        title=version.title,
        body=tuple(version.body),
        mark=tuple(kept.get("mark", [])),
        signatories=tuple(kept.get("signatories", [])),
        recipients=tuple(to["name"] for to in kept.get("recipients", [])),
        copies_to=tuple(to["name"] for to in kept.get("copies", [])),
        secrecy=kept.get("secrecy", ""),
        urgency=Urgency(document.urgency) if document.urgency else None,
        number=document.number or "",
        signers=tuple(kept.get("signers", [])),
        attachment_names=tuple(kept.get("attachment_names", [])),
        dated=document.dated,
        passed_on=passed_on(document),
        note=kept.get("note", ""),
        contact=Contact(name=contact["name"], phone=contact["phone"]) if contact else None,
    )


def passed_on(document: Document) -> date | None:
    """The day on which a meeting passed a dispatch, when one did."""
    day = document.elements.get("passed_on")
    return date.fromisoformat(day) if day else None


def _addressees(named: Iterable[Mapping[str, Any]], units: Mapping[UUID, RuleUnit]) -> tuple[Addressee, ...]:
    return tuple(Addressee(unit=units[UUID(to["unit_id"])], leader=to.get("leader", False)) for to in named)


def _facts(session: Session, document: Document) -> Facts:
    plain = {name: value for name, value in document.facts.items() if name in _FACTS}
    for name in ("concerned", "consulted"):
        plain[name] = frozenset(UUID(unit) for unit in plain.get(name, []))
    agreed, lapsed = split_agreement(session, document)
    plain["agreed"], plain["agreement_lapsed"] = frozenset(agreed), frozenset(lapsed)
    plain["scope"] = Scope(plain.get("scope", Scope.SPECIFIC))
    return Facts(**plain)


def _signings(session: Session, document: Document) -> tuple[Signing, ...]:
    """Every approval to issue that stands: the last signing, and those of the units that issue jointly."""
    if document.signed_at is None:
        return ()
    acts = session.scalars(
        sa.select(DocumentAct)
        .where(DocumentAct.document_id == document.id, DocumentAct.verb == "sign")
        .where(DocumentAct.at >= document.signed_at)
        .order_by(DocumentAct.at)
    ).all()
    return tuple(
        Signing(
            unit_id=UUID(act.details["organ_id"]),
            name=act.person_name,
            principal=act.details.get("principal", False),
            opinion=act.opinion or act.outcome,
            signed_on=local_date(act.at),
        )
        for act in acts
    )


def _issued_this_year(session: Session, document: Document, year: int) -> int:
    """Numbers have no gaps, so the last one given says how many there are."""
    if not document.issuing_code:
        return 0
    return last_number(session, series=series_of(document.issuing_code, year))


def _rule_units(session: Session, unit_ids: Sequence[UUID]) -> dict[UUID, RuleUnit]:
    lines = list_lines(session, set(unit_ids))
    guides = _guides(session, lines)
    return {
        unit_id: RuleUnit(
            id=unit_id,
            name=unit.name,
            tier=_TIERS[unit.level],
            kind=_KINDS.get(unit.kind, UnitKind.DEPARTMENT),
            superiors=tuple(above.id for above in superiors),
            guided_by=guides.get(unit_id, ()),
            other_names=_other_names(unit, superiors),
        )
        for unit_id, (unit, *superiors) in lines.items()
    }


def _other_names(unit: DirectoryUnit, superiors: Sequence[DirectoryUnit]) -> tuple[str, ...]:
    """Its short name, and for a 办公厅(室) the names of the government in whose name it writes as well."""
    government = superiors[:1] if _KINDS.get(unit.kind) is UnitKind.OFFICE else ()
    written = (unit.short_name, *(name for above in government for name in (above.name, above.short_name)))
    return tuple(name for name in written if name)


def _led_by(issuer: RuleUnit, leading: Iterable[str]) -> RuleUnit:
    """The issuer with all its leading units when it has more than one (双重领导), which its drafter states."""
    return replace(issuer, dual_leaders=frozenset(UUID(unit) for unit in leading))


def _guides(session: Session, lines: Mapping[UUID, Sequence[DirectoryUnit]]) -> dict[UUID, tuple[UUID, ...]]:
    """The departments of the same line at higher governments (业务指导关系).

    The directory does not record this relation; offices show it in their names: 安源区财政局 is guided by
    萍乡市财政局. So the name without that of the division is looked for at every government above.
    """
    wanted: dict[UUID, list[str]] = {}
    for unit_id, line in lines.items():
        divisions = [above.name.removesuffix(_GOVERNMENT) for above in line if above.kind == "government"]
        unit = line[0]
        if unit.kind not in ("department", "general_office") or not divisions:
            continue
        matter = unit.name.removeprefix(divisions[0])
        wanted[unit_id] = [division + matter for division in divisions[1:]]
    names = {name for guides in wanted.values() for name in guides}
    if not names:
        return {}
    found = dict(
        session.execute(
            sa.select(DirectoryUnit.name, DirectoryUnit.id).where(
                DirectoryUnit.name.in_(names), DirectoryUnit.active
            )
        ).all()
    )
    return {
        unit_id: tuple(found[name] for name in guides if name in found) for unit_id, guides in wanted.items()
    }
