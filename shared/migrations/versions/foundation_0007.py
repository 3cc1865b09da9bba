"""Rules that differ by locality, as administrators set them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "foundation_0007"
down_revision = "foundation_0006"
branch_labels = None
depends_on = None

# Whatever was decided by a rule must stay explicable by it.
VERSIONS_ARE_KEPT = (
    """
    CREATE FUNCTION refuse_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a version of a rule is kept as it was set (% on %)', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER rule_version_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_version
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rule_change()
    """,
)


def upgrade() -> None:
    op.create_table(
        "rule_version",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_rule_version_revision_counts_from_one")),
        sa.PrimaryKeyConstraint("rule", "subject", "revision", name=op.f("pk_rule_version")),
    )
    op.create_index(
        "ix_rule_version_valid_from",
        "rule_version",
        ["rule", "subject", "valid_from", "revision"],
        unique=False,
    )
    for statement in VERSIONS_ARE_KEPT:
        op.execute(statement)
