"""Documents say where they come from, until when they must be answered, and which tasks supervise them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "documents_0004"
down_revision = "documents_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("origin_system", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("origin_kind", sa.Text(), nullable=True))
    op.add_column("document", sa.Column("origin_id", sa.Uuid(), nullable=True))
    op.add_column("document", sa.Column("origin", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("document", sa.Column("answer_by", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("answer_lead_unit_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_document_origin",
        "document",
        ["origin_system", "origin_kind", "origin_id"],
        unique=True,
        postgresql_where=sa.text("origin_id IS NOT NULL AND state <> 'abandoned'"),
    )
    op.create_table(
        "approved_minutes",
        sa.Column("minutes_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("causation_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("minutes_id", name=op.f("pk_approved_minutes")),
    )
    op.create_index(
        "ix_approved_minutes_waiting",
        "approved_minutes",
        ["approved_at"],
        postgresql_where=sa.text("document_id IS NULL"),
    )
    op.create_table(
        "document_task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("light_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_document_task")),
    )
    op.create_index("ix_document_task_document_id", "document_task", ["document_id", "task_id"])
