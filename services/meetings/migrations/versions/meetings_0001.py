"""Topics, meetings with their agenda and invitations, minutes and decisions, and what belongs to all of them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "meetings_0001"
down_revision = None
branch_labels = ("meetings",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("comprehensive", sa.Boolean(), nullable=False),
        sa.Column("conveys_only", sa.Boolean(), nullable=False),
        sa.Column("speech_minutes", sa.Integer(), nullable=True),
        sa.Column("expected_people", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chair_post_id", sa.Uuid(), nullable=False),
        sa.Column("convener_post_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_person_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_post_id", sa.Uuid(), nullable=False),
        sa.Column("organiser_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("within_quota", sa.Boolean(), nullable=False),
        sa.Column("quota_waiver", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclude_after", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (called_at IS NULL)", name=op.f("ck_meeting_called_with_number")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_meeting_unit_id_number")),
    )
    op.create_index("ix_meeting_quota", "meeting", ["unit_id", "year", "kind"], unique=False)
    op.create_index("ix_meeting_state", "meeting", ["state", "starts_at"], unique=False)
    op.create_index("ix_meeting_terms", "meeting", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "meeting_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("post_title", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("on_behalf_post_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_name", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_act")),
    )
    op.create_index("ix_meeting_act_subject_id", "meeting_act", ["subject_id", "at", "id"], unique=False)
    op.create_table(
        "meeting_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('paper', 'notice', 'record')", name=op.f("ck_meeting_file_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_file")),
    )
    op.create_index(
        "ix_meeting_file_subject_id", "meeting_file", ["subject_id", "role", "position"], unique=False
    )
    op.create_table(
        "reminder",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "occasion", name=op.f("pk_reminder")),
    )
    op.create_table(
        "sight",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason IN ('post', 'staff', 'submitters')", name=op.f("ck_sight_reason_known")),
        sa.PrimaryKeyConstraint("subject_id", "holder_id", "reason", name=op.f("pk_sight")),
    )
    op.create_index("ix_sight_holder_id", "sight", ["holder_id", "reason", "subject_id"], unique=False)
    op.create_table(
        "topic_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("meeting_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("unit_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_topic_call_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_call")),
    )
    op.create_index("ix_topic_call_unit_id", "topic_call", ["unit_id", "id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("post_title", sa.Text(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("agenda_item_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stand_in_post_id", sa.Uuid(), nullable=True),
        sa.Column("stand_in_title", sa.Text(), nullable=False),
        sa.Column("stand_in_name", sa.Text(), nullable=False),
        sa.Column("stand_in_unit_name", sa.Text(), nullable=False),
        sa.Column("decision_opinion", sa.Text(), nullable=False),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.Column("stood_in", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_how", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "attendance IN ('', 'present', 'late', 'absent', 'excused')",
            name=op.f("ck_invitation_attendance_known"),
        ),
        sa.CheckConstraint(
            "post_id IS NOT NULL OR state = 'naming'", name=op.f("ck_invitation_post_or_naming")
        ),
        sa.CheckConstraint("role IN ('attendee', 'observer')", name=op.f("ck_invitation_role_known")),
        sa.CheckConstraint(
            "state <> 'stand_in' OR stand_in_post_id IS NOT NULL", name=op.f("ck_invitation_stand_in_named")
        ),
        sa.CheckConstraint(
            "state IN ('naming', 'waiting', 'attending', 'leave_asked', 'excused', 'stand_in_asked', 'stand_in')",
            name=op.f("ck_invitation_state_known"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_meeting_id", "invitation", ["meeting_id", "position"], unique=False)
    op.create_index("ix_invitation_post_id", "invitation", ["post_id"], unique=False)
    op.create_index("ix_invitation_stand_in_post_id", "invitation", ["stand_in_post_id"], unique=False)
    op.create_index(
        "uq_invitation_post",
        "invitation",
        ["meeting_id", "post_id"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "minutes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("receivers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("drafter_person_id", sa.Uuid(), nullable=False),
        sa.Column("drafter_post_id", sa.Uuid(), nullable=False),
        sa.Column("drafter_name", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_name", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rendered", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "state IN ('drafting', 'submitted', 'approved', 'drafted', 'issued')",
            name=op.f("ck_minutes_state_known"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_minutes_version_counts_from_one")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
    )
    op.create_index("ix_minutes_document_id", "minutes", ["document_id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("submitting_unit_id", sa.Uuid(), nullable=False),
        sa.Column("submitting_unit_name", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("units_involved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("coordinated", sa.Text(), nullable=False),
        sa.Column("coordination", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("submitter_person_id", sa.Uuid(), nullable=True),
        sa.Column("submitter_post_id", sa.Uuid(), nullable=True),
        sa.Column("submitter_name", sa.Text(), nullable=False),
        sa.Column("chair_post_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_name", sa.Text(), nullable=False),
        sa.Column("pooled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pool_reason", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "coordinated IN ('none_needed', 'agreed', 'disputed', 'pending')",
            name=op.f("ck_topic_coordinated_known"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["topic_call.id"], name=op.f("fk_topic_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index("ix_topic_call_id", "topic", ["call_id"], unique=False)
    op.create_index("ix_topic_meeting_id", "topic", ["meeting_id"], unique=False)
    op.create_index("ix_topic_terms", "topic", ["terms"], unique=False, postgresql_using="gin")
    op.create_index("ix_topic_unit_id", "topic", ["unit_id", "state", "id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reporting_unit_id", sa.Uuid(), nullable=True),
        sa.Column("reporting_unit_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("leave_reason", sa.Text(), nullable=False),
        sa.Column("leave_opinion", sa.Text(), nullable=False),
        sa.Column("leave_by_name", sa.Text(), nullable=False),
        sa.Column("leave_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'refused', 'planned', 'heard', 'postponed', 'removed')",
            name=op.f("ck_agenda_item_state_known"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_agenda_item_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_meeting_id", "agenda_item", ["meeting_id", "position"], unique=False)
    op.create_index("ix_agenda_item_topic_id", "agenda_item", ["topic_id"], unique=False)
    op.create_table(
        "minutes_version",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("saved_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_version_minutes_id")),
        sa.PrimaryKeyConstraint("minutes_id", "number", name=op.f("pk_minutes_version")),
    )
    op.create_table(
        "topic_advice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("post_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stance", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_name", sa.Text(), nullable=False),
        sa.Column("given_by_post", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stance IN ('agree', 'agree_with_changes', 'disagree')", name=op.f("ck_topic_advice_stance_known")
        ),
        sa.CheckConstraint(
            "(stance IS NULL) = (given_at IS NULL)", name=op.f("ck_topic_advice_given_with_stance")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_advice_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_advice")),
    )
    op.create_index("ix_topic_advice_topic_id", "topic_advice", ["topic_id", "asked_at"], unique=False)
    op.create_index(
        "uq_topic_advice_waiting",
        "topic_advice",
        ["topic_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("given_at IS NULL"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("agenda_item_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lead_unit_id", sa.Uuid(), nullable=False),
        sa.Column("lead_unit_name", sa.Text(), nullable=False),
        sa.Column("assistants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_name", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiver_reason", sa.Text(), nullable=False),
        sa.Column("waived_by_name", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("task_state", sa.Text(), nullable=False),
        sa.Column("task_number", sa.Text(), nullable=False),
        sa.Column("task_light", sa.Text(), nullable=False),
        sa.Column("task_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task_original_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task_extensions", sa.Integer(), nullable=False),
        sa.Column("task_progress", sa.Integer(), nullable=True),
        sa.Column("task_slips", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("task_outcome", sa.Text(), nullable=False),
        sa.Column("task_in_time", sa.Boolean(), nullable=True),
        sa.Column("task_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "task_state IN ('', 'registered', 'established', 'rejected', 'cancelled', 'closed')",
            name=op.f("ck_decision_task_state_known"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (recorded_at IS NULL)", name=op.f("ck_decision_recorded_with_number")
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_decision_agenda_item_id")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "meeting_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_decision_meeting_id_position"),
        ),
        sa.UniqueConstraint("task_id", name=op.f("uq_decision_task_id")),
    )
    op.create_index("ix_decision_lead_unit_id", "decision", ["lead_unit_id", "id"], unique=False)
