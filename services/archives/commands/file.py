"""Filing (归档): one closed document, meeting, task or case becomes one archive record with its number and its
sealed package, or is decided not to be filed.

Everything happens in the caller's transaction, the number included, so that a failure at any point leaves no
record, no number and no event behind. A package that was stored before such a failure is never referred to.
"""

import tempfile
from dataclasses import asdict, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives.commands.decide import Place, decide_on_retention, find_place, read_dossier
from services.archives.domain.archival_number import ArchivalNumber
from services.archives.domain.checks import failed
from services.archives.domain.closing import SYSTEM_OF
from services.archives.domain.description import SEARCHED, describe, in_words
from services.archives.domain.dossier import ContentRole
from services.archives.domain.filing import SOFTWARE, Filing
from services.archives.domain.retention import RetentionDecision
from services.archives.models import (
    ArchiveDescription,
    ArchiveRecord,
    ClosedDocument,
    FilingState,
    NotFiledDecision,
    RecordLink,
)
from services.archives.packaging import MEDIA_TYPE, Package, Register, build_package
from services.archives.queries.links import numbers_of
from shared import audit
from shared.auth import Actor
from shared.clock import Clock
from shared.events.archives import DocumentNotFiled, RecordArchived
from shared.events.documents import Blob
from shared.events.dossier import Dossier
from shared.files import BlobRef, BlobStore
from shared.ids import new_id
from shared.messaging import outbox
from shared.numbering import take_number
from shared.offload import offload
from shared.search import bigrams


def file_document(
    session: Session, actor: Actor, clock: Clock, *, closed: ClosedDocument, blobs: BlobStore, scratch: Path
) -> FilingState:
    """Decide on a closed item that the caller holds locked; returns what became of it.

    Any exception means that it cannot be filed now (`domain.gaps.reasons_of` says why) and must roll the caller's
    transaction back. `scratch` is a folder in which the package is put together.
    """
    now = clock.now()
    dossier = read_dossier(closed, blobs)
    retention = decide_on_retention(session, dossier, closed=closed)
    if not retention.to_be_filed:
        _decide_not_to_file(session, actor, closed=closed, retention=retention, now=now)
        return FilingState.NOT_FILED
    place = find_place(session, dossier, closed=closed, retention=retention, filed_at=now)
    # From here on the series is locked: the next item waits until this one is committed or given up.
    item = take_number(session, series=place.fonds.counter(place.series), subject=closed.document_id)
    linked = {link.document_id for link in dossier.links if link.document_id}
    filing = replace(
        _filing(place, item=item, retention=retention, now=now), linked_numbers=numbers_of(session, linked)
    )
    register = _register(session, filing)
    ref, package = offload(
        _pack, dossier, filing, blobs=blobs, scratch=scratch, place=place, register=register
    )
    record = _enter(session, closed=closed, dossier=dossier, filing=filing, package=package, ref=ref)
    _tell(session, actor, record=record, ref=ref)
    _settle(closed, FilingState.FILED, now=now)
    return FilingState.FILED


def _filing(place: Place, *, item: int, retention: RetentionDecision, now: datetime) -> Filing:
    return Filing(
        fonds=place.fonds,
        number=place.template.format(place.series, item=item),
        parts=ArchivalNumber(series=place.series, item=item),
        unit_title=place.unit_title,
        year=place.year,
        retention=retention,
        filed_at=now,
        software=f"{SOFTWARE} {version('yiwang-office')}",
    )


def _register(session: Session, filing: Filing) -> Register:
    """What the register says of the number and of the item before it, which may have been numbered elsewhere."""
    in_series = ArchiveRecord.series == filing.series
    previous = session.scalar(sa.select(sa.func.max(ArchiveRecord.item)).where(in_series))
    same = (ArchiveRecord.division_code == filing.fonds.division, ArchiveRecord.number == filing.number)
    taken = session.scalar(sa.select(sa.exists().where(*same)))
    return Register(
        number_taken=bool(taken),
        previous_item=filing.parts.item - 1 if previous is None else previous,
    )


def _pack(
    dossier: Dossier, filing: Filing, *, blobs: BlobStore, scratch: Path, place: Place, register: Register
) -> tuple[BlobRef, Package]:
    """Build the package and put it into the store; blocking work on disk and processor."""
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="filing-") as folder:
        package = build_package(
            dossier, filing, blobs=blobs, folder=Path(folder), template=place.template, register=register
        )
        with package.path.open("rb") as stream:
            ref = blobs.put(stream, media_type=MEDIA_TYPE, name=package.path.name)
    return ref, package


def _enter(
    session: Session,
    *,
    closed: ClosedDocument,
    dossier: Dossier,
    filing: Filing,
    package: Package,
    ref: BlobRef,
) -> ArchiveRecord:
    series, described = filing.parts.series, describe(dossier, filing)
    record = ArchiveRecord(
        id=new_id(),
        document_id=closed.document_id,
        correlation_id=closed.correlation_id,
        number=filing.number,
        series=filing.series,
        item=filing.parts.item,
        division_code=filing.fonds.division,
        fonds_code=series.fonds,
        fonds_name=filing.fonds.name,
        category=series.category,
        year=filing.year.year,
        year_explanation=filing.year.explanation,
        retention=series.retention.value,
        retention_rule=filing.retention.rule_code,
        retention_source=filing.retention.source,
        retention_explanation=filing.retention.explanation,
        schedule_version=filing.retention.schedule_version,
        unit_code=series.unit,
        owner_unit_id=closed.owner_unit_id,
        owner_unit_name=filing.fonds.unit_name,
        direction=dossier.direction.value,
        closed_at=closed.closed_at,
        filed_at=filing.filed_at,
        pages=_pages(package),
        described={name: in_words(value) for name, value in described.items()},
        dossier_digest=closed.dossier["digest"],
        package=asdict(ref),
        fixity=asdict(package.fixity),
        files=_files(package),
        checks=[asdict(check) for check in package.checks],
        failed_checks=len(failed(package.checks)),
        software=filing.software,
    )
    session.add(record)
    session.flush()
    searched = [described[name] for name in SEARCHED]
    terms = bigrams(record.number, *searched)
    session.add(ArchiveDescription(record_id=record.id, revision=1, terms=terms, **described))
    session.add_all(_links(record, dossier))
    session.flush()
    return record


def _links(record: ArchiveRecord, dossier: Dossier) -> list[RecordLink]:
    return [
        RecordLink(
            record_id=record.id,
            position=position,
            kind=link.kind.value,
            linked_id=link.document_id,
            number=link.number or "",
            title="".join(link.title.splitlines()),
        )
        for position, link in enumerate(dossier.links, start=1)
    ]


def _pages(package: Package) -> int | None:
    """The pages of original and attachments; None when those of one of them are not known."""
    counted = (ContentRole.ORIGINAL, ContentRole.ATTACHMENT)
    pages = [file.format.pages for file in package.contents if file.role in counted]
    known = [count for count in pages if count is not None]
    return sum(known) if known and len(known) == len(pages) else None


def _files(package: Package) -> list[dict[str, Any]]:
    contents = {file.path: file for file in package.contents}
    listed = []
    for path, fixity in package.files.items():
        content = contents.get(path)
        listed.append(
            {
                "path": path,
                "order": content.order if content else None,
                "role": content.role.value if content else None,
                "title": content.title if content else path.rpartition("/")[2],
                "source_name": content.source_name if content else None,
                "media_type": content.media_type if content else _media_type(path),
                **asdict(fixity),
            }
        )
    return sorted(listed, key=lambda file: (file["order"] is None, file["order"] or 0, file["path"]))


def _media_type(path: str) -> str:
    by_ending = {"xml": "application/xml", "json": "application/json"}
    return by_ending.get(path.rpartition(".")[2], "text/plain; charset=utf-8")


def _tell(session: Session, actor: Actor, *, record: ArchiveRecord, ref: BlobRef) -> None:
    outbox.record(
        session,
        actor,
        RecordArchived(
            archive_record_id=record.id,
            document_id=record.document_id,
            owner_unit_id=record.owner_unit_id,
            number=record.number,
            fonds_code=record.fonds_code,
            year=record.year,
            retention=record.retention,
            title=record.described["title"],
            package=Blob(digest=ref.digest, size=ref.size, media_type=ref.media_type, name=ref.name),
            archived_at=record.filed_at,
            system=SYSTEM_OF[record.direction],
        ),
    )
    audit.note(session, actor, at=record.filed_at, action="archives.file", subject=record.number)


def _decide_not_to_file(
    session: Session, actor: Actor, *, closed: ClosedDocument, retention: RetentionDecision, now: datetime
) -> None:
    _keep_decision(session, closed=closed, retention=retention, now=now)
    outbox.record(
        session,
        actor,
        DocumentNotFiled(
            document_id=closed.document_id,
            owner_unit_id=closed.owner_unit_id,
            rule_code=retention.rule_code,
            schedule_version=retention.schedule_version,
            explanation=retention.explanation,
            decided_at=now,
            system=SYSTEM_OF[closed.direction],
        ),
    )
    subject = str(closed.document_id)
    audit.note(session, actor, at=now, action="archives.decide_not_to_file", subject=subject)
    _settle(closed, FilingState.NOT_FILED, now=now)


def _keep_decision(
    session: Session, *, closed: ClosedDocument, retention: RetentionDecision, now: datetime
) -> None:
    """The first decision is kept; later ones come from rulings, which are kept themselves."""
    if session.get(NotFiledDecision, closed.document_id):
        return
    session.add(
        NotFiledDecision(
            document_id=closed.document_id,
            rule_code=retention.rule_code,
            material=retention.material,
            source=retention.source,
            schedule_version=retention.schedule_version,
            explanation=retention.explanation,
            decided_at=now,
        )
    )


def _settle(closed: ClosedDocument, state: FilingState, *, now: datetime) -> None:
    closed.state = state
    closed.attempts += 1
    closed.last_attempt_at = now
    closed.reasons = []
