"""What each process of the suite holds at work."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.service import all_services
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.bench.memory import megabytes_with_presses, presses_of
from tests.support.processes import RunningProgram
from tests.support.suite import running_suite
from tests.support.town import Town
from tests.support.waiting import eventually

ALLOWED = {"api": 160, "worker": 130}
NAMES = [f"{service.name}.{role}" for service in all_services() for role in ALLOWED]
WITH_PRESS = "documents.api with press"
# A press ends after 30 s without a job.
REST = 60.0


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
            pids = {name: suite.process(name).pid for name in NAMES}
            at_work = megabytes_with_presses(pids["documents.api"])
            eventually(lambda: not any(map(presses_of, pids.values())), within=REST, every=0.5)
            steady = {name: megabytes_with_presses(pid) for name, pid in pids.items()}
            return {**steady, WITH_PRESS: at_work}

        yield Sides(ours=ours)


FIGURE = Figure(
    name="processes",
    order=7,
    ours="proportional set size of each api and worker of `yiwang up` after the story of a document, draft to archive",
    limit="what is allowed",
    note=(
        "one suite for all rounds, another story in each; children count. Pages are set by a press, a child that ends "
        f"after 30 s without a job: “{WITH_PRESS}” is the two together right after the story, the other lines are "
        "taken when no press is left."
    ),
    quantities=tuple(
        Quantity(name=name, unit="MB", better=Better.LOWER, aim=1, allowed=allowed)
        for name, allowed in [
            *((name, ALLOWED[name.partition(".")[2]]) for name in NAMES),
            (WITH_PRESS, ALLOWED["api"]),
        ]
    ),
    amount=1,
    warm_up=0,
    rounds=2,
    prepare=prepare,
)
