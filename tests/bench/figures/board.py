"""How fast the supervisors' board is answered."""

from tests.bench.answers import RATE, Page
from tests.bench.figure import Figure
from tests.bench.filling.board import SERVICE, filled_board

PAGE = Page(service=SERVICE, paths=("/board", "/board/late"), filled=filled_board)

FIGURE = Figure(
    name="board",
    order=8,
    ours="GET /board and the first page of /board/late, with a token, from 100,000 tasks; one person, one api",
    limit="the SQL that these two sent, recorded live with its values, over one psycopg2 connection, rows fetched",
    note="counters are filled by the triggers and the timer's fold; both sides one after the other, median time.",
    quantities=(RATE,),
    amount=200,
    warm_up=10,
    prepare=PAGE.against_its_sql,
)
