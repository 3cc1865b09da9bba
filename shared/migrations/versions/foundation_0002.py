"""What handlers and operators remember of events"""

import sqlalchemy as sa
from alembic import op

revision = "foundation_0002"
down_revision = "foundation_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applied_binding",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("exchange", sa.Text(), nullable=False),
        sa.Column("routing_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "exchange", "routing_key", name=op.f("pk_applied_binding")),
    )
    op.create_table(
        "handler_cursor",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("producer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("handler", "producer", "subject", name=op.f("pk_handler_cursor")),
    )
    op.create_table(
        "reconciled_up_to",
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("producer", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handler", "producer", name=op.f("pk_reconciled_up_to")),
    )
