"""Telling the others: an event is a row in the business transaction; the relay sends what was committed."""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.events.base import Event, dump_fields
from shared.ids import new_id

NOTIFY_CHANNEL = "outbox"

# One round trip: count the aggregate's event, keep it, and wake the relay when the transaction commits.
_RECORD = sa.text(
    """
    WITH subject AS (
        INSERT INTO event_subject (subject, last_sequence, correlation_id)
        VALUES (:subject, 1, :correlation_id)
        ON CONFLICT (subject) DO UPDATE SET last_sequence = event_subject.last_sequence + 1
        RETURNING last_sequence, correlation_id
    ), kept AS (
        INSERT INTO outbox_event
            (id, key, subject, sequence, recorded_at, actor_id, correlation_id, causation_id, data)
        SELECT :id, :key, :subject, last_sequence, clock_timestamp(), :actor_id, correlation_id,
               :causation_id, :data
        FROM subject
        RETURNING sequence
    )
    SELECT sequence, pg_notify(:channel, '') FROM kept
    """
).bindparams(
    sa.bindparam("subject", type_=sa.Uuid()),
    sa.bindparam("correlation_id", type_=sa.Uuid()),
    sa.bindparam("id", type_=sa.Uuid()),
    sa.bindparam("actor_id", type_=sa.Uuid()),
    sa.bindparam("causation_id", type_=sa.Uuid()),
)


def record(session: Session, actor: Actor, event: Event, *, correlation_id: UUID | None = None) -> UUID:
    """Keep an event with the change that it tells of; it is sent after commit, or never when that rolls back.

    The first event of an aggregate fixes the chain that all its events belong to: `correlation_id`, or else the
    actor's. Returns the event's id. Raises ValueError when this service is not a declared producer of it.
    """
    service = session.info["service"]
    if service not in event.producers:
        raise ValueError(f"{service} does not produce {event.key}; declared are {event.producers}")
    event_id = new_id()
    session.execute(
        _RECORD,
        {
            "channel": NOTIFY_CHANNEL,
            "id": event_id,
            "key": event.key,
            "subject": event.subject,
            "actor_id": actor.person_id,
            "correlation_id": correlation_id or actor.correlation_id,
            "causation_id": actor.causation_id,
            "data": json.dumps(dump_fields(event), ensure_ascii=False, separators=(",", ":")),
        },
    )
    return event_id
