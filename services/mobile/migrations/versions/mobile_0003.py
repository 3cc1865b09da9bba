"""Figures: facts, entries and sums"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "mobile_0003"
down_revision = "mobile_0002"
branch_labels = None
depends_on = None

MEASURES = ("n", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8")


def upgrade() -> None:
    op.create_table(
        "figure_change",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_figure_change")),
        sa.UniqueConstraint(
            "kind", "item_id", "facet", "rank", name=op.f("uq_figure_change_kind_item_id_facet_rank")
        ),
    )
    op.create_table(
        "figure_item",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("facets", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_figure_item")),
    )
    op.create_table(
        "figure_entry",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint("item_id", "population", "from_day", name=op.f("pk_figure_entry")),
    )
    op.create_index("ix_figure_entry_day", "figure_entry", ["population", "from_day", "item_id"])
    op.create_index("ix_figure_entry_unit", "figure_entry", ["population", "unit_id", "from_day", "item_id"])
    op.create_table(
        "figure_sum",
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("grain", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint("population", "grain", "unit_id", "day", name=op.f("pk_figure_sum")),
    )
    op.create_index("ix_trace_entry_person_id", "trace_entry", ["person_id", "at"])
