"""The broker, the relays and the catching up of embedded mode: all in one process, under eventlet."""

from collections.abc import Sequence
from datetime import timedelta

from shared.messaging.failures import Ladder
from shared.messaging.memory import open_channel
from shared.messaging.operating import reconcile
from shared.messaging.relays import Relays
from shared.messaging.topology import declare, topology_of
from shared.runtime_context import Runtime
from shared.service import Service


def start_embedded(runtime: Runtime, services: Sequence[Service]) -> Relays:
    """Make the topology, bring back what the last run's broker forgot, and start the relays.

    Call it before the containers start, and `stop` what it returns when they have stopped.
    """
    ladder = Ladder.of(runtime.settings.messaging.retry_seconds)
    declare(open_channel(), topology_of(services, ladder=ladder))
    # Nothing can be on its way in a process that has only just started.
    reconcile(runtime, services, grace=timedelta(0))
    relays = Relays(runtime.settings, [service.name for service in services])
    relays.start()
    return relays
