"""Lists go by id, which grows with time, and by state where few documents are in it"""

from alembic import op

revision = "documents_0002"
down_revision = "documents_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_document_created_at", table_name="document")
    op.drop_index("ix_document_owner_unit_id", table_name="document")
    op.create_index("ix_document_state", "document", ["state", "id"], unique=False)
