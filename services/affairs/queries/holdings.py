"""Contents that may be handed in without being asked for (一次填报): earlier materials, results, documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.domain.materials import MaterialRule, MaterialState, Provider, material_key
from services.affairs.domain.timing import end_of_day
from services.affairs.models import AffairsFile, Case, CaseMaterial, KnownDocument, MatterVersion, Result
from services.affairs.queries.known import MOST_LOOKED_AT, Applicant, is_own
from shared.clock import local_date
from shared.web.paging import Page, make_page, read_cursor

MOST_OFFERS = 5


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A content that may be handed in without being asked for: an earlier `material`, a `result`, or a `document`."""

    kind: str
    id: UUID
    title: str
    number: str = ""
    given_at: datetime
    valid_until: datetime | None = None
    name: str = ""
    digest: str = field(default="", repr=False)
    size: int = 0
    media_type: str = ""


def list_holdings(
    session: Session, applicant: Applicant, version: MatterVersion, *, today: date
) -> dict[str, list[Holding]]:
    """What may be handed in for each of a matter's materials, by code; the best first, only what is still valid."""
    rules = [MaterialRule.read(kept) for kept in version.materials]
    wanted = [rule for rule in rules if rule.provided_by is not Provider.DEPARTMENT]
    keys = {material_key(rule.name) for rule in wanted}
    if not keys:
        return {}
    known = _results(session, applicant, version, keys) + _materials(session, applicant, version, keys)
    offered: dict[str, list[Holding]] = {}
    for rule in wanted:
        alike = [(key, one) for key, one in known if key == material_key(rule.name)]
        valid = [one for _, held in alike if (one := _valid(held, rule, today=today)) is not None]
        documents = [
            one
            for document in _documents_named(session, applicant, rule.name)
            if (one := _valid(document, rule, today=today)) is not None
        ]
        offered[rule.code] = [*valid, *documents][:MOST_OFFERS]
    return offered


def find_holding(
    session: Session,
    applicant: Applicant,
    version: MatterVersion,
    rule: MaterialRule,
    *,
    kind: str,
    holding_id: UUID,
    today: date,
) -> Holding | None:
    """What the applicant chose out of what is offered, or any document that the organ issued; None when not offered."""
    if kind == "document":
        if not applicant.sees_documents:
            return None
        document = session.get(KnownDocument, holding_id)
        if document is None or document.unit_id != applicant.organ_id or not document.digest:
            return None
        return _valid(_of_document(document), rule, today=today)
    offered = list_holdings(session, applicant, version, today=today).get(rule.code, [])
    return next((one for one in offered if (one.kind, one.id) == (kind, holding_id)), None)


def page_documents(session: Session, organ_id: UUID, *, query: Mapping[str, Any]) -> Page[KnownDocument]:
    """The documents that an organ issued, newest first; `q` finds in numbers and titles."""
    rows = sa.select(KnownDocument).where(KnownDocument.unit_id == organ_id, KnownDocument.digest != "")
    if query["q"]:
        words = query["q"]
        rows = rows.where(
            sa.or_(
                KnownDocument.title.contains(words, autoescape=True),
                KnownDocument.number.contains(words, autoescape=True),
            )
        )
    if query.get("after"):
        at, document_id = read_cursor(query["after"], datetime, UUID)
        rows = rows.where(sa.tuple_(KnownDocument.issued_at, KnownDocument.document_id) < (at, document_id))
    newest = rows.order_by(KnownDocument.issued_at.desc(), KnownDocument.document_id.desc())
    found = session.scalars(newest.limit(query["limit"] + 1)).all()
    return make_page(found, query["limit"], lambda row: (row.issued_at, row.document_id))


def _results(
    session: Session, applicant: Applicant, version: MatterVersion, keys: set[str]
) -> list[tuple[str, Holding]]:
    rows = session.execute(
        sa.select(Result, Case.matter_name)
        .join(Case, Case.id == Result.case_id)
        .where(is_own(applicant, version), Result.granted, Result.revoked_at.is_(None))
        .where(_key_of(Result.name).in_(keys))
        .order_by(Result.issued_at.desc(), Result.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    return [
        (
            material_key(result.name),
            Holding(
                kind="result",
                id=result.id,
                title=f"{result.name}（{matter_name}）",
                number=result.number,
                given_at=result.issued_at,
                name=f"{result.number}.pdf",
                digest=result.digest,
                size=result.size,
                media_type="application/pdf",
            ),
        )
        for result, matter_name in rows
    ]


def _materials(
    session: Session, applicant: Applicant, version: MatterVersion, keys: set[str]
) -> list[tuple[str, Holding]]:
    rows = session.execute(
        sa.select(CaseMaterial, AffairsFile, Case.number)
        .join(Case, Case.id == CaseMaterial.case_id)
        .join(AffairsFile, AffairsFile.id == CaseMaterial.file_id)
        .where(is_own(applicant, version), CaseMaterial.state == MaterialState.PRESENT.value)
        .where(_key_of(CaseMaterial.name).in_(keys), CaseMaterial.given_at.is_not(None))
        .where(_may_read(applicant))
        .order_by(CaseMaterial.given_at.desc(), CaseMaterial.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    found: dict[tuple[str, str], Holding] = {}
    for material, file, number in rows:
        key = material_key(material.name)
        assert material.given_at is not None, "such rows were not asked for"
        # The same content handed in again is one thing to choose.
        found.setdefault(
            (key, file.digest),
            Holding(
                kind="material",
                id=material.id,
                title=f"{material.name}（办件 {number} 提交）",
                given_at=material.given_at,
                valid_until=material.valid_until,
                name=file.name,
                digest=file.digest,
                size=file.size,
                media_type=file.media_type,
            ),
        )
    return [(key, one) for (key, _), one in found.items()]


def _may_read(applicant: Applicant) -> sa.ColumnElement[bool]:
    """A document that somebody of the organ handed in before is still only for those who see its documents."""
    if applicant.sees_documents:
        return sa.true()
    documents = sa.exists().where(
        KnownDocument.unit_id == applicant.organ_id, KnownDocument.digest == AffairsFile.digest
    )
    return sa.not_(documents)


def _documents_named(session: Session, applicant: Applicant, name: str) -> Sequence[Holding]:
    if not applicant.sees_documents:
        return []
    rows = session.scalars(
        sa.select(KnownDocument)
        .where(KnownDocument.unit_id == applicant.organ_id, KnownDocument.digest != "")
        .where(KnownDocument.title.contains(name, autoescape=True))
        .order_by(KnownDocument.issued_at.desc(), KnownDocument.document_id.desc())
        .limit(MOST_OFFERS)
    )
    return [_of_document(row) for row in rows]


def _of_document(document: KnownDocument) -> Holding:
    return Holding(
        kind="document",
        id=document.document_id,
        title=document.title,
        number=document.number,
        given_at=document.issued_at,
        name=document.name or f"{document.number}.pdf",
        digest=document.digest,
        size=document.size,
        media_type=document.media_type,
    )


def _valid(held: Holding, rule: MaterialRule, *, today: date) -> Holding | None:
    """The content with its last good day under the rule that asks for it, or None when that is over."""
    ends = [held.valid_until] if held.valid_until else []
    if rule.valid_days is not None:
        ends.append(end_of_day(local_date(held.given_at) + timedelta(days=rule.valid_days)))
    last = min(ends, default=None)
    if last is not None and local_date(last) < today:
        return None
    return replace(held, valid_until=last)


def _key_of(column: Any) -> sa.ColumnElement[str]:
    """`material_key` in the database."""
    narrow = sa.func.normalize(column, sa.text("NFKC"))
    return sa.func.lower(sa.func.regexp_replace(narrow, r"\s", "", "g"))
