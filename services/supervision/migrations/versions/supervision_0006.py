"""Whose document tells that another was answered or closed"""

import sqlalchemy as sa
from alembic import op

revision = "supervision_0006"
down_revision = "supervision_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was kept before matters only between two events of one document; of whom it is, is not known.
    op.execute("DELETE FROM early_word")
    op.add_column("early_word", sa.Column("unit_id", sa.Uuid(), nullable=False))
