"""A connection of its own that waits for notifications."""

import logging
import select
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger("yiwang.mobile.push")

CHANNEL = "inbox"


class Listener:
    """Waits on PostgreSQL; a lost connection is opened anew, and waiting then lasts its full time."""

    def __init__(self, url: URL, *, stopping: threading.Event) -> None:
        self._engine = sa.create_engine(
            url,
            poolclass=sa.pool.NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": "yiwang-mobile-listener", "connect_timeout": 5},
        )
        self._stopping = stopping
        self._connection: sa.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return after a notification, and at the latest after that many seconds."""
        try:
            if self._connection is None:
                # What was notified while nobody listened is read right after this.
                self._open()
                return
            raw: Any = self._connection.connection.driver_connection
            select.select([raw], [], [], seconds)
            raw.poll()
            raw.notifies.clear()
        except (SQLAlchemyError, OSError, ValueError, self._driver_error()) as error:
            _log.warning("listening was interrupted: %s", type(error).__name__)
            self.close()
            self._stopping.wait(seconds)

    def close(self) -> None:
        """Give back the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _open(self) -> None:
        self._connection = self._engine.connect()
        self._connection.execute(sa.text(f"LISTEN {CHANNEL}"))

    def _driver_error(self) -> type[Exception]:
        failure: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return failure
