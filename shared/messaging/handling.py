"""Events, their handler, one transaction: the inbox rows first, then the effects, so that a repetition has none."""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.auth.actor import Actor
from shared.events.base import ContractError, Envelope, event_class
from shared.logs import log_context
from shared.messaging.delivery import Delivery
from shared.messaging.failures import Reason, Undelivered
from shared.messaging.subscriptions import Order, Subscription
from shared.runtime_context import Runtime


class Verdict(StrEnum):
    """What became of a delivery that was taken off the queue."""

    HANDLED = "handled"
    DUPLICATE = "duplicate"
    OUTDATED = "outdated"


# A second delivery of the same event waits here for the first one's transaction to end.
_TAKE_IN = sa.text(
    "INSERT INTO inbox_event (handler, event_id) VALUES (:handler, :event_id)"
    " ON CONFLICT DO NOTHING RETURNING 1"
).bindparams(sa.bindparam("event_id", type_=sa.Uuid()))

# In the order of their ids, so that two transactions with the same events wait for each other in one direction.
_TAKE_IN_ALL = sa.text(
    "INSERT INTO inbox_event (handler, event_id)"
    " SELECT :handler, event_id FROM unnest(:event_ids) AS event_id ORDER BY event_id"
    " ON CONFLICT DO NOTHING RETURNING event_id"
).bindparams(sa.bindparam("event_ids", type_=postgresql.ARRAY(sa.Uuid())))

_MOVE_TO_LATER = sa.text(
    "INSERT INTO handler_cursor (handler, producer, subject, last_sequence)"
    " VALUES (:handler, :producer, :subject, :sequence)"
    " ON CONFLICT (handler, producer, subject) DO UPDATE SET last_sequence = excluded.last_sequence"
    " WHERE handler_cursor.last_sequence < excluded.last_sequence RETURNING 1"
).bindparams(sa.bindparam("subject", type_=sa.Uuid()))

_START = sa.text(
    "INSERT INTO handler_cursor (handler, producer, subject, last_sequence)"
    " VALUES (:handler, :producer, :subject, 1) ON CONFLICT DO NOTHING RETURNING 1"
).bindparams(sa.bindparam("subject", type_=sa.Uuid()))

_MOVE_BY_ONE = sa.text(
    "UPDATE handler_cursor SET last_sequence = :sequence WHERE handler = :handler AND producer = :producer"
    " AND subject = :subject AND last_sequence = :sequence - 1 RETURNING 1"
).bindparams(sa.bindparam("subject", type_=sa.Uuid()))

_LAST = sa.text(
    "SELECT last_sequence FROM handler_cursor"
    " WHERE handler = :handler AND producer = :producer AND subject = :subject"
).bindparams(sa.bindparam("subject", type_=sa.Uuid()))


def read_envelope(body: bytes, subscription: Subscription) -> Envelope:
    """The event in a message; Undelivered when it is none, or none that this handler takes."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Undelivered(Reason.BAD_JSON, f"not JSON: {error}") from error
    kind = content.get("type") if isinstance(content, dict) else None
    try:
        declared = event_class(str(kind))
    except KeyError as error:
        raise Undelivered(Reason.UNKNOWN_TYPE, f"no event of type or version {kind!r} is known") from error
    if not subscription.takes(declared):
        raise Undelivered(Reason.WRONG_TYPE, f"{subscription.queue} does not take {kind}")
    try:
        return Envelope.from_json(content)
    except (ContractError, AttributeError, OverflowError) as error:
        raise Undelivered(Reason.CONTRACT_BROKEN, str(error)) from error


def handle(
    session: Session,
    envelope: Envelope,
    *,
    subscription: Subscription,
    runtime: Runtime,
    method: Callable[[Delivery], Any],
) -> Verdict:
    """Deal with one event in the session's transaction, which the caller commits; any exception must roll it back."""
    key = {"handler": subscription.queue, "event_id": envelope.id}
    if session.execute(_TAKE_IN, key).first() is None:
        return Verdict.DUPLICATE
    if not _KEEP_ORDER[subscription.order](session, envelope, subscription):
        return Verdict.OUTDATED
    _have_effect(session, envelope, runtime, method)
    return Verdict.HANDLED


def handle_together(
    session: Session,
    envelopes: Sequence[Envelope],
    *,
    subscription: Subscription,
    runtime: Runtime,
    method: Callable[[Delivery], Any],
) -> list[Verdict]:
    """Deal with several events of a handler that gathers, in one transaction; any exception must roll it back.

    Returns what became of each, in the order given.
    """
    key = {"handler": subscription.queue, "event_ids": [envelope.id for envelope in envelopes]}
    fresh = set(session.scalars(_TAKE_IN_ALL, key))
    verdicts = []
    for envelope in envelopes:
        if envelope.id not in fresh:
            verdicts.append(Verdict.DUPLICATE)
            continue
        fresh.remove(envelope.id)
        with log_context(**facts_of(envelope, subscription)):
            _have_effect(session, envelope, runtime, method)
        # What the next event reads is read from the database, as if it were alone.
        session.expunge_all()
        verdicts.append(Verdict.HANDLED)
    return verdicts


def facts_of(envelope: Envelope, subscription: Subscription) -> dict[str, Any]:
    """What every log line about the event's handling carries."""
    return {
        "correlation_id": envelope.correlation_id,
        "event_id": envelope.id,
        "event_type": envelope.key,
        "handler": subscription.queue,
    }


def _have_effect(
    session: Session, envelope: Envelope, runtime: Runtime, method: Callable[[Delivery], Any]
) -> None:
    actor = Actor.system(envelope.correlation_id, causation_id=envelope.id)
    method(Delivery(session=session, actor=actor, runtime=runtime, envelope=envelope))
    session.flush()


def _in_any_order(session: Session, envelope: Envelope, subscription: Subscription) -> bool:
    return True


def _only_later(session: Session, envelope: Envelope, subscription: Subscription) -> bool:
    return session.execute(_MOVE_TO_LATER, _place(envelope, subscription)).first() is not None


def _without_gap(session: Session, envelope: Envelope, subscription: Subscription) -> bool:
    place = _place(envelope, subscription)
    if session.execute(_START if envelope.sequence == 1 else _MOVE_BY_ONE, place).first():
        return True
    last = session.execute(_LAST, place).scalar() or 0
    if last >= envelope.sequence:
        return False
    raise Undelivered(
        Reason.EARLIER_EVENT_MISSING,
        f"{envelope.key} is event {envelope.sequence} of {envelope.subject}; event {last + 1} was not handled yet",
    )


def _place(envelope: Envelope, subscription: Subscription) -> dict[str, Any]:
    return {
        "handler": subscription.queue,
        "producer": envelope.service,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
    }


_KEEP_ORDER: dict[Order, Callable[[Session, Envelope, Subscription], bool]] = {
    Order.ANY: _in_any_order,
    Order.LATEST: _only_later,
    Order.CONTIGUOUS: _without_gap,
}
