"""The mobile service"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# Whoever adds to the feed holds a shared lock from before its position is given until its commit. A reader that takes
# the same lock for itself sees no position after which an earlier one could still appear. The trigger fires once a
# statement and before any row, so that no writer can forget it; the key is `services.mobile.push.gate.GATE`.
ENTER_THE_FEED = (
    """
    CREATE FUNCTION enter_inbox_feed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(1229867864);
        PERFORM pg_notify('inbox', '');
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER inbox_change_enters BEFORE INSERT ON inbox_change
        FOR EACH STATEMENT EXECUTE FUNCTION enter_inbox_feed()
    """,
)

revision = "mobile_0001"
down_revision = None
branch_labels = ("mobile",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox_change",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("is_work", sa.Boolean(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("person_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_inbox_change")),
    )
    op.create_index("ix_inbox_change_at", "inbox_change", ["at"], unique=False)
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("opened_sequence", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("work_kind", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("sender_post_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state_sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("acted_person_id", sa.Uuid(), nullable=True),
        sa.Column("acted_person_name", sa.Text(), nullable=False),
        sa.Column("acted_post_id", sa.Uuid(), nullable=True),
        sa.Column("for_person_id", sa.Uuid(), nullable=True),
        sa.Column("for_post_id", sa.Uuid(), nullable=True),
        sa.Column("read_sequence", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_sequence", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_note", sa.Text(), nullable=False),
        sa.Column("answered_sequence", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_item")),
    )
    op.create_index(
        "ix_inbox_item_acted",
        "inbox_item",
        ["acted_person_id", sa.text("done_at DESC"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("acted_person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_inbox_item_acted_for",
        "inbox_item",
        ["for_person_id", sa.text("done_at DESC"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("for_person_id IS NOT NULL"),
    )
    op.create_index("ix_inbox_item_correlation_id", "inbox_item", ["correlation_id"], unique=False)
    op.create_index(
        "ix_inbox_item_open",
        "inbox_item",
        ["post_id", sa.text("received_at DESC"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND received_at IS NOT NULL"),
    )
    op.create_index("ix_inbox_item_subject_id", "inbox_item", ["subject_id"], unique=False)
    op.create_index("ix_inbox_item_terms", "inbox_item", ["terms"], unique=False, postgresql_using="gin")
    op.create_index("ix_inbox_item_work_id", "inbox_item", ["work_id"], unique=False)
    op.create_table(
        "started_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("opened_sequence", sa.Integer(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state_sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_started_work")),
    )
    op.create_index("ix_started_work_correlation_id", "started_work", ["correlation_id"], unique=False)
    op.create_index(
        "ix_started_work_person_id",
        "started_work",
        ["person_id", sa.text("started_at DESC"), sa.text("id DESC")],
        unique=False,
    )
    op.create_index("ix_started_work_subject_id", "started_work", ["subject_id"], unique=False)
    op.create_index("ix_started_work_terms", "started_work", ["terms"], unique=False, postgresql_using="gin")
    op.create_table(
        "subject_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revised_sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("numbered_sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_facts")),
    )
    op.create_table(
        "trace_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("causation_id", sa.Uuid(), nullable=True),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("post_title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("for_person_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=False),
        sa.Column("to_post_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_entry")),
    )
    op.create_index("ix_trace_entry_about_id", "trace_entry", ["about_id"], unique=False)
    op.create_index(
        "ix_trace_entry_correlation_id", "trace_entry", ["correlation_id", "at", "id"], unique=False
    )
    for statement in ENTER_THE_FEED:
        op.execute(statement)
