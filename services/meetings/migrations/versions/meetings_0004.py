"""When work on a meeting that nobody could take is given out again"""

import sqlalchemy as sa
from alembic import op

revision = "meetings_0004"
down_revision = "meetings_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("give_after", sa.DateTime(timezone=True), nullable=True))
