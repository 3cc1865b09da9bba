"""The affairs service"""

revision = "affairs_0001"
down_revision = None
branch_labels = ("affairs",)
depends_on = None


def upgrade() -> None:
    """The branch begins; its tables follow."""
