"""Whether a page of figures (指标) costs more when more has happened."""

from tests.bench.answers import GROWTH
from tests.bench.figure import Figure
from tests.bench.figures.figures import PAGE

FIGURE = Figure(
    name="figures_growth",
    order=11,
    ours="GET /figures of a city and a year from 100,000 and a million events, median time of an answer",
    limit="the same from 10,000 events, by an api of its own",
    note="the same city each time, over a year and a half.",
    quantities=GROWTH,
    amount=100,
    warm_up=10,
    prepare=PAGE.against_its_own,
)
