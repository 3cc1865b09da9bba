"""Which units a post administers, so that every service can tell what its administrators may decide"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "foundation_0008"
down_revision = "foundation_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "directory_post",
        sa.Column("scope_unit_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
    )
