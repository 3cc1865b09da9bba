"""The register of archives (归档登记): records that never change, and what is written about them besides."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.archives.models.base import Base

WHOLE = "whole"


class ArchiveRecord(Base):
    """One filed item (件): its number, decisions, package and fixity, exactly as filed. Triggers refuse any change.

    A number is unique in the archive of its division. `package` names the sealed package in the blob store; `fixity`
    is its size and SHA-256, SHA-512, SM3 in hex.
    `files` lists every file of the package with path, role, size and digests; `checks` is the report of the four
    checks (四性检测), `failed_checks` how many were not passed. `described` holds the metadata as filed;
    `ArchiveDescription` is what is valid today. The large columns are read only where they are asked for.
    """

    __tablename__ = "archive_record"
    __table_args__ = (
        sa.UniqueConstraint("document_id"),
        sa.UniqueConstraint("division_code", "number"),
        sa.UniqueConstraint("series", "item"),
        sa.Index("ix_archive_record_filed_at", "filed_at", "id"),
        sa.Index("ix_archive_record_owner_unit_id", "owner_unit_id", "filed_at", "id"),
        sa.Index("ix_archive_record_year", "year", "retention", "filed_at", "id"),
        sa.CheckConstraint("retention IN ('Y', 'D30', 'D10')", name="retention_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("closed_document.document_id"))
    correlation_id: Mapped[UUID]
    number: Mapped[str]
    series: Mapped[str]
    item: Mapped[int] = mapped_column(sa.BigInteger)
    division_code: Mapped[str]
    fonds_code: Mapped[str]
    fonds_name: Mapped[str]
    category: Mapped[str]
    year: Mapped[int] = mapped_column(sa.Integer)
    year_explanation: Mapped[str]
    retention: Mapped[str]
    retention_rule: Mapped[str]
    retention_source: Mapped[str]
    retention_explanation: Mapped[str]
    schedule_version: Mapped[str]
    unit_code: Mapped[str | None]
    owner_unit_id: Mapped[UUID]
    owner_unit_name: Mapped[str]
    direction: Mapped[str]
    closed_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    pages: Mapped[int | None] = mapped_column(sa.Integer)
    dossier_digest: Mapped[str]
    package: Mapped[dict[str, Any]]
    software: Mapped[str]
    failed_checks: Mapped[int] = mapped_column(sa.Integer)
    described: Mapped[dict[str, Any]] = mapped_column(deferred=True, deferred_group=WHOLE)
    fixity: Mapped[dict[str, Any]] = mapped_column(deferred=True, deferred_group=WHOLE)
    files: Mapped[list[dict[str, Any]]] = mapped_column(deferred=True, deferred_group=WHOLE)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(deferred=True, deferred_group=WHOLE)


class ArchiveDescription(Base):
    """The description (著录) of a record as it is valid today; every change has its `MetadataCorrection`.

    `terms` are the search terms; `revision` counts changes and is the ETag.
    """

    __tablename__ = "archive_description"
    __table_args__ = (
        sa.Index("ix_archive_description_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_archive_description_dated", "dated"),
        sa.Index("ix_archive_description_kind", "kind"),
    )

    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("archive_record.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    title: Mapped[str]
    document_number: Mapped[str]
    issuer: Mapped[str]
    kind: Mapped[str]
    dated: Mapped[date]
    unit_title: Mapped[str]
    subject_class: Mapped[str]
    keywords: Mapped[str]
    note: Mapped[str]
    terms: Mapped[list[str]]


class MetadataCorrection(Base):
    """One corrected field of a description: from what to what, by whom, when and why. Rows are only added."""

    __tablename__ = "metadata_correction"
    __table_args__ = (sa.Index("ix_metadata_correction_record_id", "record_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("archive_record.id"))
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_title: Mapped[str]
    unit_name: Mapped[str]
    reason: Mapped[str]
    field: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]


class RecordVerification(Base):
    """What recomputing the digests of a package found (长期保存检测), each time it was done. Rows are only added."""

    __tablename__ = "record_verification"
    __table_args__ = (sa.Index("ix_record_verification_record_id", "record_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("archive_record.id"))
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    sound: Mapped[bool]
    files_checked: Mapped[int] = mapped_column(sa.Integer)
    findings: Mapped[list[dict[str, Any]]]
    fixity: Mapped[dict[str, Any] | None]
