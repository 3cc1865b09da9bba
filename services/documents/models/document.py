"""A document (公文), sent or received, with its versions, files and history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models.base import Base
from shared.history import ActColumns


class Document(Base):
    """One document of one organ: a dispatch (发文) that it writes, or an incoming one (收文) that it received.

    `owner_unit_id` is the organ (机关) whose document it is, `office_unit_id` the inner office that handles it.
    `revision` counts changes and is the ETag. `elements` holds the elements that nobody searches by, as
    `services.documents.schemas` shows them. `terms` are the search terms of title, number, body and opinions.
    """

    __tablename__ = "document"
    __table_args__ = (
        sa.Index("ix_document_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_document_state", "state", "id"),
        sa.Index("ix_document_source_id", "source_id"),
        sa.Index("ix_document_reply_to_id", "reply_to_id"),
        sa.Index(
            "uq_document_origin",
            "origin_system",
            "origin_kind",
            "origin_id",
            unique=True,
            postgresql_where=sa.text("origin_id IS NOT NULL AND state <> 'abandoned'"),
        ),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("owner_unit_id", "source_id"),
        sa.UniqueConstraint("owner_unit_id", "incoming_number"),
        sa.CheckConstraint("direction IN ('dispatch', 'incoming')", name="direction_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    direction: Mapped[str]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    flow_instance_id: Mapped[UUID | None]

    owner_unit_id: Mapped[UUID]
    office_unit_id: Mapped[UUID]
    kind: Mapped[str]
    title: Mapped[str]
    urgency: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="document")
    elements: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    version_number: Mapped[int] = mapped_column(sa.Integer, default=1)
    # Thousands of words that only the search reads.
    terms: Mapped[list[str]] = mapped_column(deferred=True)

    issuing_code: Mapped[str | None]
    number: Mapped[str | None]
    dated: Mapped[date | None]

    drafter_person_id: Mapped[UUID | None]
    drafter_post_id: Mapped[UUID | None]
    drafter_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    # Of an incoming document: where it came from and how it was taken in.
    source_id: Mapped[UUID | None]
    sender_unit_id: Mapped[UUID | None]
    sender_name: Mapped[str | None]
    source_number: Mapped[str | None]
    received_as: Mapped[str | None]
    handling: Mapped[str | None]
    incoming_number: Mapped[str | None]
    received_at: Mapped[datetime | None]
    reply_to_id: Mapped[UUID | None]
    # Until when it must be answered or acted on, and which unit is to see to it (主办).
    answer_by: Mapped[date | None]
    answer_lead_unit_id: Mapped[UUID | None]

    # The item of another service that led to a dispatch, whole as `shared.events.origin.Origin` and by its key.
    origin_system: Mapped[str | None]
    origin_kind: Mapped[str | None]
    origin_id: Mapped[UUID | None]
    origin: Mapped[dict[str, Any] | None]


class DocumentVersion(Base):
    """A state of the text (过程稿), with who saved it; the newest is the document's text."""

    __tablename__ = "document_version"

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    title: Mapped[str]
    body: Mapped[list[str]]
    elements: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    saved_by_person_id: Mapped[UUID | None]
    saved_by_post_id: Mapped[UUID | None]
    saved_by_name: Mapped[str]


class DocumentFile(Base):
    """A file of a document: attachment (附件), original (原稿), rendered text (正本) or processing sheet (处理单).

    Content is in the blob store under `digest`. A removed attachment keeps its row and its `removed_at`.
    """

    __tablename__ = "document_file"
    __table_args__ = (
        sa.Index("ix_document_file_document_id", "document_id", "role", "position"),
        sa.CheckConstraint(
            "role IN ('attachment', 'original', 'rendered', 'processing_sheet')", name="role_known"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"))
    role: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)
    title: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str]
    added_at: Mapped[datetime]
    added_by_person_id: Mapped[UUID | None]
    added_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]


class DocumentAct(ActColumns, Base):
    """One act in a document's history: who, in which post, on whose behalf, did what at which step, saying what."""

    __tablename__ = "document_act"
    __table_args__ = (sa.Index("ix_document_act_document_id", "document_id", "at", "id"),)

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"))


class DocumentAccess(Base):
    """Who may see a document: a post that drafted it or has or had a work item on it, or the registry of a unit.

    `holder_id` names a post or an organ; for an organ the reader needs the registry permission in it.
    """

    __tablename__ = "document_access"
    __table_args__ = (sa.Index("ix_document_access_holder_id", "holder_id", "document_id"),)

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
