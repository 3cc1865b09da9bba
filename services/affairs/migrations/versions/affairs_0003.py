"""The promise of an instant matter in minutes"""

import sqlalchemy as sa
from alembic import op

revision = "affairs_0003"
down_revision = "affairs_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "matter_version",
        sa.Column("promised_minutes", sa.Integer(), server_default="60", nullable=False),
    )
