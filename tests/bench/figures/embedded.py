"""What the suite in one process takes: memory at work, and the time until it answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.demo.municipality import PASSWORD_FILE
from shared.runtime.ports import LOOPBACK, choose_free_ports
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.bench.memory import megabytes_with_presses
from tests.support.processes import RunningProgram

FIRST_ANSWER = "/api/identity/jwks.json"


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    home = ground.office("embedded").home

    def run(*command: str) -> RunningProgram:
        environment = {"YIWANG_HOME": str(home), "YIWANG_HTTP_PORT": str(choose_free_ports(1)[0])}
        return RunningProgram(["yiwang", *command], home / f"{command[0]}.log", environment=environment)

    with run("demo", "--once") as founding:
        assert founding.wait(300) == 0, founding.output[-4000:]

    def ours(stories: int) -> Readings:
        [port] = choose_free_ports(1)
        base = f"http://{LOOPBACK}:{port}"
        started = time.perf_counter()
        with run("serve", "--port", str(port)) as suite:
            suite.wait_for_answer(base + FIRST_ANSWER, 60)
            waited = time.perf_counter() - started
            for _ in range(stories):
                with run("demo", "--url", base, "--passwords", str(home / PASSWORD_FILE)) as story:
                    assert story.wait(180) == 0, story.output[-4000:]
            held = megabytes_with_presses(suite.pid)
            suite.stop(within=60)
        return {"memory": held, "start": waited}

    yield Sides(ours=ours)


FIGURE = Figure(
    name="embedded",
    order=6,
    ours="`yiwang serve` on the data of the demo: until it answers, and what it holds after the story of one document",
    limit="what is allowed",
    note=(
        "memory is the proportional set size of the process and of the press that still waits for more pages (a child, "
        "gone after 30 s without any), without PostgreSQL's; the start is that of a new process with "
        "its database, on data that is there, until identity answers with its keys."
    ),
    quantities=(
        Quantity(name="memory", unit="MB", better=Better.LOWER, aim=1, allowed=400),
        Quantity(name="start", unit="s", better=Better.LOWER, aim=1, allowed=6),
    ),
    amount=1,
    warm_up=0,
    rounds=3,
    prepare=prepare,
)
