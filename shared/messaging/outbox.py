"""Telling the others: an event is a row in the business transaction; the relay sends what was committed."""

import json
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.events.base import Event, dump_fields
from shared.ids import new_id

NOTIFY_CHANNEL = "outbox"

# One round trip: count each aggregate's event, keep it, and wake the relay when the transaction commits.
_RECORD = sa.text(
    """
    WITH told AS (
        SELECT * FROM unnest(:ids, :keys, :subjects, :data) WITH ORDINALITY
            AS told (id, key, subject, data, place)
    ), counted AS (
        INSERT INTO event_subject AS known (subject, last_sequence, correlation_id)
        SELECT subject, 1, :correlation_id FROM told ORDER BY place
        ON CONFLICT (subject) DO UPDATE SET last_sequence = known.last_sequence + 1
        RETURNING subject, last_sequence, correlation_id
    ), kept AS (
        INSERT INTO outbox_event
            (id, key, subject, sequence, recorded_at, actor_id, correlation_id, causation_id, data)
        SELECT id, key, subject, last_sequence, clock_timestamp(), :actor_id, correlation_id,
               :causation_id, data
        FROM told JOIN counted USING (subject)
        ORDER BY place
    )
    SELECT pg_notify(:channel, '')
    """
).bindparams(
    sa.bindparam("ids", type_=ARRAY(sa.Uuid())),
    sa.bindparam("keys", type_=ARRAY(sa.Text())),
    sa.bindparam("subjects", type_=ARRAY(sa.Uuid())),
    sa.bindparam("data", type_=ARRAY(sa.Text())),
    sa.bindparam("correlation_id", type_=sa.Uuid()),
    sa.bindparam("actor_id", type_=sa.Uuid()),
    sa.bindparam("causation_id", type_=sa.Uuid()),
)


def record(session: Session, actor: Actor, event: Event, *, correlation_id: UUID | None = None) -> UUID:
    """Keep an event with the change that it tells of; it is sent after commit, or never when that rolls back.

    The first event of an aggregate fixes the chain that all its events belong to: `correlation_id`, or else the
    actor's. Returns the event's id. Raises ValueError when this service is not a declared producer of it.
    """
    return record_all(session, actor, [event], correlation_id=correlation_id)[0]


def record_all(
    session: Session, actor: Actor, events: Iterable[Event], *, correlation_id: UUID | None = None
) -> list[UUID]:
    """Keep several in that order, in as few round trips as there are events of one aggregate among them."""
    ids: list[UUID] = []
    together: dict[UUID, tuple[UUID, Event]] = {}
    chain_id = correlation_id or actor.correlation_id
    for event in events:
        _require_producer(session, event)
        if event.subject in together:
            # A statement can count an aggregate only once.
            _keep(session, actor, together, chain_id=chain_id)
            together = {}
        ids.append(new_id())
        together[event.subject] = (ids[-1], event)
    if together:
        _keep(session, actor, together, chain_id=chain_id)
    return ids


def _require_producer(session: Session, event: Event) -> None:
    service = session.info["service"]
    if service not in event.producers:
        raise ValueError(f"{service} does not produce {event.key}; declared are {event.producers}")


def _keep(session: Session, actor: Actor, events: dict[UUID, tuple[UUID, Event]], *, chain_id: UUID) -> None:
    session.execute(
        _RECORD,
        {
            "channel": NOTIFY_CHANNEL,
            "ids": [event_id for event_id, _ in events.values()],
            "keys": [event.key for _, event in events.values()],
            "subjects": list(events),
            "data": [
                json.dumps(dump_fields(event), ensure_ascii=False, separators=(",", ":"))
                for _, event in events.values()
            ],
            "correlation_id": chain_id,
            "actor_id": actor.person_id,
            "causation_id": actor.causation_id,
        },
    )
