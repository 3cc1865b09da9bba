"""The feed of inbox changes, from which streams are served and resumed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.mobile.models.base import Base


class InboxChange(Base):
    """Something changed in the inbox of a post, or of persons by name (what they did, what they started).

    Positions are given before the commit, so a later one may be visible first. A trigger makes every writer hold a
    shared advisory lock from before its position until its commit; a reader that takes the lock for itself
    (`services.mobile.push.gate`) sees a feed without a gap that could still fill.
    """

    __tablename__ = "inbox_change"
    __table_args__ = (sa.Index("ix_inbox_change_at", "at"),)

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    item_id: Mapped[UUID]
    is_work: Mapped[bool] = mapped_column(default=False)
    post_id: Mapped[UUID | None]
    person_ids: Mapped[list[UUID]]
