"""Sight by the unit tree and by the whole of which a task is a part; slips issued by hand"""

import sqlalchemy as sa
from alembic import op

revision = "supervision_0005"
down_revision = "supervision_0004"
branch_labels = None
depends_on = None

_OF_WHOLES = """
INSERT INTO task_access (task_id, holder_id, reason)
SELECT part.id, whole.lead_unit_id, 'whole'
FROM task AS part JOIN task AS whole ON whole.id = part.parent_id
WHERE whole.lead_unit_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.drop_constraint(op.f("ck_task_access_reason_known"), "task_access", type_="check")
    # Who supervises stands in the task itself.
    op.execute("DELETE FROM task_access WHERE reason = 'supervisor'")
    op.execute(_OF_WHOLES)
    op.create_check_constraint(
        op.f("ck_task_access_reason_known"),
        "task_access",
        "reason IN ('lead', 'assistant', 'whole', 'work_item', 'instructor')",
    )
    op.add_column(
        "task_slip",
        sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
    )
    op.add_column(
        "task_slip", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("task_slip", sa.Column("issued_by_name", sa.Text(), nullable=False, server_default=""))
    for column in ("id", "by_hand", "issued_by_name"):
        op.alter_column("task_slip", column, server_default=None)
    op.drop_constraint(op.f("pk_task_slip"), "task_slip", type_="primary")
    op.create_primary_key(op.f("pk_task_slip"), "task_slip", ["id"])
    op.create_index("ix_task_slip_task_id", "task_slip", ["task_id", "issued_at"], unique=False)
    op.create_index(
        "uq_task_slip_ladder",
        "task_slip",
        ["task_id", "due_at", "colour"],
        unique=True,
        postgresql_where=sa.text("NOT by_hand"),
    )
