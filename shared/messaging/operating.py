"""What an operator's command needs of the messaging: put together from the settings, for either kind of broker."""

from collections.abc import Sequence
from datetime import timedelta

from shared.messaging.dead_letters import DeadLetters, OpenBox, box_opener, memory_box_opener
from shared.messaging.failures import Ladder
from shared.messaging.reconcile import Progress, Reconciled, Reconciler
from shared.messaging.relays import MEMORY, publisher_to
from shared.messaging.subscriptions import subscriptions_of_all
from shared.messaging.topology import topology_of
from shared.messaging.topology_care import TopologyCare
from shared.runtime_context import Runtime
from shared.service import Service

# Beyond the ladder: for what waits in queues behind slow handlers.
GRACE_BEYOND_LADDER = timedelta(minutes=5)


def is_in_memory(runtime: Runtime) -> bool:
    """Whether the broker lives in the process that serves, where no other process can reach it."""
    return runtime.settings.amqp_url.startswith(MEMORY)


def topology_care(runtime: Runtime, services: Sequence[Service]) -> TopologyCare:
    """Applying and checking what all these services need of RabbitMQ."""
    ladder = Ladder.of(runtime.settings.messaging.retry_seconds)
    names = [service.name for service in services]
    return TopologyCare(runtime, topology_of(services, ladder=ladder), names)


def dead_letters_of(runtime: Runtime, service: str) -> DeadLetters:
    """The dead letters of one service."""
    return DeadLetters(service, _box_opener(runtime))


def reconcile(
    runtime: Runtime,
    services: Sequence[Service],
    *,
    grace: timedelta | None = None,
    progress: Progress = lambda _: None,
) -> list[Reconciled]:
    """Send again what no inbox has; see `Reconciler`. Without `grace` the whole retry ladder is waited out."""
    ladder = timedelta(seconds=sum(runtime.settings.messaging.retry_seconds))
    dead: dict[str, list[tuple[str, str]]] = {}

    def dead_ids(service: str, handler: str) -> set[str]:
        if service not in dead:
            letters = dead_letters_of(runtime, service).letters()
            dead[service] = [(letter.handler, letter.event_id) for letter in letters]
        return {event_id for owner, event_id in dead[service] if owner == handler}

    reconciler = Reconciler(
        runtime,
        publisher_to("", runtime.settings, name="yiwang-reconcile"),
        grace=ladder + GRACE_BEYOND_LADDER if grace is None else grace,
        dead_ids=dead_ids,
        progress=progress,
    )
    return reconciler.run(subscriptions_of_all(services), [service.name for service in services])


def _box_opener(runtime: Runtime) -> OpenBox:
    return memory_box_opener() if is_in_memory(runtime) else box_opener(runtime.settings)
