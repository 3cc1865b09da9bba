"""A worker with one handler that inserts one row, as the consumer's figure needs it; SIGTERM ends it."""

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402 (everything below must be imported patched)

import nameko  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.config import read_settings  # noqa: E402
from shared.logs import configure_logs  # noqa: E402
from shared.messaging.delivery import Delivery  # noqa: E402
from shared.messaging.on_event import gathers, on_event  # noqa: E402
from shared.runtime.garbage import look_rarely  # noqa: E402
from shared.runtime_context import CONFIG_KEY, Runtime  # noqa: E402
from tests.support.trial import SERVICE  # noqa: E402
from tests.support.trial.events import TrialAsked  # noqa: E402
from tests.support.trial.models import Effect  # noqa: E402

LEAVE_EFFECT = sa.insert(Effect.__table__)  # type: ignore[arg-type]


class OneHandlerWorker:
    """The smallest worker that has an effect."""

    name = "one-handler"
    service = SERVICE

    @on_event(TrialAsked)
    @gathers
    def obey(self, delivery: Delivery) -> None:
        envelope = delivery.envelope
        row = {
            "handler": "obey",
            "event_id": envelope.id,
            "subject": envelope.subject,
            "sequence": envelope.sequence,
            "correlation_id": delivery.actor.correlation_id,
            "causation_id": delivery.actor.causation_id,
        }
        delivery.session.execute(LEAVE_EFFECT, row)


def main() -> None:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    runtime = Runtime(settings=settings)
    nameko.config.setup({CONFIG_KEY: runtime, "max_workers": settings.max_workers})
    container = ServiceContainer(OneHandlerWorker)
    look_rarely()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    container.wait()
    runtime.close()


if __name__ == "__main__":
    main()
