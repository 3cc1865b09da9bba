"""Indexes of what lists of cases are searched by"""

import sqlalchemy as sa
from alembic import op

revision = "affairs_0007"
down_revision = "affairs_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("state", "outcome", "channel"):
        op.create_index(f"ix_affairs_case_{column}", "affairs_case", [column, "id"])
    op.create_index(
        "ix_affairs_case_late", "affairs_case", ["id"], postgresql_where=sa.text("in_time IS false")
    )
    op.create_index(
        "ix_affairs_case_running",
        "affairs_case",
        ["due_at"],
        postgresql_where=sa.text("decided_at IS NULL AND stopped_at IS NULL"),
    )
