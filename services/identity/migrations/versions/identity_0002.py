"""Which packaged permissions a role was offered already"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What a role lacks that was edited so far is either new or was taken away: nothing is known to have been offered.
    op.add_column(
        "role_grant",
        sa.Column("offered", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.add_column(
        "role_grant", sa.Column("offers_recorded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
