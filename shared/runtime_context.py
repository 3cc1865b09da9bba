"""What one process runs with: settings, clock, content store and databases; given to nameko's extensions by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.auth import TokenVerifier
from shared.clock import Clock, SystemClock
from shared.config import Settings
from shared.db import Database
from shared.files import BlobStore, open_store

CONFIG_KEY = "YIWANG_RUNTIME"


@dataclass(kw_only=True)
class Runtime:
    """Made once by whoever starts the process; `database` opens each service's database on first use."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    open_blobs: Callable[[str], BlobStore] = open_store
    _databases: dict[str, Database] = field(default_factory=dict)
    _blobs: BlobStore | None = None
    _verifier: TokenVerifier | None = None

    def database(self, service: str) -> Database:
        """The service's database, with one connection per worker."""
        if service not in self._databases:
            self._databases[service] = Database(
                service, self.settings.database_url_of(service), pool_size=self.settings.max_workers
            )
        return self._databases[service]

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

    def close(self) -> None:
        """Give back every connection."""
        for database in self._databases.values():
            database.close()


def runtime_of(config: Any) -> Runtime:
    """The runtime that the process was started with, out of nameko's configuration."""
    runtime: Runtime = config[CONFIG_KEY]
    return runtime
