"""The event log (outbox), the inbox of handled events, and what handlers and operators remember of both."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import FoundationBase


class EventSubject(FoundationBase):
    """How many events an aggregate has told, and the correlation id of its chain, fixed by its first event.

    Writing an event locks this row until commit, so that the order of one aggregate's events is its commit order.
    """

    __tablename__ = "event_subject"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    last_sequence: Mapped[int] = mapped_column(sa.Integer)
    correlation_id: Mapped[UUID]


class OutboxEvent(FoundationBase):
    """One event of this service, kept for ever as its log; `published_at` is set once the broker has confirmed it."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        sa.UniqueConstraint("subject", "sequence"),
        sa.Index("ix_outbox_event_unpublished", "position", postgresql_where=sa.text("published_at IS NULL")),
        sa.Index("ix_outbox_event_correlation_id", "correlation_id"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    key: Mapped[str]
    subject: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(sa.Integer)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID]
    causation_id: Mapped[UUID | None]
    data: Mapped[str]
    published_at: Mapped[datetime | None]


class InboxEvent(FoundationBase):
    """An event that a handler has dealt with; written in the same transaction as the effect."""

    __tablename__ = "inbox_event"

    handler: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class HandlerCursor(FoundationBase):
    """The last event of an aggregate that a handler with an order has handled."""

    __tablename__ = "handler_cursor"

    handler: Mapped[str] = mapped_column(primary_key=True)
    producer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[UUID] = mapped_column(primary_key=True)
    last_sequence: Mapped[int] = mapped_column(sa.Integer)


class ReconciledUpTo(FoundationBase):
    """Every event of these keys in the producer's log up to this position is known to be in the handler's inbox."""

    __tablename__ = "reconciled_up_to"

    handler: Mapped[str] = mapped_column(primary_key=True)
    producer: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(sa.BigInteger)
    # A handler that listens to more than before starts from the beginning.
    keys: Mapped[str]


class AppliedBinding(FoundationBase):
    """A binding that this service's topology once had; AMQP itself cannot be asked for what is bound."""

    __tablename__ = "applied_binding"

    queue: Mapped[str] = mapped_column(primary_key=True)
    exchange: Mapped[str] = mapped_column(primary_key=True)
    routing_key: Mapped[str] = mapped_column(primary_key=True)
