"""How fast a page of figures (指标) is answered."""

from tests.bench.answers import COUNTED, RATE, Page
from tests.bench.figure import Figure
from tests.bench.filling.figures import SERVICE, YEAR, filled_figures

# What counts in the year, or lasts at its end, by population.
COUNTING = f"""
    SELECT population, sum(n), sum(m1), sum(m2), sum(m3), sum(m4), sum(m5), sum(m6), sum(m7), sum(m8)
    FROM figure_entry
    WHERE from_day <= current_date
    AND CASE WHEN until_day IS NULL THEN from_day >= '{YEAR}-01-01' ELSE until_day > current_date END
    GROUP BY population
"""
PAGE = Page(service=SERVICE, paths=(f"/figures?year={YEAR}",), counting=(COUNTING,), filled=filled_figures)

FIGURE = Figure(
    name="figures",
    order=9,
    ours="GET /figures of a city and a year, with a token, from a million events (100,000 tasks); one person, one api",
    limit="answers: the SQL that it sent, recorded live, over one psycopg2 connection, rows fetched; "
    "against counting: what each item counts as (figure_entry) added up in plain SQL, without the sums",
    note="facts are put down as the handler does and counted in by the timer's command; median time on both sides.",
    quantities=(RATE, COUNTED),
    amount=200,
    warm_up=10,
    prepare=PAGE.against_its_sql,
)
