"""Each division's archive counts its fonds by itself; gaps are listed by an index of their own"""

import sqlalchemy as sa
from alembic import op

revision = "archives_0002"
down_revision = "archives_0001"
branch_labels = None
depends_on = ("foundation_0001",)

# The first six digits of a unit's code name the division whose archive has its fonds.
# Series began without their archive; they go on in it, after the last number that it got of them.
RECORDS_GET_THEIR_ARCHIVE = (
    "ALTER TABLE archive_record DISABLE TRIGGER archive_record_is_kept",
    """
    UPDATE archive_record SET division_code = left(directory_unit.division_code, 6),
                              series = left(directory_unit.division_code, 6) || '/' || series
        FROM directory_unit WHERE directory_unit.id = archive_record.owner_unit_id
    """,
    "ALTER TABLE archive_record ENABLE TRIGGER archive_record_is_kept",
    """
    INSERT INTO number_series (series, last)
        SELECT series, max(item) FROM archive_record GROUP BY series ON CONFLICT DO NOTHING
    """,
)
SETTINGS_GET_THEIR_ARCHIVE = (
    """
    INSERT INTO fonds_setting (division_code, fonds_code, revision, template, category, name, archive_name,
                               archive_code, default_unit_code, unit_codes)
        SELECT DISTINCT left(directory_unit.division_code, 6), fonds_setting.fonds_code, revision, template,
                        category, fonds_setting.name, archive_name, archive_code, default_unit_code, unit_codes
        FROM fonds_setting JOIN directory_unit ON directory_unit.fonds_code = fonds_setting.fonds_code
    """,
    "DELETE FROM fonds_setting WHERE division_code = ''",
)


def upgrade() -> None:
    for table in ("archive_record", "fonds_setting"):
        op.add_column(table, sa.Column("division_code", sa.Text(), nullable=False, server_default=""))
    for statement in RECORDS_GET_THEIR_ARCHIVE:
        op.execute(statement)
    op.drop_constraint(op.f("uq_archive_record_number"), "archive_record")
    op.create_unique_constraint(
        op.f("uq_archive_record_division_code_number"), "archive_record", ["division_code", "number"]
    )
    op.drop_constraint(op.f("pk_fonds_setting"), "fonds_setting")
    for statement in SETTINGS_GET_THEIR_ARCHIVE:
        op.execute(statement)
    op.create_primary_key(op.f("pk_fonds_setting"), "fonds_setting", ["division_code", "fonds_code"])
    for table in ("archive_record", "fonds_setting"):
        op.alter_column(table, "division_code", server_default=None)
    op.create_index(
        "ix_closed_document_gap",
        "closed_document",
        ["closed_at", "document_id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
