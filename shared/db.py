"""PostgreSQL: one database per service, one engine per process and service, one session per unit of work."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg2
import sqlalchemy as sa
from psycopg2.extensions import AsIs, register_adapter
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import psycopg2 as psycopg2_dialect
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


RESTS_UNASKED_SECONDS = 1.0
# A connection that carries single statements is taken for the time of one, and nobody who has one waits for another.
STATEMENTS_AT_ONCE = 4
_RESTS_SINCE = "rests since"


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """`timestamptz` that is always read back in UTC and refuses a naive value."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


TYPE_MAP: dict[Any, Any] = {
    datetime: UTCDateTime(),
    UUID: sa.Uuid(),
    str: sa.Text(),
    dict[str, Any]: postgresql.JSONB(),
    list[str]: postgresql.ARRAY(sa.Text()),
    list[UUID]: postgresql.ARRAY(sa.Uuid()),
}


_DIALECT: Any = psycopg2_dialect.dialect()

Executing = Session | sa.Connection
"""Where a single statement may be sent: within a unit of work, or alone (`Database.statements`)."""


class Prepared:
    """A statement for a path so frequent that what SQLAlchemy does for each sending counts: put together once.

    Parameters go to psycopg2 and values come from it as they are.
    """

    def __init__(self, statement: sa.Executable) -> None:
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self._text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    def rows(self, executing: Executing, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it answers; failures are those of SQLAlchemy."""
        connection = executing
        if isinstance(connection, Session):
            connection.flush()
            connection = connection.connection()
        driven: Any = connection.connection
        dialect: Any = connection.dialect
        with driven.cursor() as cursor:
            try:
                cursor.execute(self._text, {**self._constants, **parameters})
                return list(cursor.fetchall())
            except psycopg2.Error as error:
                is_gone = dialect.is_disconnect(error, driven.dbapi_connection, cursor)
                if is_gone:
                    connection.invalidate(error)
                raise sa.exc.DBAPIError.instance(
                    self._text, None, error, psycopg2.Error, connection_invalidated=is_gone
                ) from error
            except BaseException as interruption:
                # A greenlet that is ended while it waits leaves its question unanswered on the connection.
                connection.invalidate(interruption)
                raise


class FoundationBase(DeclarativeBase):
    """The tables that every service database has: event log, inbox, directory, numbers, audit and the like."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = TYPE_MAP


def psycopg2_url(url: str | URL) -> URL:
    """The same address through psycopg2, the driver that yields to other greenlets while it waits."""
    return make_url(url).set(drivername="postgresql+psycopg2")


def make_engine(
    url: str | URL, *, pool_size: int, name: str, each_alone: bool = False, only_reads: bool = False
) -> Engine:
    """An engine for one service in one process; `name` shows in `pg_stat_activity`.

    With `each_alone` every statement is a transaction of its own; with `only_reads` PostgreSQL refuses to write.
    """
    options = "-c timezone=UTC" + (" -c default_transaction_read_only=on" if only_reads else "")
    engine = sa.create_engine(
        psycopg2_url(url),
        isolation_level="AUTOCOMMIT" if each_alone else None,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=10,
        connect_args={"application_name": name, "connect_timeout": 10, "options": options},
    )
    _look_before_use(engine)
    # SQLAlchemy has psycopg2's own adapter put in its place with each new connection.
    sa.event.listen(engine, "connect", lambda *_: register_adapter(UUID, _quoted_uuid))
    return engine


def _look_before_use(engine: Engine) -> None:
    """Replace dead connections when one of them is taken out of the pool.

    What the server has closed shows in the socket, without a word; only after a while of rest is the server asked.
    `pool_pre_ping` would ask every time, which is a fifth of the round trips of a short transaction.
    """

    @sa.event.listens_for(engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, fairy: Any) -> None:
        rested = time.monotonic() - record.info.get(_RESTS_SINCE, math.inf)
        try:
            # The first look takes in the server's last words, the second finds the end.
            connection.poll()
            connection.poll()
            if rested > RESTS_UNASKED_SECONDS:
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error


def _quoted_uuid(value: UUID) -> AsIs:
    """An id as a literal: psycopg2's own adapter does the same in Python, with an object for each id."""
    return AsIs(f"'{value}'::uuid")


class Database:
    """A service's database in this process: hands out sessions that know which service they belong to."""

    def __init__(self, service: str, url: str | URL, *, pool_size: int = 10) -> None:
        self.service = service
        self.engine = make_engine(url, pool_size=pool_size, name=f"yiwang-{service}")
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info={"service": service})
        self._reading = make_engine(
            url, pool_size=pool_size, name=f"yiwang-{service}", each_alone=True, only_reads=True
        )
        # Connections of their own: to change the mode of one, and to change it back, is a round trip each.
        self._each_alone = make_engine(
            url, pool_size=STATEMENTS_AT_ONCE, name=f"yiwang-{service}", each_alone=True
        )

    def session(self) -> Session:
        """A new session; the caller commits and closes it."""
        return self._sessions()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One unit of work: committed at the end, rolled back on any exception."""
        with self._sessions() as session, session.begin():
            yield session

    def reading(self) -> Session:
        """A new session that cannot write, without the round trips of beginning and of committing.

        Each statement sees what is committed when it begins, as in a transaction (READ COMMITTED).
        """
        return self._sessions(bind=self._reading)

    def statements(self) -> sa.Connection:
        """To be used in a `with`: each statement is a unit of work of its own, and kept when it returns.

        It saves the round trips of beginning and of committing, and what a session keeps in mind, where a path is
        walked so often that they count.
        """
        return self._each_alone.connect()

    def close(self) -> None:
        """Give back every connection."""
        for engine in (self.engine, self._reading, self._each_alone):
            engine.dispose()
