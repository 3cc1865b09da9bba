"""Runs the trial's worker, alone or embedded with broker and relay; obeys lines of JSON on standard input.

A process of its own, because a worker lives in a monkey-patched one and pytest does not.
"""

import sys

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import signal  # noqa: E402
from contextlib import suppress  # noqa: E402
from typing import Any  # noqa: E402

from eventlet import tpool  # noqa: E402
from nameko import config  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.config import read_settings  # noqa: E402
from shared.logs import configure_logs  # noqa: E402
from shared.messaging import memory  # noqa: E402
from shared.messaging.embedded import start_embedded  # noqa: E402
from shared.runtime_context import CONFIG_KEY, Runtime  # noqa: E402
from tests.support.trial import SERVICE  # noqa: E402
from tests.support.trial.worker import TrialWorker  # noqa: E402


def main(mode: str) -> None:
    settings = read_settings()
    configure_logs(level="INFO", as_json=False)
    runtime = Runtime(settings=settings)
    config.setup({CONFIG_KEY: runtime})
    relays = start_embedded(runtime, [SERVICE]) if mode == "embedded" else None
    container = ServiceContainer(TrialWorker)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    if relays:
        eventlet.spawn_n(_obey)
    print("ready", flush=True)
    container.wait()
    if relays:
        relays.stop()


def _obey() -> None:
    channel = memory.open_channel()
    for line in iter(lambda: tpool.execute(sys.stdin.readline), ""):
        order: dict[str, Any] = json.loads(line)
        memory.publish(channel, "", order["queue"], body=order["body"].encode(), headers={})


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1])
