"""Which events a reconciled position speaks of"""

import sqlalchemy as sa
from alembic import op

revision = "foundation_0004"
down_revision = "foundation_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reconciled_up_to", sa.Column("keys", sa.Text(), nullable=False, server_default=""))
    op.alter_column("reconciled_up_to", "keys", server_default=None)
