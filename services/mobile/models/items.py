"""What people have to do, have done and have started.

The events of one item may arrive in any order and more than once. A row is therefore made of groups of columns, each
with the sequence of the event that wrote it last: a group only ever takes a later event, so that every order of
arrival ends in the same row. A row may exist before the event that opened the item; nobody is shown it until then.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.mobile.models.base import Base
from shared.search import TERMS, terms_index


class InboxItem(Base):
    """One post's work item of any service (待办、待阅、已办、已阅).

    Group `opened`: what it is about and who has it. Group `dated`: until when; the opening event writes it too.
    Group `state`: where it stands, who acted and on whose behalf. Group `read`: when it was first looked at. Group
    `reminded`: 催办. Title, number and urgency are those of `SubjectFacts` as soon as there are any.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (
        sa.Index(
            "ix_inbox_item_open",
            "post_id",
            sa.text("received_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("state = 'open' AND received_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_inbox_item_acted",
            "acted_person_id",
            sa.text("done_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("acted_person_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_inbox_item_acted_for",
            "for_person_id",
            sa.text("done_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("for_person_id IS NOT NULL"),
        ),
        sa.Index("ix_inbox_item_subject_id", "subject_id"),
        sa.Index("ix_inbox_item_work_id", "work_id"),
        sa.Index("ix_inbox_item_correlation_id", "correlation_id"),
        terms_index("ix_inbox_item_terms", "terms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    correlation_id: Mapped[UUID]

    opened_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    work_id: Mapped[UUID | None]
    system: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str] = mapped_column(default="")
    document_kind: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    step_id: Mapped[str] = mapped_column(default="")
    step: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    work_kind: Mapped[str] = mapped_column(default="")
    post_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    sender_name: Mapped[str] = mapped_column(default="")
    sender_post_id: Mapped[UUID | None]
    received_at: Mapped[datetime | None]
    terms: Mapped[list[str]] = mapped_column(TERMS, default=list)

    dated_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    deadline: Mapped[datetime | None]

    state_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    state: Mapped[str] = mapped_column(default="open")
    done_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    acted_person_id: Mapped[UUID | None]
    acted_person_name: Mapped[str] = mapped_column(default="")
    acted_post_id: Mapped[UUID | None]
    for_person_id: Mapped[UUID | None]
    for_post_id: Mapped[UUID | None]

    read_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    read_at: Mapped[datetime | None]

    reminded_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    reminders: Mapped[int] = mapped_column(sa.Integer, default=0)
    reminded_at: Mapped[datetime | None]
    reminder_note: Mapped[str] = mapped_column(default="")

    answered_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    answered_at: Mapped[datetime | None]


class StartedWork(Base):
    """A piece of work that somebody put on its way (我发起的); groups `opened` and `state` as above."""

    __tablename__ = "started_work"
    __table_args__ = (
        sa.Index("ix_started_work_person_id", "person_id", sa.text("started_at DESC"), sa.text("id DESC")),
        sa.Index("ix_started_work_subject_id", "subject_id"),
        sa.Index("ix_started_work_correlation_id", "correlation_id"),
        terms_index("ix_started_work_terms", "terms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    correlation_id: Mapped[UUID]

    opened_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    system: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str] = mapped_column(default="")
    document_kind: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    flow: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    person_name: Mapped[str] = mapped_column(default="")
    post_id: Mapped[UUID | None]
    started_at: Mapped[datetime | None]
    terms: Mapped[list[str]] = mapped_column(TERMS, default=list)

    state_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    state: Mapped[str] = mapped_column(default="running")
    ended_at: Mapped[datetime | None]


class SubjectFacts(Base):
    """What a subject is called now, as its own events tell; null until one of them did.

    The row is locked by whoever opens an item of the subject or renames it, so that neither misses the other.
    """

    __tablename__ = "subject_facts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revised_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    title: Mapped[str | None]
    urgency: Mapped[str | None]
    numbered_sequence: Mapped[int] = mapped_column(sa.Integer, default=0)
    number: Mapped[str | None]
