"""How many people one core can sign in."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.identity.hashing import PasswordKeeper
from tests.bench import load
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.service.identity.conftest import settle
from tests.service.identity.people import PASSWORD, PASSWORD_DIGEST, SECRET
from tests.support.api import serving

SERVICE = "identity"
# Each client signs in as somebody else: attempts on one account wait for each other.
LOGIN_NAMES = ("市长", "文书", "财政局长", "预算科承办")


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("sign_ins")
    environment = {**office.unlimited, "YIWANG_SECRET_KEY": SECRET}
    keeper = PasswordKeeper()

    def limit(count: int) -> Readings:
        with _only_core_of_api():
            started = time.perf_counter()
            for _ in range(count):
                assert keeper.matches(PASSWORD_DIGEST, PASSWORD)
            return {"sign-ins": count / (time.perf_counter() - started)}

    with serving(SERVICE, office.database(SERVICE), office.home, environment=environment) as api:
        api.prepare(settle)

        def ours(count: int) -> Readings:
            _bind(api.program.pid, _cores()[:1])
            rate = load.rate(api.base, _login, count, concurrency=len(LOGIN_NAMES))
            return {"sign-ins": rate}

        yield Sides(ours=ours, limit=limit)


def _login(client: int) -> load.Request:
    body = {"login_name": LOGIN_NAMES[client], "password": PASSWORD}
    return load.Request(method="POST", path="/login", body=body, expected=200)


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0))


def _bind(pid: int, cores: list[int]) -> None:
    """Every thread that the process has now; those that it starts later inherit it."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


@contextmanager
def _only_core_of_api() -> Iterator[None]:
    """This thread on the core that the api has for itself otherwise."""
    thread, before = threading.get_native_id(), _cores()
    os.sched_setaffinity(thread, before[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(thread, before)


FIGURE = Figure(
    name="sign_ins",
    order=5,
    ours=f"POST /login over HTTP, {len(LOGIN_NAMES)} people at once, one api that has one core for all of its threads",
    limit="the same check of a password alone (argon2id, 19 MiB, t=2, p=1), one after the other on that core",
    note="the client and PostgreSQL are not bound to that core, and their work is not counted.",
    quantities=(Quantity(name="sign-ins", unit="1/s/core", better=Better.HIGHER, floor=0.8, aim=0.8),),
    amount=100,
    warm_up=12,
    prepare=prepare,
)
