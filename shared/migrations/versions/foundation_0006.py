"""Work of a life cycle that needs no flow has no definition"""

from alembic import op

revision = "foundation_0006"
down_revision = "foundation_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("flow_instance", "definition_id", nullable=True)
