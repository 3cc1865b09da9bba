"""An audit entry may be sealed and nothing else, before its sealing too"""

from alembic import op

revision = "foundation_0005"
down_revision = "foundation_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP TRIGGER audit_entry_is_final ON audit_entry")
    op.execute(
        """
        CREATE TRIGGER audit_entry_is_final BEFORE UPDATE ON audit_entry FOR EACH ROW
            WHEN (OLD.seal IS NOT NULL
                  OR to_jsonb(OLD) - 'seal' - 'seal_number' <> to_jsonb(NEW) - 'seal' - 'seal_number')
            EXECUTE FUNCTION refuse_audit_change()
        """
    )
