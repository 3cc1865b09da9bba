"""A private RabbitMQ node in a data folder of its own: own ports, name, cookie, account, and port mapper.

It listens on the loopback address only and has no account named guest. The system's service is never touched.
"""

import atexit
import json
import os
import secrets
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import amqp
import psutil

from shared.runtime.erlang import ErlangLine, erlang_binary
from shared.runtime.guardian import Guardian
from shared.runtime.ownership import OwnerLock
from shared.runtime.ports import LOOPBACK, choose_free_ports, is_free
from shared.runtime.rabbitmq_package import find_rabbitmq_server

_CONFIGURATION = """\
listeners.tcp.1 = {host}:{port}
default_user = {user}
default_pass = {password}
loopback_users.{user} = true
distribution.listener.interface = {host}
distribution.listener.port_range.min = {distribution_port}
distribution.listener.port_range.max = {distribution_port}
log.file.level = warning
log.console = false
# The default of 512 MB of write-ahead log per round is meant for servers, not for a laptop.
raft.wal_max_size_bytes = 64000000
disk_free_limit.absolute = 50MB
"""


class RabbitFailed(RuntimeError):
    """The private node did not do what it was asked to; the message says why and where its log is."""


@dataclass(frozen=True, kw_only=True)
class _Identity:
    """What a node must keep from one start to the next: the data folder is bound to its name and account."""

    node: str
    user: str
    password: str
    cookie: str
    port: int
    distribution_port: int
    epmd_port: int

    @classmethod
    def fresh(cls) -> Self:
        port, distribution_port, epmd_port = choose_free_ports(3)
        return cls(
            node=f"yiwang-{secrets.token_hex(4)}@localhost",
            user=f"yiwang-{secrets.token_hex(3)}",
            password=secrets.token_urlsafe(24),
            cookie=secrets.token_hex(20).upper(),
            port=port,
            distribution_port=distribution_port,
            epmd_port=epmd_port,
        )

    def on_free_ports(self) -> Self:
        """The same node, moved off the ports that somebody else has taken since."""
        ports = (self.port, self.distribution_port, self.epmd_port)
        spare = choose_free_ports(len(ports))
        port, distribution_port, epmd_port = (
            own if is_free(own) else other for own, other in zip(ports, spare, strict=True)
        )
        return replace(self, port=port, distribution_port=distribution_port, epmd_port=epmd_port)


class LocalRabbit:
    """Runs `rabbitmq-server` in `data_dir`, for one living process at a time.

    The node ends with the process that started it. One that was left over all the same is ended by the next start.
    A stopped node keeps its durable data and comes back on the same port, if that is still free.
    """

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.absolute()
        self._lock = OwnerLock(self._home / "owner.lock")
        self._identity: _Identity | None = None
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
            self._prepare()
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

    def _prepare(self) -> None:
        identity_file = self._home / "identity.json"
        if identity_file.exists():
            identity = _Identity(**json.loads(identity_file.read_text())).on_free_ports()
        else:
            identity = _Identity.fresh()
        _write_private(identity_file, json.dumps(asdict(identity)))
        _write_private(self._home / "rabbitmq.conf", _CONFIGURATION.format(host=LOOPBACK, **asdict(identity)))
        # Files of the system's own broker would be read in place of these if they were not there.
        _write_private(self._home / "advanced.config", "[].\n")
        _write_private(self._home / "enabled_plugins", "[].\n")
        _write_private(self._home / "rabbitmq-env.conf", "")
        cookie = self._home / ".erlang.cookie"
        cookie.unlink(missing_ok=True)
        _write_private(cookie, identity.cookie)
        cookie.chmod(0o400)
        self._identity = identity

    def _launch(self, program: Path, deadline: float) -> None:
        environment = self._environment()
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

    def _environment(self) -> dict[str, str]:
        identity = self._known()
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("RABBITMQ_", "ERL_", "NOTIFY_SOCKET"))
        }
        return inherited | {
            "HOME": str(self._home),
            "ERL_EPMD_PORT": str(identity.epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_CRASH_DUMP_BYTES": "0",
            "RABBITMQ_NODENAME": identity.node,
            "RABBITMQ_CONF_ENV_FILE": str(self._home / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self._home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._home / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self._home / "config"),
            "RABBITMQ_SCHEMA_DIR": str(self._home / "schema"),
            "RABBITMQ_MNESIA_BASE": str(self._home / "data"),
            "RABBITMQ_LOG_BASE": str(self._home / "log"),
            # Makes the program become the node instead of a shell around it, so that our child is the node itself.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_PID_FILE": str(self._home / "node.pid"),
            "RABBITMQ_DIST_PORT": str(identity.distribution_port),
        }

    def _control(self) -> ErlangLine:
        if self._line is None:
            self._line = ErlangLine(self._known().node, self._environment())
        return self._line

    def _signal(self, number: signal.Signals) -> None:
        if self._node is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._node.pid, number)

    def _known(self) -> _Identity:
        if self._identity is None:
            raise RabbitFailed("the RabbitMQ node was not started yet")
        return self._identity

    @property
    def _pids_file(self) -> Path:
        return self._home / "pids.json"


def _mark(pid: int) -> tuple[int, float]:
    """A process id with its start time, which together never come again."""
    return pid, psutil.Process(pid).create_time()


def _write_private(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content)
