"""What one process runs with: settings, clock, content store and databases; given to nameko's extensions by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.auth import TokenVerifier
from shared.clock import Clock, SystemClock
from shared.config import Settings
from shared.db import Database
from shared.files import BlobStore, open_store

CONFIG_KEY = "YIWANG_RUNTIME"

T = TypeVar("T")


@dataclass(kw_only=True)
class Runtime:
    """Made once by whoever starts the process; `database` opens each service's database on first use."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    open_blobs: Callable[[str], BlobStore] = open_store
    _databases: dict[str, Database] = field(default_factory=dict)
    _blobs: BlobStore | None = None
    _verifier: TokenVerifier | None = None
    _resources: dict[type, Any] = field(default_factory=dict)

    def database(self, service: str) -> Database:
        """The service's database, with one connection per worker."""
        if service not in self._databases:
            self._databases[service] = Database(
                service, self.settings.database_url_of(service), pool_size=self.settings.max_workers
            )
        return self._databases[service]

    def databases(self) -> dict[str, Database]:
        """The databases that this process has opened so far, by service."""
        return dict(self._databases)

    @property
    def blobs(self) -> BlobStore:
        """The content store."""
        if self._blobs is None:
            self._blobs = self.open_blobs(self.settings.blob_url)
        return self._blobs

    @property
    def verifier(self) -> TokenVerifier:
        """Checks access tokens."""
        if self._verifier is None:
            self._verifier = TokenVerifier(issuer=self.settings.issuer, audience=self.settings.audience)
        return self._verifier

    def resource(self, kind: type[T], make: Callable[[Settings], T]) -> T:
        """The process's one object of that kind, made on first use."""
        if kind not in self._resources:
            self._resources[kind] = make(self.settings)
        found: T = self._resources[kind]
        return found

    def close(self) -> None:
        """Give back every connection."""
        for database in self._databases.values():
            database.close()


def runtime_of(config: Any) -> Runtime:
    """The runtime that the process was started with, out of nameko's configuration."""
    runtime: Runtime = config[CONFIG_KEY]
    return runtime
