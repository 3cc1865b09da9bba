"""The figures against a plain script that works them out from the event logs alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.mobile.commands import count_facts
from services.mobile.domain.figures import FIGURES, Way
from services.mobile.domain.figures.periods import Period, month_end
from services.mobile.models import SLOTS
from services.mobile.queries import figures
from services.mobile.worker import MobileWorker
from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.config import read_settings
from shared.db import Database
from shared.ids import new_id
from shared.messaging.event_log import EventLog
from shared.messaging.handling import handle_together, read_envelope
from shared.messaging.outbox import record_all
from shared.messaging.subscriptions import subscriptions_of
from shared.runtime_context import Runtime
from tests.bench.raw import dsn
from tests.figures.recompute import Ledger, read_logs, recompute
from tests.service.mobile.happenings import TODAY, City, a_year_and_a_half
from tests.support.databases import ServiceDatabases

PRODUCERS = ("identity", "documents", "meetings", "supervision", "affairs", "archives")
_WHEN = sa.text(
    "UPDATE outbox_event SET recorded_at = CAST(:first AS timestamptz)"
    " + make_interval(hours => (position * 7919 % 9000)::integer)"
)
PERIODS = (
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 11, 1), date(2026, 11, 30)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2025, 11, 17), date(2026, 3, 9)),
    (date(2026, 5, 3), date(2026, 5, 20)),
    (date(2026, 11, 20), date(2026, 11, 20)),
)


@dataclass(frozen=True)
class Told:
    """What happened in the city, as mobile has heard it and as the logs have it."""

    database: Database
    city: City
    ledger: Ledger

    def actor(self, unit_id: UUID) -> Actor:
        return Actor(correlation_id=new_id(), person_id=new_id(), unit_id=unit_id)


@pytest.fixture(scope="module")
def told(databases: ServiceDatabases) -> Iterator[Told]:
    """A year and a half, heard in disorder and partly twice, counted in now and then."""
    # The event log is the same in every service's database.
    logs = {name: Database(name, databases.of("mobile"), pool_size=2) for name in PRODUCERS}
    mobile = Database("mobile", databases.of("mobile"), pool_size=3)
    chance = Random(20261120)
    city = City(chance)
    for story in a_year_and_a_half(city, of_each=40):
        for event in story:
            database = logs[event.producers[0]]
            with database.transaction() as session:
                actor = Actor(correlation_id=new_id(), person_id=chance.choice([None, *city.people]))
                record_all(session, actor, [event])
    for database in logs.values():
        with database.transaction() as session:
            session.execute(_WHEN, {"first": datetime(2025, 12, 1, tzinfo=UTC)})
    with mobile.transaction() as session:
        seed_days(session)
    hear(mobile, logs, chance)
    addresses = [
        dsn(str(database.engine.url.render_as_string(hide_password=False))) for database in logs.values()
    ]
    yield Told(mobile, city, Ledger(read_logs(addresses)))
    for database in (mobile, *logs.values()):
        database.close()


def hear(mobile: Database, logs: dict[str, Database], chance: Random) -> None:
    """Let mobile's handlers have every event, those of the directory in order."""
    runtime = Runtime(settings=read_settings(), _databases={"mobile": mobile, **logs})
    for subscription in subscriptions_of(MobileWorker):
        if subscription.method not in ("directory", "figures", "trace"):
            continue
        bodies = []
        for name, database in logs.items():
            log = EventLog(database)
            keys = subscription.keys_by_producer([name]).get(name, [])
            if keys:
                bodies += [item.body for chunk in log.read(keys, until=log.last_given()) for item in chunk]
        if subscription.method != "directory":
            bodies += chance.sample(bodies, len(bodies) // 5)
            chance.shuffle(bodies)
        method: Any = getattr(MobileWorker(), subscription.method)
        for place in range(0, len(bodies), 50):
            envelopes = [read_envelope(body, subscription) for body in bodies[place : place + 50]]
            with mobile.transaction() as session:
                handle_together(session, envelopes, subscription=subscription, runtime=runtime, method=method)
            if chance.random() < 0.4:
                with mobile.transaction() as session:
                    count_facts(session, rounds=1)
    with mobile.transaction() as session:
        while count_facts(session):
            continue


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_every_figure_is_what_the_event_logs_say(told: Told, first: date, last: date) -> None:
    period = Period(first=first, last=last, today=TODAY)
    differing = {}
    with told.database.transaction() as session:
        for unit in told.city.units:
            root = told.city.units[0]
            scope = figures.scope_of(session, told.actor(root), unit)
            expected = recompute(told.ledger, unit=str(unit), first=first, last=last, today=TODAY)
            assert set(expected) == set(FIGURES)
            for shown in figures.list_figures(session, scope, period):
                code, part = shown.figure.code, shown.part
                if (part.numerator, part.denominator) != expected[code]:
                    differing[unit, code] = (part.numerator, part.denominator), expected[code]
    assert differing == {}


def test_a_split_is_the_figure_of_each_unit_below_and_of_each_month(told: Told) -> None:
    period = Period(first=date(2025, 11, 17), last=date(2026, 12, 31), today=TODAY)
    root = told.city.units[0]
    with told.database.transaction() as session:
        scope = figures.scope_of(session, told.actor(root), None)
        for code, figure in FIGURES.items():
            for part in figures.split_by_month(session, figure, scope, period):
                begins = date.fromisoformat(f"{part.key}-01")
                first = max(begins, period.first)
                asked = {"unit": str(root), "first": first, "last": month_end(begins), "today": TODAY}
                assert (part.numerator, part.denominator) == answer(told, asked)[code], (code, part.key)
            if figure.way is Way.COVERAGE:
                continue
            for part in figures.split_by_unit(session, figure, scope, period):
                if part.key != str(root):
                    asked = {"unit": part.key, "first": period.first, "last": period.last, "today": TODAY}
                    assert (part.numerator, part.denominator) == answer(told, asked)[code], (code, part.label)


def answer(told: Told, asked: dict[str, Any]) -> dict[str, Any]:
    return _answer(told.ledger, tuple(asked.items()))


@cache
def _answer(ledger: Ledger, asked: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return recompute(ledger, **dict(asked))


def test_the_items_behind_a_figure_are_as_many_as_it_says(told: Told) -> None:
    with told.database.transaction() as session:
        for unit in told.city.units[:6]:
            scope = figures.scope_of(session, told.actor(told.city.units[0]), unit)
            for first, last in PERIODS[:4]:
                period = Period(first=first, last=last, today=TODAY)
                for shown in figures.list_figures(session, scope, period):
                    check_items(session, shown, scope, period)


def check_items(session: Session, shown: figures.FigureShown, scope: figures.Scope, period: Period) -> None:
    figure, part = shown.figure, shown.part

    def rows(which: figures.ItemPart) -> list[figures.FigureRow]:
        return figures.list_items_for_export(session, figure, scope, period, part=which)

    everything = rows(figures.ItemPart.ALL)
    assert all(row.unit_id in scope.units for row in everything)
    if figure.way is Way.MEAN:
        assert len(everything) == part.denominator
        assert sum(row.days or 0 for row in everything) == part.numerator
        return
    counting = rows(figures.ItemPart.NUMERATOR)
    assert sum(row.amount for row in counting) == part.numerator
    if figure.denominator == "n" and part.denominator is not None and figure.way is not Way.MEETINGS_PLAN:
        assert len(everything) == part.denominator
        assert len(counting) + len(rows(figures.ItemPart.REST)) == part.denominator


def test_pages_of_items_follow_each_other_without_gap_or_repetition(told: Told) -> None:
    period = Period(first=date(2025, 1, 1), last=date(2026, 12, 31), today=TODAY)
    with told.database.transaction() as session:
        scope = figures.scope_of(session, told.actor(told.city.units[0]), None)
        for code in ("tasks_in_time", "tasks_mean_days", "coverage", "meetings_against_plan"):
            asked: dict[str, Any] = {"part": figures.ItemPart.ALL}
            expected = figures.list_items_for_export(session, FIGURES[code], scope, period, **asked)
            found, after = [], None
            while True:
                page = figures.list_items(
                    session, FIGURES[code], scope, period, **asked, after=after, limit=3
                )
                found += page.items
                if (after := page.next) is None:
                    break
            assert found == expected
            assert len(found) > 3


def test_sums_are_what_the_entries_add_up_to(told: Told) -> None:
    """Whatever order the facts came in, and however often an item was counted anew."""
    added = ", ".join(f"sum({name})::bigint AS {name}" for name in ("n", *SLOTS))
    back = ", ".join(f"-{name}" for name in ("n", *SLOTS))
    forth = ", ".join(("n", *SLOTS))
    entries = (
        f"SELECT population, unit_id, from_day AS day, {forth} FROM figure_entry"
        f" UNION ALL SELECT population, unit_id, until_day, {back} FROM figure_entry WHERE until_day < '9999-12-31'"
    )
    grouped = f"SELECT population, unit_id, day, {added} FROM ({entries}) e GROUP BY 1, 2, 3"
    kept = f"SELECT population, unit_id, day, {forth} FROM figure_sum WHERE grain = 'd'"
    some = " OR ".join(f"{name} <> 0" for name in ("n", *SLOTS))
    with told.database.transaction() as session:
        differing = sa.text(
            f"(SELECT * FROM ({grouped}) g WHERE {some}) EXCEPT (SELECT * FROM ({kept}) k)"
            f" UNION ALL (SELECT * FROM ({kept}) k WHERE {some}) EXCEPT (SELECT * FROM ({grouped}) g)"
        )
        assert session.execute(differing).all() == []
        for grain, unit in (("m", "month"), ("y", "year")):
            coarser = kept.replace("day,", f"date_trunc('{unit}', day)::date AS day,")
            days = f"SELECT population, unit_id, day, {added} FROM ({coarser}) d GROUP BY 1, 2, 3"
            sums = kept.replace("'d'", f"'{grain}'")
            assert (
                session.execute(sa.text(f"({days}) EXCEPT ({sums}) UNION ALL ({sums}) EXCEPT ({days})")).all()
                == []
            )
