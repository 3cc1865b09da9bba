"""How fast a page of figures (指标) is answered."""

from tests.bench.answers import RATE, Page
from tests.bench.figure import Figure
from tests.bench.filling.figures import SERVICE, YEAR, filled_figures

PAGE = Page(service=SERVICE, paths=(f"/figures?year={YEAR}",), filled=filled_figures)

FIGURE = Figure(
    name="figures",
    order=9,
    ours="GET /figures of a city and a year, with a token, from a million events (100,000 tasks); one person, one api",
    limit="the SQL that it sent, recorded live with its values, over one psycopg2 connection, rows fetched",
    note="facts are put down as the handler does and counted in by the timer's command; median time on both sides.",
    quantities=(RATE,),
    amount=200,
    warm_up=10,
    prepare=PAGE.against_its_sql,
)
