"""PostgreSQL: one database per service, one engine per process and service, one session per unit of work."""

import itertools
import math
import time
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
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
# The same with parameters as PREPARE names them: $1, $2 …
_NUMBERED: Any = psycopg2_dialect.dialect(paramstyle="numeric_dollar")
_NAMES = itertools.count(1)
_PLANNED = "planned"
# feature_not_supported (the result would have other columns), invalid_sql_statement_name
_OUTDATED = ("0A000", "26000")

Executing = Session | sa.Connection
"""Where a single statement may be sent: within a unit of work, or alone (`Database.statements`)."""


class Prepared:
    """A statement for a path so frequent that what is done anew for each sending counts: put together once.

    With `planned_once` PostgreSQL also plans it once for each connection (PREPARE), without looking at values where
    each statement stands alone (`make_engine`). That is for statements whose plan should be the same whatever is asked:
    what decides it is written out in them, as are the condition of a partial index and a limit. Parameters go to
    psycopg2 as they are.
    """

    def __init__(self, statement: sa.Select[Any] | sa.TextualSelect, *, planned_once: bool = False) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._text = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._name = f"yiwang_{next(_NAMES)}" if planned_once else ""
        if planned_once:
            numbered: Any = statement.compile(dialect=_NUMBERED)
            names = numbered.positiontup
            kinds = [_kind(numbered.binds[name].type) for name in names]
            self._prepare = f"PREPARE {self._name}{_listed(kinds)} AS {numbered}"
            self._execute = f"EXECUTE {self._name}{_listed([f'%({name})s' for name in names])}"
        columns = statement.selected_columns
        row: Any = namedtuple("Row", list(columns.keys()), rename=True)  # type: ignore[misc]
        self._make = row._make
        readers = [_reader(column.type) for column in columns]
        self._readers = [(place, read) for place, read in enumerate(readers) if read]

    def read(self, executing: Executing, parameters: Mapping[str, Any]) -> list[Any]:
        """What it answers, as SQLAlchemy would: values of the columns' types, each a member of its row."""
        make, readers = self._make, self._readers
        rows = self.rows(executing, parameters)
        if not readers:
            return list(map(make, rows))
        told = []
        for row in rows:
            values = list(row)
            for place, read in readers:
                values[place] = read(values[place])
            told.append(make(values))
        return told

    def rows(self, executing: Executing, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it answers, values as psycopg2 gives them; failures are those of SQLAlchemy."""
        connection = executing
        if isinstance(connection, Session):
            connection.flush()
            connection = connection.connection()
        driven: Any = connection.connection
        dialect: Any = connection.dialect
        with driven.cursor() as cursor:
            try:
                text = self._text_for(driven, cursor)
                cursor.execute(text, {**self._constants, **parameters})
                return list(cursor.fetchall())
            except psycopg2.Error as error:
                # What was planned for a table that has changed since cannot be used again.
                is_gone = error.pgcode in _OUTDATED or dialect.is_disconnect(
                    error, driven.dbapi_connection, cursor
                )
                if is_gone:
                    connection.invalidate(error)
                raise sa.exc.DBAPIError.instance(
                    self._text, None, error, psycopg2.Error, connection_invalidated=is_gone
                ) from error
            except BaseException as interruption:
                # A greenlet that is ended while it waits leaves its question unanswered on the connection.
                connection.invalidate(interruption)
                raise

    def _text_for(self, driven: Any, cursor: Any) -> str:
        """What is sent on that connection."""
        if not self._name:
            return self._text
        known: set[str] = driven.info.setdefault(_PLANNED, set())
        if self._name not in known:
            cursor.execute(self._prepare)
            known.add(self._name)
        return self._execute


def _listed(items: list[str]) -> str:
    return f" ({', '.join(items)})" if items else ""


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    """The type as PREPARE names it; PostgreSQL finds out by itself where none is said."""
    return "unknown" if isinstance(kind, sa.types.NullType) else str(kind.compile(dialect=_NUMBERED))


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """How a value that psycopg2 gives becomes one of that type; None where it is one already."""
    if isinstance(kind, sa.Numeric):
        return None
    return kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)


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
    options = "-c timezone=UTC"
    if only_reads:
        options += " -c default_transaction_read_only=on"
    if each_alone:
        # PostgreSQL's estimates for values that it does not know would have it plan anew each time.
        options += " -c plan_cache_mode=force_generic_plan"
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
