"""What is told of a document before the demand of which a task is made"""

import sqlalchemy as sa
from alembic import op

revision = "supervision_0004"
down_revision = "supervision_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "early_word",
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("item_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'origin_closed')", name=op.f("ck_early_word_kind_known")),
        sa.PrimaryKeyConstraint("origin_id", "kind", "item_id", name=op.f("pk_early_word")),
    )
    op.create_index("ix_early_word_told_at", "early_word", ["told_at"], unique=False)
