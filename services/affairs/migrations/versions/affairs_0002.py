"""Bundles, known documents and shared report forms"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "affairs_0002"
down_revision = "affairs_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sa.UniqueConstraint("unit_id", "code", name=op.f("uq_bundle_unit_id_code")),
    )
    op.create_index("ix_bundle_unit_id", "bundle", ["unit_id", "id"], unique=False)
    op.create_table(
        "known_document",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_known_document")),
    )
    op.create_index(
        "ix_known_document_unit_id", "known_document", ["unit_id", "issued_at", "document_id"], unique=False
    )
    op.create_table(
        "report_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("overlap", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_name", sa.Text(), nullable=False),
        sa.Column("proposed_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "period IN ('month', 'quarter', 'year')", name=op.f("ck_report_form_period_known")
        ),
        sa.CheckConstraint(
            "state IN ('held', 'in_force', 'refused', 'ended')", name=op.f("ck_report_form_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_form")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_report_form_unit_id_name")),
    )
    op.create_index("ix_report_form_unit_id", "report_form", ["unit_id", "id"], unique=False)
    op.create_table(
        "shared_field",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'integer', 'number', 'date', 'boolean', 'choice')",
            name=op.f("ck_shared_field_kind_known"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shared_field")),
        sa.UniqueConstraint("name", name=op.f("uq_shared_field_name")),
    )
    op.create_table(
        "bundle_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applicant_unit_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_unit_name", sa.Text(), nullable=False),
        sa.Column("applicant_post_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_person_id", sa.Uuid(), nullable=True),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completion_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state IN ('checking', 'completing', 'under_way', 'finished', 'not_accepted', 'withdrawn')",
            name=op.f("ck_bundle_application_state_known"),
        ),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_application_bundle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_application")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_bundle_application_unit_id_number")),
    )
    op.create_index(
        "ix_bundle_application_bundle_id", "bundle_application", ["bundle_id", "id"], unique=False
    )
    op.create_index(
        "ix_bundle_application_due_at",
        "bundle_application",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL AND overdue_at IS NULL"),
    )
    op.create_table(
        "bundle_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("intake_post_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_bundle_version_published_at_a_time"),
        ),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_bundle_version_state_known")),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_bundle_version_bundle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_version")),
        sa.UniqueConstraint("bundle_id", "number", name=op.f("uq_bundle_version_bundle_id_number")),
    )
    op.create_index(
        "uq_bundle_version_draft",
        "bundle_version",
        ["bundle_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "field_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_code"], ["shared_field.code"], name=op.f("fk_field_correction_field_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_correction")),
    )
    op.create_index(
        "ix_field_correction_unit_id",
        "field_correction",
        ["unit_id", "period", "field_code", "at"],
        unique=False,
    )
    op.create_table(
        "field_value",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filled_by_name", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_code"], ["shared_field.code"], name=op.f("fk_field_value_field_code")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["report_form.id"], name=op.f("fk_field_value_form_id")),
        sa.PrimaryKeyConstraint("unit_id", "period", "field_code", name=op.f("pk_field_value")),
    )
    op.create_table(
        "report_filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_name", sa.Text(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("reused", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'filed', 'dropped')", name=op.f("ck_report_filing_state_known")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["report_form.id"], name=op.f("fk_report_filing_form_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_filing")),
        sa.UniqueConstraint(
            "form_id", "unit_id", "period", name=op.f("uq_report_filing_form_id_unit_id_period")
        ),
    )
    op.create_index(
        "ix_report_filing_open",
        "report_filing",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("filed_at IS NULL"),
    )
    op.create_index("ix_report_filing_unit_id", "report_filing", ["unit_id", "id"], unique=False)
    op.create_table(
        "report_form_field",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_code"], ["shared_field.code"], name=op.f("fk_report_form_field_field_code")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["report_form.id"], name=op.f("fk_report_form_field_form_id")),
        sa.PrimaryKeyConstraint("form_id", "field_code", name=op.f("pk_report_form_field")),
    )
    op.create_index("ix_report_form_field_field_code", "report_form_field", ["field_code"], unique=False)
    op.create_table(
        "report_form_unit",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["report_form.id"], name=op.f("fk_report_form_unit_form_id")),
        sa.PrimaryKeyConstraint("form_id", "unit_id", name=op.f("pk_report_form_unit")),
    )
    op.create_index("ix_report_form_unit_unit_id", "report_form_unit", ["unit_id"], unique=False)
    op.create_table(
        "bundle_access",
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bundle_application.id"], name=op.f("fk_bundle_access_application_id")
        ),
        sa.PrimaryKeyConstraint("holder_id", "application_id", name=op.f("pk_bundle_access")),
    )
    op.create_index("ix_bundle_access_application_id", "bundle_access", ["application_id"], unique=False)
    op.create_table(
        "bundle_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["application_id"], ["bundle_application.id"], name=op.f("fk_bundle_act_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_act")),
    )
    op.create_index(
        "ix_bundle_act_application_id", "bundle_act", ["application_id", "at", "id"], unique=False
    )
    op.create_table(
        "bundle_part",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("after", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'checking', 'handling', 'granted', 'refused', 'blocked', 'withdrawn')",
            name=op.f("ck_bundle_part_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["bundle_application.id"], name=op.f("fk_bundle_part_application_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["affairs_case.id"], name=op.f("fk_bundle_part_case_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_bundle_part_matter_id")),
        sa.PrimaryKeyConstraint("application_id", "matter_id", name=op.f("pk_bundle_part")),
        sa.UniqueConstraint("case_id", name=op.f("uq_bundle_part_case_id")),
    )
