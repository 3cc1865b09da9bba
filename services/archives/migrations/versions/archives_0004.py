"""A person may overrule how long a document is kept, or that it is not filed"""

import sqlalchemy as sa
from alembic import op

revision = "archives_0004"
down_revision = "archives_0003"
branch_labels = None
depends_on = None

FILED_IS_FINAL = (
    "DROP TRIGGER closed_document_is_decided_once ON closed_document",
    """
    CREATE TRIGGER closed_document_is_decided_once BEFORE UPDATE ON closed_document FOR EACH ROW
        WHEN (OLD.state = 'filed' OR (OLD.state = 'not_filed' AND NEW.state <> 'waiting'))
        EXECUTE FUNCTION refuse_archive_change()
    """,
    """
    CREATE TRIGGER retention_ruling_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_ruling
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_change()
    """,
)


def upgrade() -> None:
    op.create_table(
        "retention_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "retention IN ('Y', 'D30', 'D10')", name=op.f("ck_retention_ruling_retention_known")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["closed_document.document_id"], name=op.f("fk_retention_ruling_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_ruling")),
    )
    op.create_index(
        "ix_retention_ruling_document_id", "retention_ruling", ["document_id", "at", "id"], unique=False
    )
    for statement in FILED_IS_FINAL:
        op.execute(statement)
