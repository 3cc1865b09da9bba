"""The board's counters and the triggers that keep them"""

import sqlalchemy as sa
from alembic import op

revision = "supervision_0002"
down_revision = "supervision_0001"
branch_labels = None
# The calendar, whose changes the board has to know of.
depends_on = ("foundation_0001",)

_CELL = (
    ("unit_id", sa.Uuid()),
    ("lead_unit_id", sa.Uuid()),
    ("source", sa.Text()),
    ("leader_post_id", sa.Uuid()),
    ("light", sa.Text()),
)

# Working half days up to the end of a day, from the week and the national notices. board_day holds them ready; it is
# emptied when the calendar changes, and then they are counted.
_HALVES = """
CREATE FUNCTION board_halves(wanted date) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    known bigint;
    gone integer := wanted - date '2000-01-03';
BEGIN
    SELECT halves INTO known FROM board_day WHERE day = wanted;
    IF FOUND THEN
        RETURN known;
    END IF;
    SELECT coalesce(sum(CASE kind WHEN 'work' THEN 2 WHEN 'half' THEN 1 ELSE 0 END
        - CASE WHEN extract(isodow FROM day) > 5 THEN 0 ELSE 2 END), 0) INTO known
    FROM calendar_day
    WHERE unit_id = '00000000-0000-0000-0000-000000000000' AND day BETWEEN date '2000-01-03' AND wanted;
    RETURN known + 2 * (gone / 7 * 5 + least(gone % 7 + 1, 5));
END $$
"""

_LOCAL_DAY = """
CREATE FUNCTION board_local_day(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date
$$
"""

# What a task adds to its cell, or takes from it: the time from its assignment to the report, without its rests.
_NOTE = """
CREATE FUNCTION board_note(of_task task, sign integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ended timestamptz := coalesce(of_task.closure_asked_at, of_task.suspended_at, of_task.closed_at);
    spent bigint := 0;
BEGIN
    IF of_task.established_at IS NULL OR of_task.state = 'cancelled' THEN
        RETURN;
    END IF;
    IF of_task.assigned_at IS NOT NULL THEN
        spent := - board_halves(board_local_day(of_task.assigned_at));
        IF ended IS NOT NULL THEN
            spent := spent + board_halves(board_local_day(ended));
        END IF;
        spent := spent - coalesce((
            SELECT sum(board_halves(board_local_day(until)) - board_halves(board_local_day(since)))
            FROM task_rest
            WHERE task_id = of_task.id AND until IS NOT NULL AND since >= of_task.assigned_at
        ), 0);
    END IF;
    INSERT INTO board_change (unit_id, lead_unit_id, source, leader_post_id, light, month,
                              tasks, handled, running, spent)
    VALUES (
        of_task.unit_id,
        coalesce(of_task.lead_unit_id, '00000000-0000-0000-0000-000000000000'),
        of_task.source,
        coalesce(of_task.instructor_post_id, of_task.leader_post_id, '00000000-0000-0000-0000-000000000000'),
        of_task.light,
        to_char(of_task.established_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')::integer,
        sign,
        CASE WHEN of_task.assigned_at IS NULL THEN 0 ELSE sign END,
        CASE WHEN of_task.assigned_at IS NULL OR ended IS NOT NULL THEN 0 ELSE sign END,
        sign * spent
    );
END $$
"""

_OF_TASK = """
CREATE FUNCTION board_task_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM board_note(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM board_note(NEW, 1);
    END IF;
    RETURN NULL;
END $$
"""
_WATCHED = (
    "state", "light", "source", "unit_id", "lead_unit_id", "leader_post_id", "instructor_post_id",
    "established_at", "assigned_at", "suspended_at", "closure_asked_at", "closed_at",
)  # fmt: skip

# A rest that ended is no handling time; its task is in the cell that it is in now.
_OF_REST = """
CREATE FUNCTION board_rest_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_task task;
    more bigint := 0;
BEGIN
    SELECT * INTO of_task FROM task WHERE id = coalesce(NEW.task_id, OLD.task_id);
    IF of_task.established_at IS NULL OR of_task.state = 'cancelled' OR of_task.assigned_at IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.until IS NOT NULL AND OLD.since >= of_task.assigned_at THEN
        more := board_halves(board_local_day(OLD.until)) - board_halves(board_local_day(OLD.since));
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.until IS NOT NULL AND NEW.since >= of_task.assigned_at THEN
        more := more - board_halves(board_local_day(NEW.until)) + board_halves(board_local_day(NEW.since));
    END IF;
    IF more <> 0 THEN
        INSERT INTO board_change (unit_id, lead_unit_id, source, leader_post_id, light, month,
                                  tasks, handled, running, spent)
        VALUES (
            of_task.unit_id,
            coalesce(of_task.lead_unit_id, '00000000-0000-0000-0000-000000000000'),
            of_task.source,
            coalesce(of_task.instructor_post_id, of_task.leader_post_id,
                     '00000000-0000-0000-0000-000000000000'),
            of_task.light,
            to_char(of_task.established_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')::integer,
            0, 0, 0, more
        );
    END IF;
    RETURN NULL;
END $$
"""

_OF_CALENDAR = """
CREATE FUNCTION board_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM board_day;
    UPDATE board_basis SET stale = true WHERE NOT stale;
    RETURN NULL;
END $$
"""

# Each change counts at every level and in every period that contains it.
_PENDING = """
CREATE VIEW board_pending AS
SELECT id, level, unit_id, period,
       CASE WHEN level & 1 > 0 THEN lead_unit_id ELSE '00000000-0000-0000-0000-000000000000' END AS lead_unit_id,
       CASE WHEN level & 2 > 0 THEN source ELSE '' END AS source,
       CASE WHEN level & 4 > 0 THEN leader_post_id
            ELSE '00000000-0000-0000-0000-000000000000' END AS leader_post_id,
       light, tasks, handled, running, spent
FROM board_change
CROSS JOIN generate_series(0, 7) AS level
CROSS JOIN LATERAL (VALUES (0), (month / 100), (month)) AS spans (period)
"""
_CELLS = """
CREATE VIEW board_cell AS
SELECT level, unit_id, period, lead_unit_id, source, leader_post_id, light, tasks, handled, running, spent
FROM board_count
UNION ALL
SELECT level, unit_id, period, lead_unit_id, source, leader_post_id, light, tasks, handled, running, spent
FROM board_pending
"""


def upgrade() -> None:
    _tables()
    for statement in (_LOCAL_DAY, _HALVES, _NOTE, _OF_TASK, _OF_REST, _OF_CALENDAR, _PENDING, _CELLS):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER board_task AFTER INSERT OR DELETE OR UPDATE OF "
        + ", ".join(_WATCHED)
        + " ON task FOR EACH ROW EXECUTE FUNCTION board_task_changed()"
    )
    op.execute(
        "CREATE TRIGGER board_rest AFTER INSERT OR UPDATE OR DELETE ON task_rest"
        " FOR EACH ROW EXECUTE FUNCTION board_rest_changed()"
    )
    op.execute(
        "CREATE TRIGGER board_calendar AFTER INSERT OR UPDATE OR DELETE ON calendar_day"
        " FOR EACH STATEMENT EXECUTE FUNCTION board_calendar_changed()"
    )
    op.execute("INSERT INTO board_basis (id, stale) VALUES (1, true)")


def _tables() -> None:
    op.create_table(
        "board_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in _CELL),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tasks", "handled", "running")),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_change")),
    )
    op.create_index("ix_board_change_unit_id", "board_change", ["unit_id"])
    key = ("level", "unit_id", "period", "lead_unit_id", "source", "leader_post_id", "light")
    op.create_table(
        "board_count",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in _CELL),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("tasks", "handled", "running", "spent")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_board_count")),
    )
    # Their rows come and go all the time; what is gone must not be read over.
    for table in ("board_change", "board_count"):
        op.execute(
            f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"
        )
    op.create_table(
        "board_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_board_day")),
    )
    op.create_table(
        "board_basis",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_board_basis_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_basis")),
    )
    late = sa.text("light = 'red'")
    op.create_index("ix_task_late", "task", ["unit_id", "due_at", "id"], postgresql_where=late)
    op.create_index(
        "ix_task_late_of_lead", "task", ["unit_id", "lead_unit_id", "due_at", "id"], postgresql_where=late
    )
    op.create_index("ix_task_light", "task", ["unit_id", "light", "id"])
