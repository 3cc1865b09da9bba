"""Flow definitions, running flows and work items"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# Running flows stay on the version that they started with, so a version stays as it was uploaded.
DEFINITIONS_ARE_KEPT = (
    """
    CREATE FUNCTION refuse_definition_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'flow definitions are kept as they were uploaded (%)', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER flow_definition_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON flow_definition
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_definition_change()
    """,
)

revision = "foundation_0003"
down_revision = "foundation_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_flow_definition_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_definition")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_flow_definition_key_version")),
    )
    op.create_table(
        "flow_instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undo_state", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("undo_item_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_post_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_unit_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'ended', 'stopped')", name=op.f("ck_flow_instance_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["flow_definition.id"], name=op.f("fk_flow_instance_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_instance")),
    )
    op.create_index("ix_flow_instance_subject_id", "flow_instance", ["subject_id"], unique=False)
    op.create_index(
        "uq_flow_instance_running",
        "flow_instance",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "work_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("arrival_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("work_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("sender_person_id", sa.Uuid(), nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("sender_post_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("acted_person_id", sa.Uuid(), nullable=True),
        sa.Column("acted_person_name", sa.Text(), nullable=False),
        sa.Column("acted_post_id", sa.Uuid(), nullable=True),
        sa.Column("for_person_id", sa.Uuid(), nullable=True),
        sa.Column("for_post_id", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_item_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_item_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(role = 'reader') = (task_id IS NULL)", name=op.f("ck_work_item_reader_has_no_task")
        ),
        sa.CheckConstraint(
            "role IN ('lead', 'assistant', 'signer', 'reader')", name=op.f("ck_work_item_role_known")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'returned', 'withdrawn', 'transferred', 'cancelled')",
            name=op.f("ck_work_item_status_known"),
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["flow_instance.id"], name=op.f("fk_work_item_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
    )
    op.create_index(
        "ix_work_item_deadline",
        "work_item",
        ["deadline"],
        unique=False,
        postgresql_where=sa.text("status = 'open' AND deadline IS NOT NULL"),
    )
    op.create_index(
        "ix_work_item_done",
        "work_item",
        ["acted_person_id", sa.literal_column("done_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'done'"),
    )
    op.create_index("ix_work_item_instance_id", "work_item", ["instance_id"], unique=False)
    op.create_index(
        "ix_work_item_open",
        "work_item",
        ["post_id", sa.literal_column("received_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_work_item_post_id", "work_item", ["post_id", "subject_id"], unique=False)
    op.create_index("ix_work_item_subject_id", "work_item", ["subject_id", "received_at"], unique=False)
    for statement in DEFINITIONS_ARE_KEPT:
        op.execute(statement)
