"""A meeting from plan to record, its agenda, and who was invited and came."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.models.base import Base


class Meeting(Base):
    """One meeting of one organ.

    `chair_post_id` presides and approves, `convener_post_id` decides who may stay away or send somebody else.
    `number` is that of the notice (〔2026〕12号); `within_quota` and `quota_waiver` say how the notice stood to the
    year's plan, `findings` which warnings it was called against. `revision` is the ETag.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index("ix_meeting_terms", "terms", postgresql_using="gin"),
        sa.Index("ix_meeting_quota", "unit_id", "year", "kind"),
        sa.Index("ix_meeting_state", "state", "starts_at"),
        sa.UniqueConstraint("unit_id", "number"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        sa.CheckConstraint("(number IS NULL) = (called_at IS NULL)", name="called_with_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    kind: Mapped[str]
    grade: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    comprehensive: Mapped[bool] = mapped_column(default=False)
    conveys_only: Mapped[bool] = mapped_column(default=False)
    speech_minutes: Mapped[int | None] = mapped_column(sa.Integer)
    expected_people: Mapped[int | None] = mapped_column(sa.Integer)
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer, default=1)
    correlation_id: Mapped[UUID]
    terms: Mapped[list[str]] = mapped_column(deferred=True)

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    reply_by: Mapped[datetime | None]
    chair_post_id: Mapped[UUID]
    convener_post_id: Mapped[UUID]
    organiser_person_id: Mapped[UUID | None]
    organiser_post_id: Mapped[UUID]
    organiser_name: Mapped[str]

    number: Mapped[str | None]
    year: Mapped[int | None] = mapped_column(sa.Integer)
    within_quota: Mapped[bool] = mapped_column(default=True)
    quota_waiver: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[dict[str, Any]]]

    planned_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]
    # A closed meeting whose record could not be made is tried again after this.
    conclude_after: Mapped[datetime | None]
    # What waits for its organisers, and nobody could take, is given out again after this.
    give_after: Mapped[datetime | None]


class AgendaItem(Base):
    """One point of a meeting's agenda: an approved topic, or a matter named by the organiser.

    After the freeze it is first `asked` for; only the chair's leave, which stays on record, puts it on the agenda.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.Index("ix_agenda_item_meeting_id", "meeting_id", "position"),
        sa.Index("ix_agenda_item_topic_id", "topic_id"),
        sa.CheckConstraint(
            "state IN ('asked', 'refused', 'planned', 'heard', 'postponed', 'removed')", name="state_known"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    topic_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("topic.id"))
    position: Mapped[int] = mapped_column(sa.Integer)
    title: Mapped[str]
    minutes: Mapped[int | None] = mapped_column(sa.Integer)
    reporting_unit_id: Mapped[UUID | None]
    reporting_unit_name: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    outcome_note: Mapped[str] = mapped_column(default="")
    leave_reason: Mapped[str] = mapped_column(default="")
    leave_opinion: Mapped[str] = mapped_column(default="")
    leave_by_name: Mapped[str] = mapped_column(default="")
    leave_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by_name: Mapped[str]


class Invitation(Base):
    """One seat of a meeting: a post that was invited, or a unit that names who comes; its answer and who came.

    `state` is where the answer stands, `attendance` who came: '' until it is known. `agenda_item_ids` limits an
    observer (列席) to some items, empty means all. `stood_in` says that the stand-in came for the invited post.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.Index("ix_invitation_meeting_id", "meeting_id", "position"),
        sa.Index(
            "uq_invitation_post",
            "meeting_id",
            "post_id",
            unique=True,
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
        sa.Index("ix_invitation_post_id", "post_id"),
        sa.Index("ix_invitation_stand_in_post_id", "stand_in_post_id"),
        sa.CheckConstraint("role IN ('attendee', 'observer')", name="role_known"),
        sa.CheckConstraint(
            "state IN ('naming', 'waiting', 'attending', 'leave_asked', 'excused', 'stand_in_asked', 'stand_in')",
            name="state_known",
        ),
        sa.CheckConstraint(
            "attendance IN ('', 'present', 'late', 'absent', 'excused')", name="attendance_known"
        ),
        sa.CheckConstraint("state <> 'stand_in' OR stand_in_post_id IS NOT NULL", name="stand_in_named"),
        sa.CheckConstraint("post_id IS NOT NULL OR state = 'naming'", name="post_or_naming"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    position: Mapped[int] = mapped_column(sa.Integer)
    role: Mapped[str]
    unit_id: Mapped[UUID]
    unit_name: Mapped[str]
    post_id: Mapped[UUID | None]
    post_title: Mapped[str] = mapped_column(default="")
    person_name: Mapped[str] = mapped_column(default="")
    agenda_item_ids: Mapped[list[UUID]]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    stand_in_post_id: Mapped[UUID | None]
    stand_in_title: Mapped[str] = mapped_column(default="")
    stand_in_name: Mapped[str] = mapped_column(default="")
    stand_in_unit_name: Mapped[str] = mapped_column(default="")
    decision_opinion: Mapped[str] = mapped_column(default="")
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    opened_by_name: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]

    attendance: Mapped[str] = mapped_column(default="")
    stood_in: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime | None]
    arrived_how: Mapped[str] = mapped_column(default="")
