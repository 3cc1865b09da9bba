"""Minutes (纪要) of a meeting, every version of their text, and how they were issued."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class Minutes(Base):
    """The minutes of one meeting; `version` is the newest one and the ETag.

    `document_id` and `number` are those of the 纪要 that documents drafted and issued of them, `rendered` its PDF.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id"),
        sa.Index("ix_minutes_document_id", "document_id"),
        sa.CheckConstraint(
            "state IN ('drafting', 'submitted', 'approved', 'drafted', 'issued')", name="state_known"
        ),
        sa.CheckConstraint("version > 0", name="version_counts_from_one"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(sa.Integer)
    title: Mapped[str]
    receivers: Mapped[list[dict[str, Any]]]
    drafter_person_id: Mapped[UUID]
    drafter_post_id: Mapped[UUID]
    drafter_name: Mapped[str]
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    content_digest: Mapped[str | None]
    document_id: Mapped[UUID | None]
    number: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    rendered: Mapped[dict[str, Any] | None]


class MinutesVersion(Base):
    """One state of the text, with who saved it; none is ever removed."""

    __tablename__ = "minutes_version"

    minutes_id: Mapped[UUID] = mapped_column(sa.ForeignKey("minutes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    title: Mapped[str]
    body: Mapped[list[str]]
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    saved_by_person_id: Mapped[UUID | None]
    saved_by_name: Mapped[str]
