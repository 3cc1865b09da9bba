"""What fonds set for themselves goes where every service keeps its local rules"""

from alembic import op

revision = "archives_0003"
down_revision = "archives_0002"
branch_labels = None
depends_on = ("foundation_0007",)

# A change on record says `fonds <archive> <fonds>`; older ones, without the archive, stay on record under that name.
CHANGES_MOVE = """
    INSERT INTO rule_version
        (rule, subject, revision, valid_from, value, reason, set_at, person_id, person_name)
    SELECT 'fonds', substr(what, 7), row_number() OVER (PARTITION BY what ORDER BY at, id),
           (at AT TIME ZONE 'Asia/Shanghai')::date, after, '', at, person_id, person_name
    FROM setting_change WHERE what LIKE 'fonds %'
"""
# What was set before archives were told apart has no change under its present name.
SETTINGS_MOVE = """
    INSERT INTO rule_version
        (rule, subject, revision, valid_from, value, reason, set_at, person_name)
    SELECT 'fonds', division_code || ' ' || fonds_code, greatest(revision, 1), '2000-01-01',
           jsonb_build_object('template', template, 'category', category, 'name', name,
                              'archive_name', archive_name, 'archive_code', archive_code,
                              'default_unit_code', default_unit_code, 'unit_codes', unit_codes),
           '', now(), ''
    FROM fonds_setting WHERE NOT EXISTS (
        SELECT FROM rule_version
        WHERE rule = 'fonds' AND subject = fonds_setting.division_code || ' ' || fonds_setting.fonds_code
    )
"""


def upgrade() -> None:
    op.execute(CHANGES_MOVE)
    op.execute(SETTINGS_MOVE)
    op.drop_table("fonds_setting")
    op.drop_table("setting_change")
