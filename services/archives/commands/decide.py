"""Deciding on one closed document: its facts, fonds, year, retention and series, before anything is written."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.archives.domain.archival_number import Retention, SeriesKey, Template
from services.archives.domain.dossier import missing_facts
from services.archives.domain.filing import Fonds, FondsSetting
from services.archives.domain.gaps import CannotFile
from services.archives.domain.retention import (
    NoScheduleInForce,
    RetentionDecision,
    decide_retention,
    ruled_retention,
)
from services.archives.domain.unit_code import unit_code
from services.archives.domain.year import YearDecision, filing_year
from services.archives.models import ClosedDocument
from services.archives.queries.closings import find_ruling
from services.archives.queries.rules import schedule_for, setting_of
from shared.clock import local_date
from shared.directory import DirectoryUnit, find_unit
from shared.events.dossier import MAX_BYTES, Dossier, from_json
from shared.files import BlobStore


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document is to be filed; `unit_title` names the office in words."""

    fonds: Fonds
    template: Template
    series: SeriesKey
    year: YearDecision
    unit_title: str | None


def read_dossier(closed: ClosedDocument, blobs: BlobStore) -> Dossier:
    """The facts of the document as they were handed over; CannotFile or DossierInvalid says what is wrong."""
    named = closed.dossier
    if named["size"] > MAX_BYTES:
        raise CannotFile(f"档案数据超过 {MAX_BYTES // 1024 // 1024} MB")
    content = blobs.read(named["digest"])
    if named["digest"] != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise CannotFile("档案数据在存储中的内容与办结通知登记的摘要不符，可能已损坏")
    dossier = from_json(content)
    if dossier.document_id != closed.document_id:
        raise CannotFile("档案数据所述的公文与办结通知不是同一件")
    if dossier.direction != closed.direction:
        raise CannotFile("档案数据所述的事项与办结通知不是同一类")
    if missing := missing_facts(dossier):
        raise CannotFile(*missing)
    return dossier


def decide_on_retention(session: Session, dossier: Dossier, *, closed: ClosedDocument) -> RetentionDecision:
    """How long to keep it: as a person ruled, else by the schedule in force for its unit on the day of closing."""
    ruling = find_ruling(session, closed.document_id)
    if ruling is None:
        return _by_schedule(session, dossier, closed=closed)
    try:
        automatic = _by_schedule(session, dossier, closed=closed)
    except CannotFile:
        automatic = None
    return ruled_retention(
        automatic,
        retention=Retention(ruling.retention) if ruling.retention else None,
        by=f"{ruling.unit_name}{ruling.post_title}{ruling.person_name}",
        on=local_date(ruling.at),
        reason=ruling.reason,
    )


def _by_schedule(session: Session, dossier: Dossier, *, closed: ClosedDocument) -> RetentionDecision:
    try:
        schedule = schedule_for(session, closed.owner_unit_id, on=local_date(dossier.closed_at))
        return decide_retention(dossier, schedule)
    except NoScheduleInForce as error:
        raise CannotFile(str(error)) from error


def find_place(
    session: Session,
    dossier: Dossier,
    *,
    closed: ClosedDocument,
    retention: RetentionDecision,
    filed_at: datetime,
) -> Place:
    """Fonds, year and series; CannotFile when the unit has no fonds, ArchivalNumberInvalid when a part is unfit."""
    if retention.retention is None:
        raise CannotFile(retention.explanation)
    unit = _unit_with_fonds(session, closed)
    setting = setting_of(session, unit, on=local_date(filed_at))
    template = Template(setting.template)
    year = filing_year(dossier, filed_at=filed_at)
    office = _office(session, dossier)
    series = template.series(
        setting.fonds_code,
        setting.category,
        year=year.year,
        retention=retention.retention,
        unit=_code_of_office(dossier, office, organ=unit, setting=setting),
    )
    fonds = Fonds(
        division=setting.division_code,
        code=setting.fonds_code,
        name=setting.name or unit.name,
        unit_name=unit.name,
        archive_name=setting.archive_name or None,
        archive_code=setting.archive_code or None,
    )
    title = office.name if office else dossier.office.name if dossier.office else None
    return Place(fonds=fonds, template=template, series=series, year=year, unit_title=title)


def _unit_with_fonds(session: Session, closed: ClosedDocument) -> DirectoryUnit:
    unit = find_unit(session, closed.owner_unit_id)
    if unit is None:
        raise CannotFile("本地机构名录中还没有归档单位，机构信息送达后自动归档")
    if not unit.fonds_code:
        raise CannotFile(f"单位没有全宗号：请在机构管理中为“{unit.name}”填写全宗号，填写后自动归档")
    return unit


def _office(session: Session, dossier: Dossier) -> DirectoryUnit | None:
    unit_id = dossier.office.unit_id if dossier.office else None
    return find_unit(session, unit_id) if unit_id else None


def _code_of_office(
    dossier: Dossier, office: DirectoryUnit | None, *, organ: DirectoryUnit, setting: FondsSetting
) -> str:
    if office and (set_code := setting.unit_codes.get(str(office.id))):
        return set_code
    stated = dossier.office
    if stated is None or (office and office.id == organ.id):
        return setting.default_unit_code
    return unit_code(
        stated=stated.code,
        office_names=(office.name, office.short_name) if office else (stated.name,),
        organ_names=(organ.name, organ.short_name),
        default=setting.default_unit_code,
    )
