"""How soon everybody is answered when fifty people want one room at one moment."""

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors

from shared.clock import SystemClock
from shared.files import open_store
from shared.ids import new_id
from tests.bench import raw
from tests.bench.figure import Better, Figure, Quantity, Readings, Sides
from tests.bench.ground import Ground
from tests.service.meetings.house import Hall, House
from tests.support.api import serving

SERVICE = "meetings"
AT_ONCE = 50
BOOKERS = ("财政科员", "数据科员", "财政文书", "数据文书", "秘书长")
EVERY_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
INSERT = (
    "INSERT INTO room_booking (id, room_id, room_no, starts_at, ends_at, title, state, booker_post_id, booker_name,"
    " booker_unit_id, booker_unit_name, revision, made_at, settled_by_name, reason, checked_in_by_name)"
    " SELECT %s, id, number, %s, %s, '例会', 'booked', %s, '某人', unit_id, unit_name, 1, now(), '', '', ''"
    # Without the lock, insertions that wait for each other's exclusion check may deadlock.
    " FROM room WHERE id = %s FOR UPDATE"
)
TAKEN = 409
BOOKED = 201


@contextmanager
def prepare(ground: Ground) -> Iterator[Sides]:
    office = ground.office("bookings")
    url = office.database(SERVICE)
    with serving(SERVICE, url, office.home, environment=office.unlimited) as api:
        house = House(
            database=api.database, blobs=open_store((office.home / "blobs").as_uri()), clock=SystemClock()
        )
        house.fill()
        hall = Hall(api=api, house=house)
        rooms = [hall.do("会务", "POST", "/rooms", _room(side))["id"] for side in ("甲", "乙")]
        tokens = [
            api.key.token(hall.person(BOOKERS[number % len(BOOKERS)]), lifetime=timedelta(hours=2))
            for number in range(AT_ONCE)
        ]
        hours = count(1)
        lines = [psycopg2.connect(raw.dsn(url)) for _ in range(AT_ONCE)]

        def ours(times: int) -> Readings:
            def book(number: int, starts: datetime) -> int:
                return _ask(api.base, tokens[number], _asked(rooms[0], starts))

            return {"bookings": _milliseconds(book, times, hours)}

        def limit(times: int) -> Readings:
            def book(number: int, starts: datetime) -> int:
                return _insert(lines[number], rooms[1], starts)

            return {"bookings": _milliseconds(book, times, hours)}

        yield Sides(ours=ours, limit=limit)
        for line in lines:
            line.close()


def _milliseconds(book: Callable[[int, datetime], int], times: int, hours: Iterator[int]) -> float:
    """Mean time from the start of fifty bookings to the last answer; each time is another hour of the room."""
    taken = 0.0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(times):
            starts = datetime.now(UTC) + timedelta(days=1, hours=2 * next(hours))
            ready = Barrier(AT_ONCE + 1)

            def go(number: int, starts: datetime = starts, ready: Barrier = ready) -> int:
                ready.wait(60)
                return book(number, starts)

            asked = [pool.submit(go, number) for number in range(AT_ONCE)]
            ready.wait(60)
            began = time.perf_counter()
            answers = Counter(one.result() for one in asked)
            taken += time.perf_counter() - began
            if answers != {BOOKED: 1, TAKEN: AT_ONCE - 1}:
                raise RuntimeError(f"of {AT_ONCE} bookings exactly one must win: {dict(answers)}")
    return 1000 * taken / times


def _ask(base: str, token: str, asked: dict[str, Any]) -> int:
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"{parts.path}/room-bookings", json.dumps(asked), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _insert(line: Any, room_id: str, starts: datetime) -> int:
    values = (str(new_id()), starts, starts + timedelta(hours=1), str(new_id()), room_id)
    try:
        with line.cursor() as cursor:
            cursor.execute(INSERT, values)
        line.commit()
    except psycopg2.errors.ExclusionViolation:
        line.rollback()
        return TAKEN
    return BOOKED


def _asked(room_id: str, starts: datetime) -> dict[str, Any]:
    ends = starts + timedelta(hours=1)
    return {
        "room_id": room_id, "title": "例会", "starts_at": starts.isoformat(), "ends_at": ends.isoformat(),
    }  # fmt: skip


def _room(name: str) -> dict[str, Any]:
    return {"name": f"{name}会议室", "capacity": 20, "hours": EVERY_DAY}


FIGURE = Figure(
    name="bookings",
    order=12,
    ours=f"{AT_ONCE} people book one free room for one hour at once over HTTP: until the last is answered, one api",
    limit=f"the same {AT_ONCE} rows inserted at once over as many psycopg2 connections, each under the room's lock, "
    "its commit or refusal awaited",
    note=(
        "each time exactly one gets the room, or the figure is not measured; ours tells the others who has it. The "
        "bounds are of our own."
    ),
    quantities=(Quantity(name="bookings", unit="ms", better=Better.LOWER, floor=40, aim=20),),
    amount=5,
    warm_up=1,
    prepare=prepare,
)
