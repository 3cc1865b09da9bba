"""The read model can be dropped and built anew from the event logs, with equal result."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.mobile.commands import reset_read_model
from services.mobile.models import InboxItem, StartedWork, SubjectFacts, TraceEntry
from services.mobile.worker import MobileWorker
from shared.auth import Actor
from shared.config import read_settings
from shared.db import Database
from shared.events import documents, work
from shared.events.base import Event, example_of
from shared.ids import new_id
from shared.messaging.event_log import EVERY, EventLog
from shared.messaging.handling import handle, read_envelope
from shared.messaging.outbox import record
from shared.messaging.replay import Replay
from shared.messaging.subscriptions import subscriptions_of
from shared.runtime_context import Runtime
from tests.service.mobile.conftest import MakeDatabase
from tests.service.mobile.office import (
    NOW,
    Office,
    cancelled,
    completed,
    dated,
    doer,
    numbered,
    opened,
    read,
    reminded,
    reopened,
    revised,
    started,
    subject,
)


@pytest.fixture
def documents_log(fresh_database: MakeDatabase) -> Iterator[Database]:
    made = Database("documents", fresh_database("documents"), pool_size=3)
    yield made
    made.close()


@pytest.fixture
def runtime(database: Database, documents_log: Database) -> Runtime:
    return Runtime(settings=read_settings(), _databases={"mobile": database, "documents": documents_log})


def lives(office: Office, chance: Random) -> Iterator[tuple[UUID, list[Event]]]:
    """The events of some documents, each on its chain."""
    people = [office.person(f"某{place}") for place in range(3)]
    for place in range(12):
        person, other = chance.sample(people, 2)
        about = subject(title=f"关于第{place}项工作的通知")
        first = opened(person.post_id, about, deadline=NOW + timedelta(days=chance.randrange(-2, 3)))
        second = opened(other.post_id, about, role=work.ItemRole.READER)
        drafted = replace(example_of(documents.DocumentDrafted), document_id=about.id)
        middle: list[Event] = [
            read(first, doer(person)),
            dated(first, NOW + timedelta(days=chance.randrange(3, 9))),
            reminded(first, doer(other)),
        ]
        ends: list[Event] = [completed(first, doer(person, other)), reopened(first), cancelled(second)]
        yield (
            about.id,
            [
                drafted,
                started(doer(other), about, work_id=first.work_id),
                first,
                revised(about.id, title=f"关于第{place}项重点工作的通知", urgency="加急"),
                second,
                *middle[: chance.randrange(4)],
                *ends[: chance.randrange(4)],
                numbered(about.id, f"萍府办发〔2026〕{place + 1}号"),
            ],
        )


def rows_of(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.transaction() as session:
        return {
            model.__tablename__: [
                dict(row)
                for row in session.execute(sa.select(*model.__table__.columns).order_by(model.id)).mappings()
            ]
            for model in (InboxItem, StartedWork, SubjectFacts, TraceEntry)
        }


def test_the_read_model_is_built_anew_with_equal_result(
    database: Database, documents_log: Database, runtime: Runtime, office: Office
) -> None:
    chance = Random(11)
    for chain, events in lives(office, chance):
        actor = Actor(correlation_id=chain, person_id=new_id(), person_name="李娟")
        with documents_log.transaction() as session:
            for event in events:
                record(session, actor, event)
    handle_in_disorder(database, documents_log, runtime, chance)
    before = rows_of(database)
    assert all(before.values())
    with database.transaction() as session:
        session.execute(sa.delete(TraceEntry))
        session.execute(
            sa.update(InboxItem).values(title="坏了", state="open", acted_person_id=None, deadline=None)
        )
    replay = Replay(runtime, MobileWorker, reset=reset_read_model, producers=["documents"])
    replayed = replay.run()
    assert replayed == len(before["trace_entry"])
    assert rows_of(database) == before


def handle_in_disorder(database: Database, documents_log: Database, runtime: Runtime, chance: Random) -> None:
    """Handle each event of the log once, in an order that no broker would choose."""
    log = EventLog(documents_log)
    events = [item for chunk in log.read([EVERY], until=log.last_given()) for item in chunk]
    for subscription in subscriptions_of(MobileWorker):
        if subscription.method == "directory":
            continue
        chance.shuffle(events)
        for item in events:
            keys = subscription.keys_by_producer(["documents"]).get("documents", [])
            if item.key not in keys and EVERY not in keys:
                continue
            with database.transaction() as session:
                handle(
                    session,
                    read_envelope(item.body, subscription),
                    subscription=subscription,
                    runtime=runtime,
                    method=getattr(MobileWorker(), subscription.method),
                )
