"""Where the RabbitMQ server's program is, and how it gets onto a machine that has none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Debian's program in /usr/sbin switches to the account of the system's broker, so the one behind it goes first.
_PLACES = (
    Path("/usr/lib/rabbitmq/bin"),
    Path("/opt/rabbitmq/sbin"),
    Path("/opt/homebrew/opt/rabbitmq/sbin"),
    Path("/usr/local/opt/rabbitmq/sbin"),
    Path("/usr/sbin"),
    Path("/usr/local/sbin"),
)
_POLICY = Path("/usr/sbin/policy-rc.d")
_ADVICE = (
    "在 Debian 或 Ubuntu 上以 root 运行 apt-get install rabbitmq-server, 或用 YIWANG_AMQP_URL 指向已有的服务"
)


class RabbitMissing(RuntimeError):
    """No RabbitMQ server is at hand and none may be installed; the message says what to do."""


def find_rabbitmq_server() -> Path | None:
    """The program that starts a node, or None."""
    on_path = shutil.which("rabbitmq-server")
    candidates = [place / "rabbitmq-server" for place in _PLACES] + ([Path(on_path)] if on_path else [])
    return next((program for program in candidates if os.access(program, os.X_OK)), None)


def ensure_rabbitmq_server() -> Path:
    """Finds the program, or installs Debian's package where that is allowed: as root on Debian and its kin."""
    if program := find_rabbitmq_server():
        return program
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise RabbitMissing(f"没有找到 RabbitMQ: {_ADVICE}")
    with _services_kept_still():
        _apt_get("update")
        _apt_get("install", "--no-install-recommends", "rabbitmq-server")
    _keep_system_service_off()
    if program := find_rabbitmq_server():
        return program
    raise RabbitMissing(f"软件包装好后仍没有找到 rabbitmq-server: {_ADVICE}")


@contextmanager
def _services_kept_still() -> Iterator[None]:
    """Keeps packages from starting services while they are installed; a policy that the machine has stays."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)


def _keep_system_service_off() -> None:
    """The package was installed for its program: its service shall not start with the machine either."""
    if Path("/run/systemd/system").exists():
        subprocess.run(["systemctl", "disable", "--now", "rabbitmq-server"], capture_output=True, check=False)


def _apt_get(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    outcome = subprocess.run(
        ["apt-get", "-q", "-y", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        reason = (outcome.stderr.strip().splitlines() or ["?"])[-1]
        raise RabbitMissing(f"apt-get {arguments[0]} 失败 ({reason}): {_ADVICE}")
