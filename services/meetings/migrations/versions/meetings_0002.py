"""Rooms and who has them when, signing in, seat plans, private calendar addresses"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "meetings_0002"
down_revision = "meetings_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )
    op.create_index("ix_calendar_feed_person_id", "calendar_feed", ["person_id", "made_at"], unique=False)
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("equipment", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_room_holds_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("number", name=op.f("uq_room_number")),
    )
    op.create_index(
        "uq_room_unit_id_name",
        "room",
        ["unit_id", "name"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "room_closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_room_closure_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_closure_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_closure")),
    )
    op.create_index("ix_room_closure_room_id", "room_closure", ["room_id", "ends_at"], unique=False)
    op.create_table(
        "room_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_series_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_series")),
    )
    op.create_table(
        "seat_plan",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "layout IN ('theatre', 'classroom', 'u_shape', 'round_table')",
            name=op.f("ck_seat_plan_layout_known"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_seat_plan_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_seat_plan")),
    )
    op.create_table(
        "sign_in_scan",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_sign_in_scan_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "step", "person_id", name=op.f("pk_sign_in_scan")),
    )
    op.create_table(
        "sign_in_secret",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_sign_in_secret_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_sign_in_secret")),
    )
    op.create_table(
        "room_booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("room_no", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "during",
            postgresql.TSTZRANGE(),
            sa.Computed("tstzrange(starts_at, ends_at)", persisted=True),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("booker_person_id", sa.Uuid(), nullable=True),
        sa.Column("booker_post_id", sa.Uuid(), nullable=False),
        sa.Column("booker_name", sa.Text(), nullable=False),
        sa.Column("booker_unit_id", sa.Uuid(), nullable=False),
        sa.Column("booker_unit_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by_name", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int4range(room_no, room_no, '[]')"), "&&"),
            (sa.column("during"), "&&"),
            where=sa.text("state IN ('requested', 'booked', 'in_use')"),
            deferrable=True,
            initially="IMMEDIATE",
            using="gist",
            name="ex_room_booking_no_double",
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'booked', 'in_use', 'refused', 'cancelled', 'released')",
            name=op.f("ck_room_booking_state_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_room_booking_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_room_booking_meeting_id")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_booking_room_id")),
        sa.ForeignKeyConstraint(["series_id"], ["room_series.id"], name=op.f("fk_room_booking_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_booking")),
    )
    op.create_index(
        "ix_room_booking_booker_post_id", "room_booking", ["booker_post_id", "starts_at", "id"], unique=False
    )
    op.create_index("ix_room_booking_meeting_id", "room_booking", ["meeting_id"], unique=False)
    op.create_index("ix_room_booking_request_id", "room_booking", ["request_id"], unique=False)
    op.create_index("ix_room_booking_room_id", "room_booking", ["room_id", "starts_at"], unique=False)
    op.create_index("ix_room_booking_series_id", "room_booking", ["series_id", "starts_at"], unique=False)
    op.create_index(
        "ix_room_booking_waiting",
        "room_booking",
        ["starts_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('requested', 'booked')"),
    )
    op.create_table(
        "seat_taken",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("occupant_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["seat_plan.meeting_id"], name=op.f("fk_seat_taken_meeting_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "occupant_id", name=op.f("pk_seat_taken")),
        sa.UniqueConstraint(
            "meeting_id",
            "seat",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_seat_taken_meeting_id_seat"),
        ),
    )
