"""How fast the supervisors' board is answered."""

from tests.bench.answers import COUNTED, RATE, Page
from tests.bench.figure import Figure
from tests.bench.filling.board import SERVICE, filled_board

# Tasks and half days by lead, source, leader, month and light, and the first page of the late ones.
COUNTING = (
    """
    SELECT lead_unit_id, source, coalesce(instructor_post_id, leader_post_id),
        to_char(established_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM'), light, count(*), count(assigned_at),
        sum(until.halves - since.halves)
    FROM task
    LEFT JOIN board_day AS since ON since.day = (assigned_at AT TIME ZONE 'Asia/Shanghai')::date
    LEFT JOIN board_day AS until ON until.day =
        (coalesce(closure_asked_at, suspended_at, closed_at, now()) AT TIME ZONE 'Asia/Shanghai')::date
    WHERE established_at IS NOT NULL AND state <> 'cancelled'
    GROUP BY GROUPING SETS ((1, 5), (2, 5), (3, 5), (4, 5), (5))
    """,
    "SELECT * FROM task WHERE light = 'red' ORDER BY due_at, id LIMIT 21",
)
PAGE = Page(service=SERVICE, paths=("/board",), counting=COUNTING, filled=filled_board)

FIGURE = Figure(
    name="board",
    order=8,
    ours="GET /board, the first page of late tasks in it, with a token, from 100,000 tasks; one person, one api",
    limit="answers: the SQL that it sent, recorded live, as plain text over one psycopg2 connection, rows fetched; "
    "against counting: the same asked of the tasks in plain SQL, without the counters",
    note="counters are filled by the triggers and the timer's fold; one after the other on all sides, median time; "
    "what ours has PostgreSQL plan once for each connection is planned anew for each answer on the other sides.",
    quantities=(RATE, COUNTED),
    amount=200,
    warm_up=10,
    prepare=PAGE.against_its_sql,
)
