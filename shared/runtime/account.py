"""The operating-system account that a private PostgreSQL runs under: ours, or an unprivileged one when we are root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

# The account that the wheel itself uses for this, so that both agree on who owns a data folder.
_UNPRIVILEGED = "pgserver"


@dataclass(frozen=True, kw_only=True)
class ServerAccount:
    """Whom the server runs as; `entry` is None for the account of this process."""

    entry: pwd.struct_passwd | None

    @classmethod
    def choose(cls) -> Self:
        """PostgreSQL refuses to run as root, so root gets an account made for it."""
        if os.geteuid() != 0:
            return cls(entry=None)
        try:
            return cls(entry=pwd.getpwnam(_UNPRIVILEGED))
        except KeyError:
            command = [
                "useradd",
                "--system",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                _UNPRIVILEGED,
            ]
            subprocess.run(command, check=True, capture_output=True)
            return cls(entry=pwd.getpwnam(_UNPRIVILEGED))

    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program under the account."""
        if self.entry is None:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}

    def make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(path)

    def make_file(self, path: Path) -> None:
        path.touch(mode=0o600)
        self.give(path)

    def give(self, path: Path) -> None:
        if self.entry is not None:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def open_way_to(self, *paths: Path) -> None:
        """Lets the account pass through the folders above; it may pass, not list them."""
        if self.entry is None:
            return
        for path in paths:
            for folder in (path.absolute(), *path.absolute().parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)

    def open_programs(self, root: Path) -> None:
        """Lets the account read and run an installation that a strict umask closed to it."""
        if self.entry is None or (root / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
            return
        for path in (root, *root.rglob("*")):
            if path.is_symlink():
                continue
            mode = path.stat().st_mode
            passable = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IROTH | passable)
