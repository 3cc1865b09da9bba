"""The audit log by unit, for an audit administrator whose scope is not everything"""

from alembic import op

revision = "foundation_0009"
down_revision = "foundation_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_unit_id", "audit_entry", ["unit_id", "at", "id"], unique=False)
