"""The ground of a run: a durable PostgreSQL and a real RabbitMQ on this machine's disk, gone at the end."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from shared import migrations
from shared.runtime import databases
from shared.runtime.postgres import LocalPostgres
from shared.runtime.rabbitmq import LocalRabbit
from shared.service import Service, all_services
from tests.support import amqp_urls
from tests.support.brokers import private_broker


class Ground:
    """Starts each server when a figure first asks for it."""

    def __init__(self, folder: Path, *, quick: bool = False) -> None:
        self.folder = folder
        self.quick = quick

    @cached_property
    def postgres(self) -> LocalPostgres:
        """With the settings of `yiwang up`: every commit is on the disk before it returns."""
        server = LocalPostgres(self.folder / "postgres")
        server.start()
        return server

    @cached_property
    def rabbit(self) -> LocalRabbit:
        return private_broker(self.folder / "rabbitmq")

    def office(self, name: str) -> "Office":
        """Databases, a virtual host and a home folder that no other figure uses."""
        return Office(self, name)

    def versions(self) -> dict[str, str]:
        """Of the servers that were started."""
        found = {}
        if "postgres" in self.__dict__:
            engine = sa.create_engine(self.postgres.url, poolclass=sa.pool.NullPool)
            with engine.connect() as connection:
                found["postgresql"] = str(connection.scalar(sa.text("SHOW server_version")))
        if "rabbit" in self.__dict__:
            connection = amqp_urls.connect(self.rabbit.url)
            found["rabbitmq"] = str(connection.server_properties["version"])
            connection.close()
        return found

    def close(self) -> None:
        for server in ("rabbit", "postgres"):
            if server in self.__dict__:
                getattr(self, server).stop()


class Office:
    """What the programs of one figure share; `environment` is what they are configured with."""

    def __init__(self, ground: Ground, name: str) -> None:
        self._ground = ground
        self._name = name
        self._databases: dict[str, str] = {}
        self.home = ground.folder / name
        self.home.mkdir()

    @cached_property
    def amqp_url(self) -> str:
        return self._ground.rabbit.add_vhost(self._name)

    def database(self, service: Service | str, *, more_tables: sa.MetaData | None = None) -> str:
        """The URL of the service's migrated database; `more_tables` are those of a service without revisions."""
        name = service if isinstance(service, str) else service.name
        if name not in self._databases:
            url = self._ground.postgres.create_database(f"{self._name}_{name}")
            migrations.upgrade(service, url)
            if more_tables:
                engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
                more_tables.create_all(engine)
            self._databases[name] = url
        return self._databases[name]

    def all_databases(self) -> None:
        """Make the databases of all services, for programs that open each."""
        for service in all_services():
            self.database(service)

    # One client asks here for everybody, so the limits on how often one may ask are lifted.
    unlimited: Mapping[str, str] = {
        "YIWANG_REQUESTS_PER_SECOND": "1000000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "1000000",
    }

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the office's programs."""
        pattern = databases.database_url(self._ground.postgres.url, f"{self._name}_SERVICE")
        return {
            "YIWANG_HOME": str(self.home),
            "YIWANG_DATABASE_URL": pattern.replace("SERVICE", "{service}"),
            "YIWANG_AMQP_URL": self.amqp_url,
            "YIWANG_BLOB_URL": (self.home / "blobs").as_uri(),
            "YIWANG_HTTP_PORT": "0",
            **self.unlimited,
        }
