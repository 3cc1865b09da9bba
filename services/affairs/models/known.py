"""What the suite holds elsewhere and affairs may offer instead of asking for it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class KnownDocument(Base):
    """A document that an organ issued, as documents told; its own staff may hand it in without uploading it."""

    __tablename__ = "known_document"
    __table_args__ = (sa.Index("ix_known_document_unit_id", "unit_id", "issued_at", "document_id"),)

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    number: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    issued_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    media_type: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
