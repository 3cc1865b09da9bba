"""What the notes service keeps."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import NAMING, TYPE_MAP


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = TYPE_MAP


class Note(Base):
    """A note, with the count of its changes."""

    __tablename__ = "note"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
