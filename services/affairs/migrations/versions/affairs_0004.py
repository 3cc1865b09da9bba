"""Pauses of timers, and indexes of what they and the offers look for"""

import sqlalchemy as sa
from alembic import op

revision = "affairs_0004"
down_revision = "affairs_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timer_pause",
        sa.Column("timer", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("timer", "item_id", name=op.f("pk_timer_pause")),
    )
    op.create_index(
        "ix_affairs_case_applicant_person_id",
        "affairs_case",
        ["applicant_person_id", "id"],
        postgresql_where=sa.text("applicant_person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_case_material_awaited",
        "case_material",
        ["case_id"],
        postgresql_where=sa.text("state = 'awaited'"),
    )
    op.create_index(
        "ix_bundle_part_open", "bundle_part", ["application_id"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "ix_report_filing_waiting",
        "report_filing",
        ["id"],
        postgresql_where=sa.text("state = 'open' AND work_id IS NULL"),
    )
