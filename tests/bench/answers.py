"""Answers of an api from a filled database: how many a second against the same SQL, and how much more they cost with
more in the database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from tests.bench import load
from tests.bench.figure import Better, Quantity, Readings, Sides
from tests.bench.filling.filled import LARGEST, Filled
from tests.bench.ground import Ground
from tests.bench.same_sql import Replay, recorded
from tests.support.api import RunningApi, SignedIn, serving

RATE = Quantity(name="answers", unit="1/s", better=Better.HIGHER, floor=0.5, aim=0.8)
COUNTED = Quantity(name="against counting", unit="1/s", better=Better.HIGHER, floor=0.5, aim=0.8)
GROWTH = tuple(
    Quantity(name=name, unit="ms", better=Better.LOWER, floor=1.5, aim=1.1) for name in ("10x", "100x")
)

# Counting takes so much longer that fewer times are enough.
SLOWER = 20


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a person looks at: the GET requests that one answer takes, and the filled databases to ask.

    `counting` is the same question put to the rows themselves, as one would ask without counters.
    """

    service: str
    paths: tuple[str, ...]
    counting: tuple[str, ...]
    filled: Callable[[Ground, int], Filled]

    def asked(self, api: RunningApi, filled: Filled) -> list[load.Request]:
        """The requests with a token that outlives the run."""
        token = api.key.token(_signed_in(filled), lifetime=timedelta(hours=6))
        headers = {"Authorization": f"Bearer {token}"}
        return [load.Request(method="GET", path=path, expected=200, headers=headers) for path in self.paths]

    @contextmanager
    def against_its_sql(self, ground: Ground) -> Iterator[Sides]:
        """At the largest size: answers a second over one connection, and the same SQL over one of psycopg2."""
        filled = self.filled(ground, LARGEST)
        office, url = filled.office, filled.url
        statements = recorded(self.service, office, url, lambda api: self.asked(api, filled))[-1]
        with (
            serving(self.service, url, office.home, environment=office.unlimited) as api,
            Replay(url, statements) as replay,
            Replay(url, self.counting) as counting,
        ):
            requests = self.asked(api, filled)

            def ours(count: int) -> Readings:
                rate = 1 / median(load.seconds(api.base, requests, count))
                return {RATE.name: rate, COUNTED.name: rate}

            def limit(count: int) -> Readings:
                return {
                    RATE.name: 1 / median(replay.seconds(count)),
                    COUNTED.name: 1 / median(counting.seconds(max(count // SLOWER, 3))),
                }

            yield Sides(ours=ours, limit=limit)

    @contextmanager
    def against_its_own(self, ground: Ground) -> Iterator[Sides]:
        """Milliseconds for an answer from ten and a hundred times as much, and from the smallest."""
        with ExitStack() as held:
            asks: dict[int, Callable[[int], float]] = {}
            for times in (LARGEST, 10, 1):
                asks[times] = held.enter_context(self._asking(ground, times))

            def ours(count: int) -> Readings:
                return {"10x": asks[10](count), "100x": asks[LARGEST](count)}

            def limit(count: int) -> Readings:
                smallest = asks[1](count)
                return {"10x": smallest, "100x": smallest}

            yield Sides(ours=ours, limit=limit)

    @contextmanager
    def _asking(self, ground: Ground, times: int) -> Iterator[Callable[[int], float]]:
        filled = self.filled(ground, times)
        office = filled.office
        folder = office.home / "growth"
        folder.mkdir()
        with serving(self.service, filled.url, folder, environment=office.unlimited) as api:
            requests = self.asked(api, filled)
            yield lambda count: 1000 * median(load.seconds(api.base, requests, count))


def _signed_in(filled: Filled) -> SignedIn:
    reader = filled.reader
    assert reader.person_id
    assert reader.post_id
    assert reader.unit_id
    assert reader.tenure_id
    assert reader.session_id
    return SignedIn(
        person_id=reader.person_id,
        name=reader.person_name,
        post_id=reader.post_id,
        post_title=reader.post_title,
        unit_id=reader.unit_id,
        unit_name=reader.unit_name,
        tenure_id=reader.tenure_id,
        session_id=reader.session_id,
        permissions=reader.permissions,
    )
