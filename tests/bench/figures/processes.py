"""What each process of the suite holds at work."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.service import all_services
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.bench.memory import megabytes
from tests.support.processes import RunningProgram
from tests.support.suite import running_suite
from tests.support.town import Town

ALLOWED = {"api": 160, "worker": 130}
NAMES = [f"{service.name}.{role}" for service in all_services() for role in ALLOWED]


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("processes")
    environment = {name: value for name, value in office.environment.items() if name != "YIWANG_HTTP_PORT"}
    with running_suite(
        office.home,
        database_url=environment["YIWANG_DATABASE_URL"],
        amqp_url=office.amqp_url,
        environment=environment,
    ) as suite:
        town = Town.found(office.home, environment)

        def ours(stories: int) -> Readings:
            command = ["yiwang", "demo", "--url", suite.base_url, "--passwords", str(town.passwords_file)]
            for _ in range(stories):
                with RunningProgram(command, office.home / "story.log", environment=environment) as story:
                    assert story.wait(180) == 0, story.output[-4000:]
            return {name: megabytes(suite.process(name).pid) for name in NAMES}

        yield Sides(ours=ours)


FIGURE = Figure(
    name="processes",
    order=7,
    ours="proportional set size of each api and worker of `yiwang up` after the story of a document, draft to archive",
    limit="what is allowed",
    note="one suite for all rounds, another story in each.",
    quantities=tuple(
        Quantity(name=name, unit="MB", better=Better.LOWER, aim=1, allowed=ALLOWED[name.partition(".")[2]])
        for name in NAMES
    ),
    amount=1,
    warm_up=0,
    rounds=2,
    prepare=prepare,
)
