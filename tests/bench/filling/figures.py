"""What mobile makes of a city's events, as many as wanted: it puts their facts down and counts them in itself."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from random import Random
from uuid import UUID

import sqlalchemy as sa

from services.mobile.commands import count_facts
from services.mobile.domain.counting import FACT_EVENTS, Change, changes_of
from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.db import Database
from shared.directory import keep
from shared.events.base import Envelope, Event
from shared.ids import new_id
from shared.permissions import Permission
from shared.runtime.garbage import look_rarely
from tests.bench.filling.filled import Filled, know_this_year, settle, tasks
from tests.bench.ground import Ground
from tests.service.mobile.happenings import STORIES, TODAY, City, Story, plans, task

SERVICE = "mobile"
# Of the stories that are told.
YEAR = TODAY.year
TASKS_FOR_EACH_OTHER = 4
AT_ONCE = 50_000
_COUNTED = frozenset(FACT_EVENTS)
_OTHERS = [tell for tell in STORIES if tell is not task]
_COLUMNS = "kind, item_id, facet, rank, facts"

# Every event is also a line of the trace, in which 四级组织覆盖率 looks for whoever has worked in the suite; with
# ids in the order of time, as the suite gives them.
_TRACE = sa.text(
    """
    INSERT INTO trace_entry (id, at, correlation_id, service, key, subject_id, sequence, about_id, rank, sentence,
        person_id, person_name, post_title, unit_name, on_behalf_of)
    SELECT uuidv7(), now() - interval '500 days' * (1 - n::float / :events), uuidv7(), 'supervision',
        'task.fed_back.v1', uuidv7(), 1, uuidv7(), 'step', '反馈了办理进展',
        (:people)[1 + floor(cardinality(:people) * random())::int], '某人', '承办', '某单位', ''
    FROM generate_series(1, :events) AS n
    """
).bindparams(sa.bindparam("people", type_=sa.ARRAY(sa.Uuid())))


@cache
def filled_figures(ground: Ground, times: int) -> Filled:
    """The city with what happened in it, at one of the sizes; about ten events for each supervised task."""
    office = ground.office(f"figures_{times}")
    url = office.database(SERVICE)
    database = Database(SERVICE, url, pool_size=2)
    city = City(Random(times))
    with database.transaction() as session:
        seed_days(session)
        for event in city.found():
            keep(session, event)
    know_this_year(database)
    told = _Told(_stories(city, tasks(ground, times)))
    look_rarely()
    while _put_down(database, islice(told, AT_ONCE)):
        _count_in(database)
    with database.transaction() as session:
        session.execute(_TRACE, {"people": city.people, "events": told.events})
    settle(database)
    database.close()
    return Filled(office=office, url=url, reader=_leader(city.units[0]))


def _stories(city: City, tasks_: int) -> Iterator[Story]:
    yield plans(city)
    for number in range(tasks_):
        yield task(city)
        if number % TASKS_FOR_EACH_OTHER == 0:
            yield city.chance.choice(_OTHERS)(city)


class _Told(Iterator[Change]):
    """The facts of the stories' events, as mobile's handler puts them down; `events` counts all events so far."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self.events = 0
        self._facts = self._told(stories)

    def __next__(self) -> Change:
        return next(self._facts)

    def _told(self, stories: Iterable[Story]) -> Iterator[Change]:
        for story in stories:
            for event in story:
                self.events += 1
                if type(event) in _COUNTED:
                    yield from changes_of(_envelope(event, self.events))


def _envelope(event: Event, sequence: int) -> Envelope:
    return Envelope(
        id=new_id(), service=event.producers[0], time=datetime.now(UTC), sequence=sequence, actor_id=None,
        correlation_id=_CHAIN, causation_id=None, event=event,
    )  # fmt: skip


_CHAIN = new_id()


def _put_down(database: Database, changes: Iterable[Change]) -> int:
    """The rows of the handler's inserts, by COPY; says how many."""
    lines = ["\t".join((one.kind, str(one.item_id), one.facet, str(one.rank), _json(one))) for one in changes]
    with database.transaction() as session:
        cursor = session.connection().connection.cursor()
        rows = io.StringIO("\n".join([*lines, ""]))
        cursor.copy_expert(f"COPY figure_change ({_COLUMNS}) FROM STDIN", rows)
    return len(lines)


def _json(change: Change) -> str:
    return json.dumps(change.facts, ensure_ascii=False).replace("\\", "\\\\")


def _count_in(database: Database) -> None:
    """What the timer does every second, until nothing is left."""
    counted = 1
    while counted:
        with database.transaction() as session:
            counted = count_facts(session)


def _leader(unit_id: UUID) -> Actor:
    return Actor(
        correlation_id=new_id(), person_id=new_id(), person_name="市领导", post_id=new_id(), post_title="市领导",
        unit_id=unit_id, unit_name="萍乡市人民政府", tenure_id=new_id(), session_id=new_id(),
        permissions=frozenset({Permission.MOBILE_FIGURES}),
    )  # fmt: skip
