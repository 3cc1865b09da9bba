"""Runs the trial's worker, alone or embedded with broker and relay; embedded it obeys lines of JSON on its input.

A `doomed` worker is killed when a transaction with effects of `trace` has been committed and nothing acknowledged.

A process of its own, because a worker lives in a monkey-patched one and pytest does not.
"""

import sys

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
from dataclasses import asdict  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import sqlalchemy as sa  # noqa: E402
import sqlalchemy.orm  # noqa: E402
from eventlet.greenio import GreenPipe  # noqa: E402
from nameko import config  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared.config import read_settings  # noqa: E402
from shared.logs import configure_logs  # noqa: E402
from shared.messaging import memory  # noqa: E402
from shared.messaging.dead_letters import DeadLetter  # noqa: E402
from shared.messaging.embedded import start_embedded  # noqa: E402
from shared.messaging.operating import dead_letters_of  # noqa: E402
from shared.runtime.signals import StopSignal  # noqa: E402
from shared.runtime_context import CONFIG_KEY, Runtime  # noqa: E402
from tests.support.trial import SERVICE  # noqa: E402
from tests.support.trial.models import Effect  # noqa: E402
from tests.support.trial.worker import TrialWorker  # noqa: E402


def main(mode: str) -> None:
    settings = read_settings()
    configure_logs(level="INFO", as_json=True)
    stop = StopSignal()
    runtime = Runtime(settings=settings)
    config.setup({CONFIG_KEY: runtime, "max_workers": settings.max_workers})
    relays = start_embedded(runtime, [SERVICE]) if mode == "embedded" else None
    if mode == "doomed":
        _die_after_commit()
    container = ServiceContainer(TrialWorker)
    container.start()
    if relays:
        eventlet.spawn_n(_obey, runtime)
    _say("ready")
    stop.wait()
    container.stop()
    if relays:
        relays.stop()


def _die_after_commit() -> None:
    @sa.event.listens_for(Effect, "after_insert")
    def note(_mapper: Any, _connection: Any, effect: Effect) -> None:
        session = sa.orm.object_session(effect)
        if effect.handler == "trace" and session:
            session.info["doomed"] = True

    @sa.event.listens_for(sa.orm.Session, "after_commit")
    def die(session: sa.orm.Session) -> None:
        if "doomed" in session.info:
            os.kill(os.getpid(), signal.SIGKILL)


def _obey(runtime: Runtime) -> None:
    channel = memory.open_channel()
    letters = dead_letters_of(runtime, SERVICE.name)
    for line in GreenPipe(sys.stdin.fileno(), "r"):
        order: dict[str, Any] = json.loads(line)
        if "queue" in order:
            memory.publish(channel, "", order["queue"], body=order["body"].encode(), headers={})
        elif "replay" in order:
            letters.replay(partial(_has, order["replay"]))
        else:
            _say(json.dumps([asdict(letter) for letter in letters.letters()]))


def _has(part: str, letter: DeadLetter) -> bool:
    return part in letter.body


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
