"""Applying the topology to RabbitMQ, and telling what there differs from what the handlers declare.

AMQP cannot be asked what is bound, so each service's database remembers what was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from amqp.exceptions import NotFound, PreconditionFailed

from shared.messaging.connections import close, connect
from shared.messaging.models import AppliedBinding
from shared.messaging.topology import Binding, Exchange, Queue, Topology, declare
from shared.runtime_context import Runtime


class Trouble(StrEnum):
    """How the broker differs from the declaration."""

    MISSING = "missing"
    OTHER_ARGUMENTS = "other_arguments"
    UNDECLARED_QUEUE = "undeclared_queue"
    UNDECLARED_BINDING = "undeclared_binding"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One difference; `messages` is how many wait in a queue that nobody declares any more."""

    trouble: Trouble
    name: str
    detail: str = ""
    messages: int = 0


class TopologyCare:
    """Works on one broker and the databases of the services whose topology it is."""

    def __init__(self, runtime: Runtime, topology: Topology, services: list[str]) -> None:
        self._runtime = runtime
        self._topology = topology
        self._services = services

    def apply(self) -> None:
        """Make it exist and unbind what a handler no longer wants; repeating it changes nothing.

        Raises amqp's PreconditionFailed when something is there with other arguments: see `check`.
        """
        with self._connection() as connection:
            channel = connection.channel()
            declare(channel, self._topology)
            for service in self._services:
                self._remember(channel, service)

    def prune(self) -> list[Finding]:
        """Remove the queues that nobody declares any more and that are empty; returns those that are not."""
        kept = []
        with self._connection() as connection:
            for service in self._services:
                for finding in self._undeclared_queues(connection, service):
                    if finding.messages:
                        kept.append(finding)
                        continue
                    connection.channel().queue_delete(finding.name)
                    self._forget(service, finding.name)
        return kept

    def check(self) -> list[Finding]:
        """Every difference between the broker and the declaration; nothing is changed."""
        found: list[Finding] = []
        with self._connection() as connection:
            found += [item for queue in self._topology.queues for item in _of_queue(connection, queue)]
            found += [item for kind in self._topology.exchanges for item in _of_exchange(connection, kind)]
            for service in self._services:
                found += self._missing_bindings(service)
                found += self._undeclared_queues(connection, service)
                found += [
                    Finding(trouble=Trouble.UNDECLARED_BINDING, name=item.queue, detail=_words(item))
                    for item in self._unwanted(service)
                ]
        return found

    def _remember(self, channel: Any, service: str) -> None:
        unwanted = self._unwanted(service)
        for binding in unwanted:
            channel.queue_unbind(binding.queue, binding.exchange, binding.routing_key)
        fresh = set(self._topology.of(service).bindings) - self._applied(service)
        with self._runtime.database(service).transaction() as session:
            session.add_all(AppliedBinding(**vars(binding)) for binding in fresh)
            for binding in unwanted:
                session.execute(_deletion(binding))

    def _forget(self, service: str, queue: str) -> None:
        with self._runtime.database(service).transaction() as session:
            session.execute(sa.delete(AppliedBinding).where(AppliedBinding.queue == queue))

    def _applied(self, service: str) -> set[Binding]:
        with self._runtime.database(service).session() as session:
            rows = session.scalars(sa.select(AppliedBinding)).all()
        return {Binding(queue=row.queue, exchange=row.exchange, routing_key=row.routing_key) for row in rows}

    def _unwanted(self, service: str) -> list[Binding]:
        """Bindings of queues that are still declared to events that their handlers no longer take."""
        declared = self._topology.of(service)
        queues = {queue.name for queue in declared.queues}
        gone = self._applied(service) - set(declared.bindings)
        return sorted(binding for binding in gone if binding.queue in queues)

    def _missing_bindings(self, service: str) -> list[Finding]:
        missing = set(self._topology.of(service).bindings) - self._applied(service)
        return [
            Finding(trouble=Trouble.MISSING, name=item.queue, detail=_words(item)) for item in sorted(missing)
        ]

    def _undeclared_queues(self, connection: Any, service: str) -> list[Finding]:
        declared = {queue.name for queue in self._topology.of(service).queues}
        found = []
        for name in sorted({item.queue for item in self._applied(service)} - declared):
            channel = connection.channel()
            try:
                messages = channel.queue_declare(name, passive=True).message_count
            except NotFound:
                continue
            channel.close()
            found.append(Finding(trouble=Trouble.UNDECLARED_QUEUE, name=name, messages=messages))
        return found

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        connection = connect(self._runtime.settings.amqp_url, name="yiwang-topology")
        try:
            yield connection
        finally:
            close(connection)


def _deletion(binding: Binding) -> Any:
    return sa.delete(AppliedBinding).where(
        AppliedBinding.queue == binding.queue,
        AppliedBinding.exchange == binding.exchange,
        AppliedBinding.routing_key == binding.routing_key,
    )


def _words(binding: Binding) -> str:
    return f"{binding.exchange} -> {binding.queue} ({binding.routing_key or 'all'})"


def _of_queue(connection: Any, queue: Queue) -> list[Finding]:
    def declared(channel: Any, **how: bool) -> None:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments, **how)

    return _compared(connection, queue.name, declared)


def _of_exchange(connection: Any, exchange: Exchange) -> list[Finding]:
    def declared(channel: Any, **how: bool) -> None:
        channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False, **how)

    return _compared(connection, exchange.name, declared)


def _compared(connection: Any, name: str, declared: Callable[..., None]) -> list[Finding]:
    """Ask passively whether it is there; only then declare it, which changes nothing and compares the arguments.

    A refusal closes the channel, so each question has its own.
    """
    channel = connection.channel()
    try:
        declared(channel, passive=True)
        declared(channel)
    except NotFound:
        return [Finding(trouble=Trouble.MISSING, name=name)]
    except PreconditionFailed as error:
        return [Finding(trouble=Trouble.OTHER_ARGUMENTS, name=name, detail=str(error.reply_text))]
    channel.close()
    return []
