"""What the timers of this service leave alone for a while."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.affairs.models.base import Base


class TimerPause(Base):
    """An item that a timer could not see to: it is looked at again from `until` on, later with every failure."""

    __tablename__ = "timer_pause"

    timer: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(sa.Integer)
    until: Mapped[datetime]
