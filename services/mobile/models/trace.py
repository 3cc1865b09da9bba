"""Every event of every service, as a person may read it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.mobile.models.base import Base


class TraceEntry(Base):
    """One event in a chain. `about_id` is what it is about for a person: the document behind a work item or a receipt.

    `rank` says who may read it and whether a timeline draws it (`services.mobile.domain.sentences`).
    """

    __tablename__ = "trace_entry"
    __table_args__ = (
        sa.Index("ix_trace_entry_correlation_id", "correlation_id", "at", "id"),
        sa.Index("ix_trace_entry_about_id", "about_id"),
        # Since when somebody uses the suite.
        sa.Index("ix_trace_entry_person_id", "person_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    correlation_id: Mapped[UUID]
    causation_id: Mapped[UUID | None]
    service: Mapped[str]
    key: Mapped[str]
    subject_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(sa.Integer)
    about_id: Mapped[UUID]
    rank: Mapped[str]
    sentence: Mapped[str]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str]
    post_id: Mapped[UUID | None]
    post_title: Mapped[str]
    unit_name: Mapped[str]
    for_person_id: Mapped[UUID | None]
    on_behalf_of: Mapped[str]
    to_post_id: Mapped[UUID | None]
