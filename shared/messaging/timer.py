"""`@timer(seconds=60)`: a worker's method that is called again and again, by one process of the service at a time."""

from collections.abc import Callable
from typing import Any

import eventlet
import sqlalchemy as sa
import structlog
from eventlet.event import Event as Promise
from nameko import config
from nameko.extensions import Entrypoint

from shared.auth.actor import Actor
from shared.ids import new_id
from shared.logs import log_context
from shared.messaging.delivery import Tick
from shared.messaging.metrics import TICKS
from shared.messaging.subscriptions import service_of
from shared.runtime_context import Runtime, runtime_of

_log = structlog.get_logger("yiwang.messaging")
Method = Callable[..., None]

# "YIWT": the class of advisory locks that timers take; released by the end of the tick's transaction.
_TAKE_TURN = sa.text("SELECT pg_try_advisory_xact_lock(1498961748, hashtext(:timer))")


class Timer(Entrypoint):
    """The nameko entrypoint behind `@timer`."""

    def __init__(self, seconds: float, **kwargs: Any) -> None:
        self.seconds = seconds
        super().__init__(**kwargs)

    def setup(self) -> None:
        self._stopping: Promise = Promise()
        self._ended: Promise = Promise()

    def start(self) -> None:
        self._runtime = runtime_of(config)
        self._service = service_of(self.container.service_cls).name
        self.container.spawn_managed_thread(self._run, identifier=f"timer {self.method_name}")

    def stop(self) -> None:
        """Fire no more; a tick under way may end."""
        if not self._stopping.ready():
            self._stopping.send(None)
        with eventlet.Timeout(self._runtime.settings.messaging.drain_seconds, False):
            self._ended.wait()

    @property
    def name(self) -> str:
        return f"{self._service}.{self.method_name}"

    def _run(self) -> None:
        while not self._is_told_to_stop_within(self.seconds):
            outcome = self.fire(self._runtime)
            TICKS.labels(self.name, outcome).inc()
        self._ended.send(None)

    def _is_told_to_stop_within(self, seconds: float) -> bool:
        with eventlet.Timeout(seconds, False):
            self._stopping.wait()
        return bool(self._stopping.ready())

    def fire(self, runtime: Runtime) -> str:
        """One tick: `done`, `elsewhere` when another process is at it, or `failed`; never raises."""
        actor = Actor.system(new_id())
        with log_context(correlation_id=actor.correlation_id, timer=self.name):
            try:
                with runtime.database(self._service).transaction() as session:
                    if not session.execute(_TAKE_TURN, {"timer": self.name}).scalar():
                        return "elsewhere"
                    method = getattr(self.container.service_cls(), self.method_name)
                    method(Tick(session=session, actor=actor, runtime=runtime))
            except Exception:  # noqa: BLE001 (the edge: the timer goes on)
                _log.exception("timer failed")
                return "failed"
            return "done"


def timer(*, seconds: float) -> Callable[[Method], Method]:
    """Call the method every so many seconds with a `Tick`, whose session is committed after it."""

    def declare(method: Method) -> Method:
        registered: Method = Timer.decorator(seconds)(method)
        return registered

    return declare
