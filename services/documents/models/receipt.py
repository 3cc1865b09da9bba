"""How far each receiving unit has got with a document that was issued to it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.documents.models.base import Base


class Receipt(Base):
    """One receiving unit of one issued document: sent, delivered, signed for, or returned with reason."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "unit_id"),
        sa.Index("ix_receipt_incoming_id", "incoming_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"))
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    received_as: Mapped[str]
    state: Mapped[str]
    incoming_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    person_name: Mapped[str] = mapped_column(default="")
    post_title: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    signed_for_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
