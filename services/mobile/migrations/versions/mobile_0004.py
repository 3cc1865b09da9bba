"""Red tasks by index, newest first"""

import sqlalchemy as sa
from alembic import op

revision = "mobile_0004"
down_revision = "mobile_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_figure_entry_red",
        "figure_entry",
        ["from_day", "item_id", "until_day"],
        postgresql_where=sa.text("population = 'tasks_open' AND m1 <> 0"),
    )
