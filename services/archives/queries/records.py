"""Reading the register: records with the description that is valid today, their trail and their verifications."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.archives import errors
from services.archives.domain.archival_number import Retention
from services.archives.domain.closing import SYSTEM_OF, directions_of
from services.archives.domain.description import FIELD_NAMES
from services.archives.domain.metadata import NOT_CLASSIFIED
from services.archives.models import (
    ArchiveDescription,
    ArchiveRecord,
    MetadataCorrection,
    RecordVerification,
)
from services.archives.queries.links import list_linked
from services.archives.queries.periods import within_days
from services.archives.queries.visibility import kept_by
from shared.auth import Actor
from shared.search import found_by
from shared.web import Page, make_page, read_cursor

MOST_EXPORTED = 50_000
_HIDDEN = frozenset({"described", "files", "checks", "fixity", "series"})
_CATALOGUED: tuple[Any, ...] = (
    ArchiveRecord.number,
    ArchiveDescription.document_number,
    ArchiveDescription.issuer,
    ArchiveDescription.title,
    ArchiveDescription.dated,
    ArchiveRecord.pages,
    ArchiveDescription.note,
)
_EQUAL: dict[str, Any] = {
    "year": ArchiveRecord.year,
    "retention": ArchiveRecord.retention,
    "unit_id": ArchiveRecord.owner_unit_id,
    "direction": ArchiveRecord.direction,
    "document_id": ArchiveRecord.document_id,
    "fonds_code": ArchiveRecord.fonds_code,
    "kind": ArchiveDescription.kind,
}


def list_records(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """The records of the actor's units, newest first, by keyset."""
    wanted = _selected(session, actor, query)
    if query.get("after"):
        filed_at, last_id = read_cursor(query["after"], datetime, UUID)
        wanted = wanted.where(sa.tuple_(ArchiveRecord.filed_at, ArchiveRecord.id) < (filed_at, last_id))
    limit = query["limit"]
    ordered = wanted.order_by(ArchiveRecord.filed_at.desc(), ArchiveRecord.id.desc())
    rows = list(session.execute(ordered.limit(limit + 1)))
    page = make_page(rows, limit, lambda row: (row[0].filed_at, row[0].id))
    return Page([summary_of(*row) for row in page.items], page.next)


def list_for_export(session: Session, actor: Actor, *, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a catalogue (归档目录) of the same records, by series and item; Problem 422 over the limit."""
    wanted = _selected(session, actor, query).order_by(ArchiveRecord.series, ArchiveRecord.item)
    lines = wanted.with_only_columns(*_CATALOGUED, maintain_column_froms=True).limit(MOST_EXPORTED + 1)
    rows = session.execute(lines).mappings().all()
    if len(rows) > MOST_EXPORTED:
        raise errors.export_too_long(MOST_EXPORTED)
    return [{**row, "secrecy": NOT_CLASSIFIED} for row in rows]


def get_record(session: Session, actor: Actor, record_id: UUID) -> ArchiveRecord:
    """The record, if it is of a unit that the actor keeps; Problem 404 otherwise."""
    wanted = sa.select(ArchiveRecord).where(
        ArchiveRecord.id == record_id, kept_by(session, actor, ArchiveRecord.owner_unit_id)
    )
    record = session.scalars(wanted).one_or_none()
    if record is None:
        raise errors.record_not_found(record_id)
    return record


def list_ids_of_number(session: Session, number: str) -> list[UUID]:
    """The records of that archival number, for operators: each archive may have one. Problem 404 when there is none."""
    found = sa.select(ArchiveRecord.id).where(ArchiveRecord.number == number)
    ids = list(session.scalars(found.order_by(ArchiveRecord.division_code)))
    if not ids:
        raise errors.record_not_found(number)
    return ids


def list_record_ids(session: Session) -> list[UUID]:
    """Every record, oldest first."""
    return list(
        session.scalars(sa.select(ArchiveRecord.id).order_by(ArchiveRecord.filed_at, ArchiveRecord.id))
    )


def show_record(session: Session, actor: Actor, record_id: UUID) -> dict[str, Any]:
    """A record with its checks, its trail of corrections and its latest verification."""
    record = get_record(session, actor, record_id)
    description = session.get_one(ArchiveDescription, record.id)
    verifications = list_verifications(session, record.id, limit=1)
    return {
        **summary_of(record, description),
        **{name: getattr(record, name) for name in ("fixity", "files", "checks")},
        "filed_description": record.described,
        "corrections": list_corrections(session, record.id),
        "linked_items": list_linked(session, actor, record),
        "last_verification": verifications[0] if verifications else None,
    }


def lock_description(session: Session, record_id: UUID) -> ArchiveDescription:
    """The description, held until the end of the transaction, so that corrections come one after the other."""
    return session.scalars(
        sa.select(ArchiveDescription)
        .where(ArchiveDescription.record_id == record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_corrections(session: Session, record_id: UUID) -> list[dict[str, Any]]:
    """The trail of a description, oldest first."""
    rows = session.scalars(
        sa.select(MetadataCorrection)
        .where(MetadataCorrection.record_id == record_id)
        .order_by(MetadataCorrection.at, MetadataCorrection.id)
    )
    return [
        {
            **{column.key: getattr(row, column.key) for column in sa.inspect(MetadataCorrection).columns},
            "label": FIELD_NAMES.get(row.field, row.field),
        }
        for row in rows
    ]


def list_verifications(session: Session, record_id: UUID, *, limit: int = 100) -> list[RecordVerification]:
    """When the package was verified and what was found, newest first."""
    return list(
        session.scalars(
            sa.select(RecordVerification)
            .where(RecordVerification.record_id == record_id)
            .order_by(RecordVerification.at.desc(), RecordVerification.id.desc())
            .limit(limit)
        )
    )


def get_file(record: ArchiveRecord, path: str) -> dict[str, Any]:
    """A file of the package by its path; Problem 404 when there is none."""
    for file in record.files:
        if file["path"] == path:
            return file
    raise errors.file_not_found(path)


def summary_of(record: ArchiveRecord, description: ArchiveDescription) -> dict[str, Any]:
    """A record's own facts with today's description."""
    names = [column.key for column in sa.inspect(ArchiveRecord).columns if column.key not in _HIDDEN]
    return {
        **{name: getattr(record, name) for name in names},
        **{name: getattr(description, name) for name in (*FIELD_NAMES, "revision")},
        "system": SYSTEM_OF[record.direction],
        "retention_term": Retention(record.retention).term,
        "secrecy": NOT_CLASSIFIED,
    }


def _selected(
    session: Session, actor: Actor, query: Mapping[str, Any]
) -> sa.Select[ArchiveRecord, ArchiveDescription]:
    wanted = (
        sa.select(ArchiveRecord, ArchiveDescription)
        .join(ArchiveDescription, ArchiveDescription.record_id == ArchiveRecord.id)
        .where(kept_by(session, actor, ArchiveRecord.owner_unit_id))
        .where(*within_days(ArchiveRecord.filed_at, query, name="filed"))
    )
    for name, column in _EQUAL.items():
        if query.get(name):
            wanted = wanted.where(column == query[name])
    if query.get("system"):
        wanted = wanted.where(ArchiveRecord.direction.in_(directions_of(query["system"])))
    if query.get("dated_from"):
        wanted = wanted.where(ArchiveDescription.dated >= query["dated_from"])
    if query.get("dated_to"):
        wanted = wanted.where(ArchiveDescription.dated <= query["dated_to"])
    if query.get("q"):
        wanted = wanted.where(found_by(ArchiveDescription.terms, query["q"]))
    return wanted
