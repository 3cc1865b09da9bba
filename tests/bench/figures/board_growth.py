"""Whether the supervisors' board costs more when there are more tasks."""

from tests.bench.answers import GROWTH
from tests.bench.figure import Figure
from tests.bench.figures.board import PAGE

FIGURE = Figure(
    name="board_growth",
    order=10,
    ours="GET /board, the first page of late tasks in it, from 10,000 and 100,000 tasks, median time of an answer",
    limit="the same from 1,000 tasks, by an api of its own",
    note="the same city each time: 66 units, 8 leaders, two years.",
    quantities=GROWTH,
    amount=100,
    warm_up=10,
    prepare=PAGE.against_its_own,
)
