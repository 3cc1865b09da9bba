"""The chair's leave for papers that are added after the agenda was frozen"""

import sqlalchemy as sa
from alembic import op

revision = "meetings_0003"
down_revision = "meetings_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("leave", "leave_reason", "leave_opinion", "leave_by_name"):
        # What was added so far needed no leave.
        op.add_column("meeting_file", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("meeting_file", name, server_default=None)
    op.add_column("meeting_file", sa.Column("leave_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_meeting_file_leave_known"), "meeting_file", "leave IN ('', 'asked', 'granted', 'refused')"
    )
