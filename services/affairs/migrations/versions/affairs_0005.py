"""Departments that were asked for a material see that, and no longer the case"""

import sqlalchemy as sa
from alembic import op

revision = "affairs_0005"
down_revision = "affairs_0004"
branch_labels = None
depends_on = ("foundation_0007",)

_ONLY_ASKED = """
DELETE FROM case_access AS seen
WHERE seen.reason = 'work_item'
  AND EXISTS (
    SELECT 1 FROM work_item JOIN case_material ON case_material.id = work_item.subject_id
    WHERE case_material.case_id = seen.case_id AND work_item.post_id = seen.holder_id
  )
  AND NOT EXISTS (
    SELECT 1 FROM work_item WHERE work_item.subject_id = seen.case_id AND work_item.post_id = seen.holder_id
  )
"""


def upgrade() -> None:
    op.execute(sa.text(_ONLY_ASKED))
