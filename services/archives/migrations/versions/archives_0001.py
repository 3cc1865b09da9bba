"""The archives service"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# What was filed, decided, corrected or found is kept as it was written.
_KEPT = (
    "archive_record",
    "metadata_correction",
    "not_filed_decision",
    "record_verification",
    "retention_schedule_version",
    "setting_change",
)
RECORDS_ARE_KEPT = (
    """
    CREATE FUNCTION refuse_archive_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was archived is kept as it is (% on %)', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_change()
        """
        for table in _KEPT
    ),
    *(
        f"""
        CREATE TRIGGER {table}_is_kept BEFORE DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_change()
        """
        for table in ("closed_document", "archive_description")
    ),
    """
    CREATE TRIGGER closed_document_is_decided_once BEFORE UPDATE ON closed_document
        FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION refuse_archive_change()
    """,
)

revision = "archives_0001"
down_revision = None
branch_labels = ("archives",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_document",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("owner_unit_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'filed', 'not_filed')", name=op.f("ck_closed_document_state_known")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_closed_document")),
    )
    op.create_index(
        "ix_closed_document_closed_at", "closed_document", ["closed_at", "document_id"], unique=False
    )
    op.create_index(
        "ix_closed_document_due",
        "closed_document",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_closed_document_owner_unit_id",
        "closed_document",
        ["owner_unit_id", "closed_at", "document_id"],
        unique=False,
    )
    op.create_table(
        "fonds_setting",
        sa.Column("fonds_code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("archive_name", sa.Text(), nullable=False),
        sa.Column("archive_code", sa.Text(), nullable=False),
        sa.Column("default_unit_code", sa.Text(), nullable=False),
        sa.Column("unit_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("fonds_code", name=op.f("pk_fonds_setting")),
    )
    op.create_table(
        "retention_schedule_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_schedule_version")),
        sa.UniqueConstraint(
            "unit_id",
            "effective_from",
            name=op.f("uq_retention_schedule_version_unit_id_effective_from"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint(
            "unit_id",
            "version",
            name=op.f("uq_retention_schedule_version_unit_id_version"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "setting_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
    )
    op.create_index("ix_setting_change_at", "setting_change", ["at", "id"], unique=False)
    op.create_table(
        "archive_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("fonds_code", sa.Text(), nullable=False),
        sa.Column("fonds_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("year_explanation", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("retention_rule", sa.Text(), nullable=False),
        sa.Column("retention_source", sa.Text(), nullable=False),
        sa.Column("retention_explanation", sa.Text(), nullable=False),
        sa.Column("schedule_version", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("owner_unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_unit_name", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("described", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dossier_digest", sa.Text(), nullable=False),
        sa.Column("package", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fixity", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("files", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("failed_checks", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "retention IN ('Y', 'D30', 'D10')", name=op.f("ck_archive_record_retention_known")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["closed_document.document_id"], name=op.f("fk_archive_record_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_record")),
        sa.UniqueConstraint("document_id", name=op.f("uq_archive_record_document_id")),
        sa.UniqueConstraint("number", name=op.f("uq_archive_record_number")),
        sa.UniqueConstraint("series", "item", name=op.f("uq_archive_record_series_item")),
    )
    op.create_index("ix_archive_record_filed_at", "archive_record", ["filed_at", "id"], unique=False)
    op.create_index(
        "ix_archive_record_owner_unit_id", "archive_record", ["owner_unit_id", "filed_at", "id"], unique=False
    )
    op.create_index(
        "ix_archive_record_year", "archive_record", ["year", "retention", "filed_at", "id"], unique=False
    )
    op.create_table(
        "not_filed_decision",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("schedule_version", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["closed_document.document_id"], name=op.f("fk_not_filed_decision_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_not_filed_decision")),
    )
    op.create_table(
        "archive_description",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("unit_title", sa.Text(), nullable=False),
        sa.Column("subject_class", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_archive_description_record_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_archive_description")),
    )
    op.create_index("ix_archive_description_dated", "archive_description", ["dated"], unique=False)
    op.create_index("ix_archive_description_kind", "archive_description", ["kind"], unique=False)
    op.create_index(
        "ix_archive_description_terms", "archive_description", ["terms"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "metadata_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_metadata_correction_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metadata_correction")),
    )
    op.create_index(
        "ix_metadata_correction_record_id", "metadata_correction", ["record_id", "at", "id"], unique=False
    )
    op.create_table(
        "record_verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("files_checked", sa.Integer(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fixity", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["archive_record.id"], name=op.f("fk_record_verification_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_verification")),
    )
    op.create_index(
        "ix_record_verification_record_id", "record_verification", ["record_id", "at", "id"], unique=False
    )
    for statement in RECORDS_ARE_KEPT:
        op.execute(statement)
