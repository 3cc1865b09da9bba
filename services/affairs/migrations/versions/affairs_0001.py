"""The affairs service"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "affairs_0001"
down_revision = None
branch_labels = ("affairs",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("unit_id", "code", name=op.f("uq_matter_unit_id_code")),
    )
    op.create_index("ix_matter_unit_id", "matter", ["unit_id", "id"], unique=False)
    op.create_table(
        "seal_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("active = (retired_at IS NULL)", name=op.f("ck_seal_key_active_until_retired")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_key")),
    )
    op.create_index(
        "uq_seal_key_active", "seal_key", ["active"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "affairs_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("flow_instance_id", sa.Uuid(), nullable=True),
        sa.Column("bundle_id", sa.Uuid(), nullable=True),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("matter_version", sa.Integer(), nullable=False),
        sa.Column("matter_name", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("instant", sa.Boolean(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("applicant_unit_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_unit_name", sa.Text(), nullable=False),
        sa.Column("applicant_post_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_person_id", sa.Uuid(), nullable=True),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("promised_by_name", sa.Text(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completion_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("legal_days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("used_half_days", sa.Integer(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_online", sa.Boolean(), nullable=True),
        sa.Column("rate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_digest", sa.Text(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('web', 'phone', 'window')", name=op.f("ck_affairs_case_channel_known")
        ),
        sa.CheckConstraint("delivery IN ('online', 'window')", name=op.f("ck_affairs_case_delivery_known")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('granted', 'refused', 'withdrawn')",
            name=op.f("ck_affairs_case_outcome_known"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (due_at IS NULL)", name=op.f("ck_affairs_case_due_from_acceptance")
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_affairs_case_score_known")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_affairs_case_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affairs_case")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_affairs_case_unit_id_number")),
    )
    op.create_index(
        "ix_affairs_case_applicant_unit_id", "affairs_case", ["applicant_unit_id", "id"], unique=False
    )
    op.create_index(
        "ix_affairs_case_bundle_id",
        "affairs_case",
        ["bundle_id"],
        unique=False,
        postgresql_where=sa.text("bundle_id IS NOT NULL"),
    )
    op.create_index(
        "ix_affairs_case_due_at",
        "affairs_case",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'handling' AND stopped_at IS NULL AND overdue_at IS NULL"),
    )
    op.create_index("ix_affairs_case_matter_id", "affairs_case", ["matter_id", "applied_at"], unique=False)
    op.create_index(
        "ix_affairs_case_rate_by",
        "affairs_case",
        ["rate_by"],
        unique=False,
        postgresql_where=sa.text("state = 'delivered'"),
    )
    op.create_index("ix_affairs_case_terms", "affairs_case", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "matter_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("office_name", sa.Text(), nullable=False),
        sa.Column("applicants", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("basis", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("conditions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("instant", sa.Boolean(), nullable=False),
        sa.Column("legal_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("original_materials", sa.Integer(), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("original_trips", sa.Integer(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("flow_key", sa.Text(), nullable=False),
        sa.Column("joint", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handler_post_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("decider_post_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("result_name", sa.Text(), nullable=False),
        sa.Column("result_code", sa.Text(), nullable=False),
        sa.Column("delivery", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fee", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("supervision_contact", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_matter_version_published_at_a_time"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR effective_on IS NOT NULL", name=op.f("ck_matter_version_published_from_a_day")
        ),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_matter_version_state_known")),
        sa.CheckConstraint("promised_days <= legal_days", name=op.f("ck_matter_version_promise_within_law")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_version_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_version")),
        sa.UniqueConstraint("matter_id", "number", name=op.f("uq_matter_version_matter_id_number")),
    )
    op.create_index(
        "ix_matter_version_in_force", "matter_version", ["matter_id", "effective_on", "number"], unique=False
    )
    op.create_index(
        "ix_matter_version_terms", "matter_version", ["terms"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_matter_version_draft",
        "matter_version",
        ["matter_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "affairs_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("case_id IS NULL OR matter_id IS NULL", name=op.f("ck_affairs_file_of_one_thing")),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_affairs_file_case_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_affairs_file_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affairs_file")),
    )
    op.create_index("ix_affairs_file_case_id", "affairs_file", ["case_id"], unique=False)
    op.create_table(
        "case_access",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_case_access_case_id")),
        sa.PrimaryKeyConstraint("holder_id", "case_id", name=op.f("pk_case_access")),
    )
    op.create_index("ix_case_access_case_id", "case_access", ["case_id"], unique=False)
    op.create_table(
        "case_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_case_act_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_act")),
    )
    op.create_index("ix_case_act_case_id", "case_act", ["case_id", "at", "id"], unique=False)
    op.create_table(
        "case_field",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_case_field_case_id")),
        sa.PrimaryKeyConstraint("case_id", "name", name=op.f("pk_case_field")),
    )
    op.create_table(
        "clock_stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("half_days", sa.Integer(), nullable=True),
        sa.Column("stopped_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('补正', '现场勘验', '专家评审', '公示')", name=op.f("ck_clock_stop_cause_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (half_days IS NULL)", name=op.f("ck_clock_stop_counted_when_over")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_clock_stop_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_stop")),
    )
    op.create_index("ix_clock_stop_case_id", "clock_stop", ["case_id"], unique=False)
    op.create_index(
        "uq_clock_stop_open",
        "clock_stop",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason = '')", name=op.f("ck_result_revoked_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_result_case_id")),
        sa.ForeignKeyConstraint(["key_id"], ["seal_key.id"], name=op.f("fk_result_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("case_id", name=op.f("uq_result_case_id")),
        sa.UniqueConstraint("code", name=op.f("uq_result_code")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_result_unit_id_number")),
    )
    op.create_table(
        "supervised_task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('registered', 'established', 'rejected', 'cancelled', 'closed')",
            name=op.f("ck_supervised_task_state_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_supervised_task_case_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_supervised_task")),
    )
    op.create_index("ix_supervised_task_case_id", "supervised_task", ["case_id"], unique=False)
    op.create_table(
        "trip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_trip_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip")),
    )
    op.create_index("ix_trip_case_id", "trip", ["case_id", "at"], unique=False)
    op.create_table(
        "case_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provided_by", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("department_unit_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_name", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_name", sa.Text(), nullable=False),
        sa.Column("check_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "provided_by IN ('applicant', 'department', 'system')",
            name=op.f("ck_case_material_provider_known"),
        ),
        sa.CheckConstraint(
            "source IN ('', 'given', 'reused', 'department', 'system')",
            name=op.f("ck_case_material_source_known"),
        ),
        sa.CheckConstraint(
            "state <> 'present' OR source <> ''", name=op.f("ck_case_material_present_from_somewhere")
        ),
        sa.CheckConstraint(
            "state IN ('missing', 'present', 'awaited', 'deferred', 'lapsed', 'declared', 'confirmed', 'false')",
            name=op.f("ck_case_material_state_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_case_material_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["affairs_file.id"], name=op.f("fk_case_material_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_material")),
        sa.UniqueConstraint("case_id", "code", name=op.f("uq_case_material_case_id_code")),
    )
    op.create_index(
        "ix_case_material_due_at",
        "case_material",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'deferred'"),
    )
    op.create_table(
        "broken_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('deferred', 'declared')", name=op.f("ck_broken_promise_kind_known")),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_broken_promise_case_id")),
        sa.ForeignKeyConstraint(
            ["material_id"], ["case_material.id"], name=op.f("fk_broken_promise_material_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_promise")),
        sa.UniqueConstraint("material_id", name=op.f("uq_broken_promise_material_id")),
    )
    op.create_index("ix_broken_promise_unit_id", "broken_promise", ["unit_id", "at"], unique=False)
