"""A private RabbitMQ node in a data folder of its own: own ports, name, cookie, account, and port mapper.

It listens on the loopback address only and has no account named guest. The system's service is never touched.
"""

import atexit
import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import amqp
import psutil

from shared.runtime.erlang import ErlangLine, erlang_binary
from shared.runtime.guardian import Guardian
from shared.runtime.ownership import OwnerLock
from shared.runtime.ports import LOOPBACK
from shared.runtime.rabbitmq_identity import NodeIdentity
from shared.runtime.rabbitmq_package import find_rabbitmq_server


class RabbitFailed(RuntimeError):
    """The private node did not do what it was asked to; the message says why and where its log is."""


class LocalRabbit:
    """Runs `rabbitmq-server` in `data_dir`, for one living process at a time.

    The node ends with the process that started it. One that was left over all the same is ended by the next start.
    A stopped node keeps its durable data and comes back on the same port, if that is still free.
    """

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.absolute()
        self._lock = OwnerLock(self._home / "owner.lock")
        self._identity: NodeIdentity | None = None
        self._node: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        self._guardian: Guardian | None = None
        self._line: ErlangLine | None = None
        self._owner_pid: int | None = None

    @property
    def url(self) -> str:
        """Where the default virtual host is reached."""
        return self.vhost_url("/")

    def vhost_url(self, vhost: str) -> str:
        identity = self._known()
        address = f"{LOOPBACK}:{identity.port}/{quote(vhost, safe='')}"
        return f"amqp://{identity.user}:{identity.password}@{address}"

    @property
    def running(self) -> bool:
        """Whether the node that this process started still lives."""
        return self._node is not None and self._node.poll() is None

    def start(self, *, within: float = 60) -> str:
        """Starts the node, waits until it takes connections, and returns the URL of its default virtual host."""
        if self._node is not None:
            return self.url
        program = find_rabbitmq_server()
        if program is None:
            raise RabbitFailed(
                "there is no rabbitmq-server; ensure_rabbitmq_server() installs it or says how"
            )
        self._home.mkdir(parents=True, exist_ok=True)
        if not self._lock.acquire():
            raise RabbitFailed(f"another process runs a RabbitMQ node in {self._home}")
        try:
            self._end_leftover()
            self._identity = NodeIdentity.prepare(self._home)
            self._launch(program, time.monotonic() + within)
        except BaseException:
            self.kill()
            raise
        return self.url

    def stop(self, *, within: float = 20) -> None:
        """Stops the node in good order, or by force when that takes longer than `within` seconds."""
        if self._node is None or self._owner_pid != os.getpid():
            return
        self.thaw()
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._node.wait(within)
        self.kill()

    def kill(self) -> None:
        """Ends the node at once, as a power cut would; see `settle` for queues that are seconds old."""
        if self._node is not None:
            self._signal(signal.SIGKILL)
            self._node.wait()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
        if self._line is not None:
            self._line.close()
        if self._guardian is not None:
            self._guardian.dismiss()
        self._node = self._epmd = self._line = self._guardian = None
        self._pids_file.unlink(missing_ok=True)
        atexit.unregister(self.stop)
        self._lock.release()

    def settle(self) -> None:
        """Writes out which queues exist; left alone, the broker forgets one declared some seconds before `kill`."""
        # What mnesia has only in its buffers goes to its log, from there to the tables, and those to the disk.
        self._control().call("mnesia", "sync_log")
        self._control().call("mnesia", "dump_log")
        for table in self._control().call("dets", "all").strip("[]").split(","):
            self._control().call("dets", "sync", table)

    def freeze(self) -> None:
        """Stops the node's clock: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop_app(self) -> None:
        """Stops the broker inside the running node: connections are closed, new ones refused, durable data kept."""
        self._control().call("rabbit", "stop")

    def start_app(self, *, within: float = 60) -> None:
        """Starts the broker in its node again and waits until it takes connections."""
        self._control().call("rabbit", "start", within=within)
        self._await_connections(time.monotonic() + within)

    def recover(self, *, within: float = 60) -> None:
        """Makes the node work again, whatever was done to it above."""
        if self._node is None:
            self.start(within=within)
            return
        self.thaw()
        self.start_app(within=within)

    def add_vhost(self, name: str) -> str:
        """Makes an empty virtual host and returns its URL."""
        user = erlang_binary(self._known().user)
        vhost = erlang_binary(name)
        everything = ", ".join([erlang_binary(".*")] * 3)
        self._control().call("rabbit_vhost", "add", f"{vhost}, {user}")
        self._control().call(
            "rabbit_auth_backend_internal", "set_permissions", f"{user}, {vhost}, {everything}, {user}"
        )
        return self.vhost_url(name)

    def delete_vhost(self, name: str) -> None:
        """Removes the virtual host with its queues and closes the connections to it."""
        user = erlang_binary(self._known().user)
        self._control().call("rabbit_vhost", "delete", f"{erlang_binary(name)}, {user}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, program: Path, deadline: float) -> None:
        environment = self._known().environment(self._home)
        self._epmd = self._spawn(["epmd"], environment)
        self._node = self._spawn([str(program)], environment)
        self._pids_file.write_text(json.dumps([_mark(self._node.pid), _mark(self._epmd.pid)]))
        self._guardian = Guardian([-self._node.pid, self._epmd.pid], first="TERM", grace=15)
        self._owner_pid = os.getpid()
        atexit.register(self.stop)
        self._await_connections(deadline)

    def _spawn(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self._home / "output.log").open("ab") as output:
            return subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._home,
                start_new_session=True,
            )

    def _await_connections(self, deadline: float) -> None:
        identity = self._known()
        while True:
            try:
                connection = amqp.Connection(
                    f"{LOOPBACK}:{identity.port}",
                    userid=identity.user,
                    password=identity.password,
                    connect_timeout=2,
                    read_timeout=5,
                )
                connection.connect()
                connection.close()
                return
            except (OSError, amqp.AMQPError) as error:
                ended = self._node is None or self._node.poll() is not None
                if ended or time.monotonic() > deadline:
                    state = "ended" if ended else "does not get ready"
                    raise RabbitFailed(
                        f"the RabbitMQ node {state}; see {self._home}/output.log and log/"
                    ) from error
            time.sleep(0.05)

    def _end_leftover(self) -> None:
        """Ends what an owner that was killed left running, unless the process ids belong to others by now."""
        if not self._pids_file.exists():
            return
        for pid, started in json.loads(self._pids_file.read_text()):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                if psutil.Process(pid).create_time() == started:
                    os.killpg(pid, signal.SIGKILL)
                    psutil.Process(pid).wait(10)
        self._pids_file.unlink()

    def _control(self) -> ErlangLine:
        if self._line is None:
            self._line = ErlangLine(self._known().node, self._known().environment(self._home))
        return self._line

    def _signal(self, number: signal.Signals) -> None:
        if self._node is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._node.pid, number)

    def _known(self) -> NodeIdentity:
        if self._identity is None:
            raise RabbitFailed("the RabbitMQ node was not started yet")
        return self._identity

    @property
    def _pids_file(self) -> Path:
        return self._home / "pids.json"


def _mark(pid: int) -> tuple[int, float]:
    """A process id with its start time, which together never come again."""
    return pid, psutil.Process(pid).create_time()
