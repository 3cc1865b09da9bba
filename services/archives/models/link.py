"""Which items belong together, as each said of itself when it was filed."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.archives.models.base import Base


class RecordLink(Base):
    """One related item that a record named when it was filed; rows are only added.

    `linked_id` is the other item as its own service knows it: its record, if there is one by now, is found by that,
    whichever of the two was filed first. A sealed package never changes for it.
    """

    __tablename__ = "record_link"
    __table_args__ = (sa.Index("ix_record_link_linked_id", "linked_id"),)

    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("archive_record.id"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    kind: Mapped[str]
    linked_id: Mapped[UUID | None]
    number: Mapped[str]
    title: Mapped[str]
