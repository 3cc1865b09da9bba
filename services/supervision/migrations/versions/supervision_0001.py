"""The supervision service"""

revision = "supervision_0001"
down_revision = None
branch_labels = ("supervision",)
depends_on = None


def upgrade() -> None:
    """The branch begins; its tables follow."""
