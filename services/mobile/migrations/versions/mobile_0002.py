"""Deadlines move: an item's is of a group of its own"""

import sqlalchemy as sa
from alembic import op

revision = "mobile_0002"
down_revision = "mobile_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox_item", sa.Column("dated_sequence", sa.Integer(), nullable=False, server_default="0"))
    # So far only the event that opened an item told its deadline.
    op.execute("UPDATE inbox_item SET dated_sequence = opened_sequence WHERE opened_sequence > 0")
    op.alter_column("inbox_item", "dated_sequence", server_default=None)
