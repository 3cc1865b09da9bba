"""Length limits and yearly plans go where every service keeps its local rules"""

from alembic import op

revision = "documents_0003"
down_revision = "documents_0002"
branch_labels = None
depends_on = ("foundation_0007",)

# Every row of the two tables was set by a change on record, but for the defaults, which now come with the program.
LENGTH_LIMITS_MOVE = """
    INSERT INTO rule_version
        (rule, subject, revision, valid_from, value, reason, set_at, person_id, person_name)
    SELECT 'length.' || (after->>'scope'), coalesce(after->>'unit_id', ''),
           row_number() OVER (PARTITION BY after->>'scope', after->>'unit_id' ORDER BY at, id),
           (after->>'effective_from')::date, jsonb_build_object('characters', after->'characters'),
           after->>'source', at, person_id, person_name
    FROM setting_change WHERE what = 'length_limit'
"""
PLANS_MOVE = """
    INSERT INTO rule_version
        (rule, subject, revision, valid_from, value, reason, set_at, person_id, person_name)
    SELECT 'yearly_plan', after->>'code', row_number() OVER (PARTITION BY after->>'code' ORDER BY at, id),
           make_date((after->>'year')::int, 1, 1), jsonb_build_object('documents', after->'documents'),
           '', at, person_id, person_name
    FROM setting_change WHERE what = 'annual_quota'
"""


def upgrade() -> None:
    op.execute(LENGTH_LIMITS_MOVE)
    op.execute(PLANS_MOVE)
    for table in ("annual_quota", "length_limit", "setting_change"):
        op.drop_table(table)
