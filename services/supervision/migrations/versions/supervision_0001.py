"""The supervision service"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "supervision_0001"
down_revision = None
branch_labels = ("supervision",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rests_from", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("external_ref", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("origin_system", sa.Text(), nullable=False),
        sa.Column("origin_kind", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("origin_title", sa.Text(), nullable=False),
        sa.Column("origin_number", sa.Text(), nullable=False),
        sa.Column("origin_link", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("instructor_post_id", sa.Uuid(), nullable=True),
        sa.Column("instructor_name", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("officer_post_id", sa.Uuid(), nullable=True),
        sa.Column("leader_post_id", sa.Uuid(), nullable=True),
        sa.Column("leader_name", sa.Text(), nullable=False),
        sa.Column("lead_unit_id", sa.Uuid(), nullable=True),
        sa.Column("lead_unit_name", sa.Text(), nullable=False),
        sa.Column("lead_post_id", sa.Uuid(), nullable=True),
        sa.Column("holder_post_id", sa.Uuid(), nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("half_days", sa.Integer(), nullable=True),
        sa.Column("original_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("light_turned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback_half_days", sa.Integer(), nullable=True),
        sa.Column("feedback_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_name", sa.Text(), nullable=False),
        sa.Column("established_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_for_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closure_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_in_time", sa.Boolean(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_digest", sa.Text(), nullable=False),
        sa.CheckConstraint("due_on IS NULL OR half_days IS NULL", name=op.f("ck_task_one_limit")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_task_progress_is_percent")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_task_score_known")),
        sa.ForeignKeyConstraint(["follows_id"], ["task.id"], name=op.f("fk_task_follows_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["task.id"], name=op.f("fk_task_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_task_unit_id_number")),
    )
    op.create_index("ix_task_lead_unit_id", "task", ["lead_unit_id", "id"], unique=False)
    op.create_index(
        "ix_task_next_at", "task", ["next_at"], unique=False, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index("ix_task_origin_id", "task", ["origin_id"], unique=False)
    op.create_index("ix_task_parent_id", "task", ["parent_id"], unique=False)
    op.create_index("ix_task_terms", "task", ["terms"], unique=False, postgresql_using="gin")
    op.create_index("ix_task_unit_id", "task", ["unit_id", "id"], unique=False)
    op.create_index(
        "uq_task_cause",
        "task",
        ["origin_system", "origin_id", "cause"],
        unique=True,
        postgresql_where=sa.text("cause <> ''"),
    )
    op.create_index(
        "uq_task_external_ref",
        "task",
        ["unit_id", "source", "external_ref"],
        unique=True,
        postgresql_where=sa.text("external_ref <> ''"),
    )
    op.create_table(
        "task_access",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('supervisor', 'lead', 'assistant', 'work_item', 'instructor')",
            name=op.f("ck_task_access_reason_known"),
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_access_task_id")),
        sa.PrimaryKeyConstraint("task_id", "holder_id", "reason", name=op.f("pk_task_access")),
    )
    op.create_index(
        "ix_task_access_holder_id", "task_access", ["holder_id", "reason", "task_id"], unique=False
    )
    op.create_table(
        "task_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_act_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_act")),
    )
    op.create_index("ix_task_act_task_id", "task_act", ["task_id", "at", "id"], unique=False)
    op.create_table(
        "task_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('lead', 'assistant', 'document')", name=op.f("ck_task_feedback_kind_known")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_feedback_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_feedback")),
    )
    op.create_index("ix_task_feedback_task_id", "task_feedback", ["task_id", "at", "id"], unique=False)
    op.create_table(
        "task_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_file_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_file")),
    )
    op.create_index("ix_task_file_task_id", "task_file", ["task_id", "added_at"], unique=False)
    op.create_table(
        "task_goal",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("progress BETWEEN 1 AND 100", name=op.f("ck_task_goal_progress_is_percent")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_goal_task_id")),
        sa.PrimaryKeyConstraint("task_id", "on", name=op.f("pk_task_goal")),
    )
    op.create_table(
        "task_link",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_link_task_id")),
        sa.PrimaryKeyConstraint("task_id", "kind", "item_id", name=op.f("pk_task_link")),
    )
    op.create_index("ix_task_link_item_id", "task_link", ["item_id"], unique=False)
    op.create_table(
        "task_party",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('lead', 'assistant')", name=op.f("ck_task_party_role_known")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_party_task_id")),
        sa.PrimaryKeyConstraint("task_id", "unit_id", name=op.f("pk_task_party")),
    )
    op.create_index("ix_task_party_unit_id", "task_party", ["unit_id", "task_id"], unique=False)
    op.create_index(
        "uq_task_party_lead",
        "task_party",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("role = 'lead'"),
    )
    op.create_table(
        "task_reminder",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("post_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_reminder_task_id")),
        sa.PrimaryKeyConstraint("task_id", "due_at", "occasion", name=op.f("pk_task_reminder")),
    )
    op.create_table(
        "task_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('extension', 'return')", name=op.f("ck_task_request_kind_known")),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'lapsed')", name=op.f("ck_task_request_state_known")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_request_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_request")),
    )
    op.create_index("ix_task_request_task_id", "task_request", ["task_id", "asked_at"], unique=False)
    op.create_index(
        "uq_task_request_asked",
        "task_request",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "task_rest",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_rest_task_id")),
        sa.PrimaryKeyConstraint("task_id", "since", name=op.f("pk_task_rest")),
    )
    op.create_table(
        "task_slip",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_post_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("colour IN ('blue', 'orange', 'red')", name=op.f("ck_task_slip_colour_known")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_slip_task_id")),
        sa.PrimaryKeyConstraint("task_id", "due_at", "colour", name=op.f("pk_task_slip")),
    )
