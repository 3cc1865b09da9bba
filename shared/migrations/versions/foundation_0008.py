"""Which units a post administers, so that every service can tell what its administrators may decide"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "foundation_0008"
down_revision = "foundation_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty would say that a post looks after its own unit; nobody has told that yet.
    op.add_column("directory_post", sa.Column("scope_unit_ids", postgresql.ARRAY(sa.Uuid()), nullable=True))
