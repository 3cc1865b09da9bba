"""The meetings service"""

revision = "meetings_0001"
down_revision = None
branch_labels = ("meetings",)
depends_on = None


def upgrade() -> None:
    """The branch begins; its tables follow."""
