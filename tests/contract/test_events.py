"""The laws of events: contracts are kept, none goes unheard without saying so, handlers repeat safely."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.clock import SystemClock
from shared.config import read_settings
from shared.db import Database, FoundationBase
from shared.events.base import Envelope, Event, dump_fields, example_of, json_schema_of, load_fields
from shared.events.catalogue import catalogue
from shared.events.locking import broken_locks, lock_new
from shared.events.suite import suite_events
from shared.ids import new_id
from shared.messaging.handling import Verdict, handle
from shared.messaging.models import InboxEvent
from shared.messaging.subscriptions import Order, Subscription, listeners_by_key, subscriptions_of_all
from shared.runtime_context import Runtime
from shared.service import Service, all_services, get_service

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SUBSCRIPTIONS = subscriptions_of_all(all_services())
EVENTS = suite_events()
# What events say of themselves, and every run of a handler leaves behind, whether it does anything or not.
KEPT_BY_MESSAGING = {"inbox_event", "handler_cursor"}

by_key = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.key)


def test_locked_schemas_are_unchanged_and_every_event_is_locked() -> None:
    assert broken_locks() == []


def test_a_lock_notices_every_change_but_an_optional_field(tmp_path: Path) -> None:
    lock_new(tmp_path)
    assert lock_new(tmp_path) == []
    path = tmp_path / f"{EVENTS[0].key}.json"
    path.write_text(path.read_text().replace('"type": "object"', '"type": "array"', 1))
    (tmp_path / "no.longer.v1.json").write_text("{}")
    assert len(broken_locks(tmp_path)) == 2


@by_key
def test_an_example_is_a_valid_event_that_reads_back_equal(event: type[Event]) -> None:
    example = example_of(event)
    assert load_fields(event, dump_fields(example)) == example
    assert example.subject
    assert json_schema_of(event)["required"]


@by_key
def test_an_event_is_listened_to_or_says_that_it_is_not(event: type[Event]) -> None:
    taken = any(made.takes(event) for made in SUBSCRIPTIONS)
    named = any(event in made.events for made in SUBSCRIPTIONS)
    assert taken or not event.consumed, "nobody listens: declare it with consumed=False"
    assert event.consumed or not named, "somebody listens: remove consumed=False"


@by_key
def test_an_event_is_told_by_a_service_that_exists(event: type[Event]) -> None:
    """A fact that several services tell may name some that are not installed."""
    assert set(event.producers) & {service.name for service in all_services()}


def test_queue_names_are_frozen() -> None:
    """What waits in a queue is lost when its handler is renamed; a name leaves this list only with its handler."""
    frozen = (HERE / "queues.txt").read_text(encoding="utf-8").split()
    assert sorted(made.queue for made in SUBSCRIPTIONS) == frozen


def test_the_catalogue_of_events_is_current() -> None:
    written = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert written == catalogue(listeners_by_key(SUBSCRIPTIONS)), "run `yiwang events docs`"


@pytest.mark.parametrize("subscription", SUBSCRIPTIONS, ids=lambda made: made.queue)
def test_a_handler_is_safe_to_run_twice(
    subscription: Subscription,
    fresh_database: Callable[[Service | str], str],
    tmp_path: Path,
) -> None:
    """With each event's example: through the inbox the second run is none, and without it changes nothing."""
    service = get_service(subscription.service)
    runtime = Runtime(
        settings=replace(read_settings(), home=tmp_path, blob_url=(tmp_path / "blobs").as_uri())
    )
    database = Database(service.name, fresh_database(service))
    method = getattr(service.load_worker()(), subscription.method)
    any_order = replace(subscription, order=Order.ANY)
    for event in subscription.events or EVENTS:
        envelope = _envelope(event)
        verdicts, counts = [], []
        for forgets in (False, False, True):
            with database.transaction() as session:
                if forgets:
                    session.execute(sa.delete(InboxEvent))
                verdicts.append(
                    handle(session, envelope, subscription=any_order, runtime=runtime, method=method)
                )
                counts.append(_counts(session, service))
        assert verdicts == [Verdict.HANDLED, Verdict.DUPLICATE, Verdict.HANDLED], event.key
        assert counts[0] == counts[1] == counts[2], event.key
    database.close()


def _envelope(event: type[Event]) -> Envelope:
    return Envelope(
        id=new_id(),
        service=event.producers[0],
        time=SystemClock().now(),
        sequence=1,
        actor_id=None,
        correlation_id=new_id(),
        causation_id=None,
        event=example_of(event),
    )


def _counts(session: Session, service: Service) -> dict[str, int]:
    """How many rows each table has."""
    tables = [*FoundationBase.metadata.tables, *service.load_metadata().tables]
    return {
        name: session.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
        for name in tables
        if name not in KEPT_BY_MESSAGING
    }
