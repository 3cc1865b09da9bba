"""What belongs to topics and meetings alike: their history, files, who may see them, and reminders already sent."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base
from shared.history import ActColumns


class MeetingAct(ActColumns, Base):
    """One act in the history of a topic, a call for topics or a meeting: who, in which post, did what, saying what."""

    __tablename__ = "meeting_act"
    __table_args__ = (sa.Index("ix_meeting_act_subject_id", "subject_id", "at", "id"),)

    subject_id: Mapped[UUID]


class MeetingFile(Base):
    """A file of a topic or a meeting: papers (材料), or what the suite made of it (会议通知, 会议记录).

    Content is in the blob store under `digest`. `characters` is the length of its text where that could be read.
    A removed file keeps its row and its `removed_at`. A paper that comes after the freeze is first `asked` for; only
    the chair's leave, which stays on record, makes it one of the meeting's papers.
    """

    __tablename__ = "meeting_file"
    __table_args__ = (
        sa.Index("ix_meeting_file_subject_id", "subject_id", "role", "position"),
        sa.CheckConstraint("role IN ('paper', 'notice', 'record')", name="role_known"),
        sa.CheckConstraint("leave IN ('', 'asked', 'granted', 'refused')", name="leave_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    role: Mapped[str]
    position: Mapped[int] = mapped_column(sa.Integer)
    title: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str]
    characters: Mapped[int | None] = mapped_column(sa.Integer)
    added_at: Mapped[datetime]
    added_by_person_id: Mapped[UUID | None]
    added_by_name: Mapped[str]
    removed_at: Mapped[datetime | None]
    leave: Mapped[str] = mapped_column(default="")
    leave_reason: Mapped[str] = mapped_column(default="")
    leave_opinion: Mapped[str] = mapped_column(default="")
    leave_by_name: Mapped[str] = mapped_column(default="")
    leave_at: Mapped[datetime | None]


class Sight(Base):
    """Who may see a topic, a call or a meeting, and as what.

    `holder_id` names a post (reason `post`), or an organ: its staff for meetings (reason `staff`) or those of it who
    may put topics forward (reason `submitters`).
    """

    __tablename__ = "sight"
    __table_args__ = (
        sa.Index("ix_sight_holder_id", "holder_id", "reason", "subject_id"),
        sa.CheckConstraint("reason IN ('post', 'staff', 'submitters')", name="reason_known"),
    )

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)


class Reminder(Base):
    """A reminder that was sent; the key sees to it that none is sent twice."""

    __tablename__ = "reminder"

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
