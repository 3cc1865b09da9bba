"""What a messaging test acts on: the trial's database, its broker, and the processes that it starts."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import sqlalchemy as sa

from shared.auth.actor import Actor
from shared.config import Settings, read_settings
from shared.db import Database
from shared.events.base import Event
from shared.ids import new_id
from shared.messaging.connections import close, connect
from shared.messaging.failures import Ladder
from shared.messaging.models import InboxEvent, OutboxEvent
from shared.messaging.operating import dead_letters_of
from shared.messaging.outbox import record
from shared.messaging.relays import Relays
from shared.messaging.subscriptions import Subscription, subscriptions_of
from shared.messaging.topology import Topology, declare, derive
from shared.runtime_context import Runtime
from tests.support.trial import SERVICE
from tests.support.trial.models import Effect
from tests.support.trial.worker import TrialWorker

ROOT = Path(__file__).parents[3]
LADDER = (0.1, 0.2, 0.3)


class Process:
    """A started process, with what it wrote."""

    def __init__(self, module: str, mode: str, *, env: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", f"tests.support.trial.{module}", mode],
                env=env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines that it has logged; what is no JSON is left out."""
        lines = self._log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def said(self, text: str) -> bool:
        return text in self._log.read_text(errors="replace")

    def read_line(self) -> str:
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip()

    def tell(self, **order: Any) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(json.dumps(order) + "\n")
        self.popen.stdin.flush()

    def stop(self) -> int:
        """End it as an operator would; its exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(20)

    def end(self) -> None:
        """Make sure that it is gone."""
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.communicate()


class Stage:
    """Records events, starts relays and workers, and sees their effects."""

    def __init__(self, database_url: str, amqp_url: str, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **os.environ,
            "YIWANG_HOME": str(folder),
            "YIWANG_DATABASE_URL": database_url,
            "YIWANG_AMQP_URL": amqp_url,
            "YIWANG_RETRY_SECONDS": ",".join(map(str, LADDER)),
            "YIWANG_HEARTBEAT_SECONDS": "1",
            "YIWANG_CONFIRM_SECONDS": "2",
            "YIWANG_DRAIN_SECONDS": "8",
        }
        self.settings = _settings(self.env)
        self.runtime = Runtime(settings=self.settings)
        self.database: Database = self.runtime.database(SERVICE.name)
        self._processes: list[Process] = []
        self._relays: list[Relays] = []

    def record(self, *events: Event, correlation_id: UUID | None = None) -> list[UUID]:
        """Commit events in one transaction; their ids."""
        actor = Actor.system(correlation_id or new_id())
        with self.database.transaction() as session:
            return [record(session, actor, event) for event in events]

    def effects(self, handler: str | None = None) -> list[Effect]:
        """The effects of one handler or timer, or of all handlers."""
        wanted = Effect.handler == handler if handler else Effect.event_id.is_not(None)
        with self.database.session() as session:
            return list(session.scalars(sa.select(Effect).where(wanted).order_by(Effect.number)))

    def effects_on(self, chain: UUID) -> list[Effect]:
        return [effect for effect in self.effects() if effect.correlation_id == chain]

    def transactions(self, handler: str) -> int:
        """How many transactions the effects of one handler were committed in."""
        counted = sa.select(sa.func.count(sa.text("DISTINCT xmin::text"))).select_from(Effect)
        with self.database.session() as session:
            return session.scalar(counted.where(Effect.handler == handler)) or 0

    def inbox(self, handler: str) -> set[UUID]:
        with self.database.session() as session:
            rows = session.scalars(sa.select(InboxEvent.event_id).where(InboxEvent.handler == handler))
            return set(rows)

    def outbox(self) -> list[OutboxEvent]:
        with self.database.session() as session:
            return list(session.scalars(sa.select(OutboxEvent).order_by(OutboxEvent.position)))

    def all_published(self) -> bool:
        return all(row.published_at for row in self.outbox())

    def start(self, module: str, mode: str = "") -> Process:
        log = self.folder / f"{module}-{len(self._processes)}.log"
        made = Process(module, mode, env=self.env, log=log)
        self._processes.append(made)
        return made

    def start_worker(self) -> Process:
        worker = self.start("process", "worker")
        assert worker.read_line() == "ready", worker.log
        return worker

    def start_relay(self) -> Relays:
        relays = Relays(self.settings, [SERVICE.name])
        self._relays.append(relays)
        relays.start()
        return relays

    def close(self) -> None:
        for relays in self._relays:
            threading.Thread(target=relays.stop, daemon=True).start()
        for process in self._processes:
            process.end()
        for relays in self._relays:
            relays.stop()
        self.runtime.close()


class RabbitStage(Stage):
    """With a real RabbitMQ."""

    def apply_topology(self, subscriptions: Sequence[Subscription] | None = None) -> Topology:
        chosen = subscriptions_of(TrialWorker) if subscriptions is None else subscriptions
        topology = derive([SERVICE.name], chosen, ladder=Ladder.of(LADDER))
        connection = connect(self.settings.amqp_url, name="test")
        declare(connection.channel(), topology)
        close(connection)
        return topology

    def start_all(self) -> Process:
        self.apply_topology()
        self.start_relay()
        return self.start_worker()

    def inject(self, queue: str, *bodies: str) -> None:
        connection = connect(self.settings.amqp_url, name="test", confirm=True)
        channel = connection.channel()
        for body in bodies:
            channel.basic_publish(amqp.Message(body, delivery_mode=2), exchange="", routing_key=queue)
        close(connection)

    def depth(self, queue: str) -> int:
        """How many messages wait in the queue."""
        connection = connect(self.settings.amqp_url, name="test")
        depth: int = connection.channel().queue_declare(queue, passive=True).message_count
        close(connection)
        return depth

    def take(self, queue: str) -> dict[str, Any] | None:
        """The next message of a queue that nobody listens to."""
        connection = connect(self.settings.amqp_url, name="test")
        message = connection.channel().basic_get(queue, no_ack=True)
        close(connection)
        return json.loads(message.body) if message else None

    def dead(self) -> list[dict[str, Any]]:
        return [asdict(letter) for letter in dead_letters_of(self.runtime, SERVICE.name).letters()]

    def replay(self, body_part: str) -> None:
        dead_letters_of(self.runtime, SERVICE.name).replay(lambda letter: body_part in letter.body)


class MemoryStage(Stage):
    """With the broker in memory, in one process with relay and worker."""

    def start_all(self) -> Process:
        self._process = self.start("process", "embedded")
        assert self._process.read_line() == "ready", self._process.log
        return self._process

    def inject(self, queue: str, *bodies: str) -> None:
        for body in bodies:
            self._process.tell(queue=queue, body=body)

    def dead(self) -> list[dict[str, Any]]:
        self._process.tell(dead=True)
        letters: list[dict[str, Any]] = json.loads(self._process.read_line())
        return letters

    def replay(self, body_part: str) -> None:
        self._process.tell(replay=body_part)


def _settings(env: dict[str, str]) -> Settings:
    before = dict(os.environ)
    os.environ.update(env)
    try:
        return read_settings()
    finally:
        os.environ.clear()
        os.environ.update(before)
