"""What a private RabbitMQ node keeps in its data folder from one start to the next, and what it is told at each."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from shared.runtime.ports import LOOPBACK, choose_free_ports, is_free

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


@dataclass(frozen=True, kw_only=True)
class NodeIdentity:
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

    @classmethod
    def prepare(cls, home: Path) -> Self:
        """The node of the folder, new or known, with every file written that it reads."""
        identity_file = home / "identity.json"
        if identity_file.exists():
            identity = cls(**json.loads(identity_file.read_text())).on_free_ports()
        else:
            identity = cls.fresh()
        _write_private(identity_file, json.dumps(asdict(identity)))
        _write_private(home / "rabbitmq.conf", _CONFIGURATION.format(host=LOOPBACK, **asdict(identity)))
        # Files of the system's own broker would be read in place of these if they were not there.
        _write_private(home / "advanced.config", "[].\n")
        _write_private(home / "enabled_plugins", "[].\n")
        _write_private(home / "rabbitmq-env.conf", "")
        cookie = home / ".erlang.cookie"
        cookie.unlink(missing_ok=True)
        _write_private(cookie, identity.cookie)
        cookie.chmod(0o400)
        return identity

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of the node and of everything that talks to it; nothing of the system's broker leaks in."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("RABBITMQ_", "ERL_", "NOTIFY_SOCKET"))
        }
        return inherited | {
            "HOME": str(home),
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_CRASH_DUMP_BYTES": "0",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_CONF_ENV_FILE": str(home / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "config"),
            "RABBITMQ_SCHEMA_DIR": str(home / "schema"),
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            # Makes the program become the node instead of a shell around it, so that our child is the node itself.
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_PID_FILE": str(home / "node.pid"),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
        }


def _write_private(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content)
