"""What the suite knows of a service: one description each, found through the entry points `yiwang.services`.

Paths are strings so that reading the list imports no service; a migration run loads models but no web server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: its name (also its database, exchange and path), Chinese title and where its rooms are."""

    name: str
    title: str
    package: str
    has_cli: bool = False
    more_commands: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """The path under which the edge mounts it."""
        return f"/api/{self.name}"

    @property
    def migrations(self) -> Path:
        """The folder of its alembic revisions."""
        return Path(str(files(self.package))) / "migrations"

    def load_api(self) -> type:
        """The nameko class that answers its HTTP requests."""
        return self._load("api", "Api")

    def load_worker(self) -> type:
        """The nameko class that handles its events and timers."""
        return self._load("worker", "Worker")

    def load_metadata(self) -> Any:
        """The SQLAlchemy metadata of its own tables."""
        return import_module(f"{self.package}.models").Base.metadata

    @property
    def commands(self) -> tuple[str, ...]:
        """The operators' commands that it adds: a group of its own name, and what else it says."""
        return ((self.name,) if self.has_cli else ()) + self.more_commands

    def load_command(self, name: str) -> Any:
        """One of its commands: `cli` in its room `cli.py` for the group of its own name, else by name."""
        return getattr(import_module(f"{self.package}.cli"), "cli" if name == self.name else name)

    def load_preparing(self) -> Callable[..., None] | None:
        """What it does at every start before it serves, if anything."""
        if find_spec(f"{self.package}.preparing") is None:
            return None
        prepare: Callable[..., None] = import_module(f"{self.package}.preparing").prepare
        return prepare

    def _load(self, room: str, suffix: str) -> type:
        found: type = getattr(import_module(f"{self.package}.{room}"), self.name.capitalize() + suffix)
        return found


@cache
def all_services() -> tuple[Service, ...]:
    """Every installed service, by name."""
    found = [point.load() for point in entry_points(group="yiwang.services")]
    return tuple(sorted(found, key=lambda service: service.name))


def get_service(name: str) -> Service:
    """The service of that name; KeyError names the ones there are."""
    by_name = {service.name: service for service in all_services()}
    if name not in by_name:
        raise KeyError(f"no service {name!r}; there are {', '.join(by_name)}")
    return by_name[name]
