"""Forget what the failure before the last one was: attempts are admitted by one statement that needs it no more"""

from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("sign_in_failure", "previous_at")
