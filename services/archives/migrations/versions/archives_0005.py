"""Records say which items belong to them, so that each finds the other whichever was filed first"""

import sqlalchemy as sa
from alembic import op

revision = "archives_0005"
down_revision = "archives_0004"
branch_labels = None
depends_on = None

LINKS_ARE_KEPT = """
    CREATE TRIGGER record_link_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON record_link
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_change()
"""


def upgrade() -> None:
    op.create_table(
        "record_link",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("linked_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["archive_record.id"], name=op.f("fk_record_link_record_id")),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_record_link")),
    )
    op.create_index("ix_record_link_linked_id", "record_link", ["linked_id"])
    op.execute(LINKS_ARE_KEPT)
