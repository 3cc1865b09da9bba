"""By which channel a bundle was applied for"""

import sqlalchemy as sa
from alembic import op

revision = "affairs_0006"
down_revision = "affairs_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Bundles were applied for online only; by web or phone, their cases know.
    op.add_column("bundle_application", sa.Column("channel", sa.Text(), nullable=False, server_default="web"))
    op.execute(
        "UPDATE bundle_application SET channel = affairs_case.channel FROM affairs_case"
        " WHERE affairs_case.bundle_id = bundle_application.id"
    )
    op.create_check_constraint(
        op.f("ck_bundle_application_channel_known"),
        "bundle_application",
        "channel IN ('web', 'phone', 'window')",
    )
