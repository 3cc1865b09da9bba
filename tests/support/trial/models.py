"""What the trial's handlers leave behind."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import NAMING, TYPE_MAP


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = TYPE_MAP


class Effect(Base):
    """One run of a handler that was committed; nothing keeps it from being there twice but the inbox."""

    __tablename__ = "effect"

    number: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    handler: Mapped[str]
    event_id: Mapped[UUID | None]
    subject: Mapped[UUID | None]
    sequence: Mapped[int | None]
    correlation_id: Mapped[UUID | None]
    causation_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
