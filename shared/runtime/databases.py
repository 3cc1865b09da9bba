"""The databases of one PostgreSQL server: each service has its own."""

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.pool import NullPool

from shared.db import psycopg2_url


def database_url(base_url: str, name: str) -> str:
    """The URL of database `name` on the server of `base_url`, through the driver that yields."""
    return psycopg2_url(base_url).set(database=name).render_as_string(hide_password=False)


def database_name(url: str) -> str | None:
    return make_url(url).database


def create_database(base_url: str, name: str, *, template: str | None = None) -> str:
    """Makes sure that the database exists and returns its URL; an existing one is left as it is.

    `template` names a database without connections whose content the new one starts with.
    """
    if name not in list_databases(base_url):
        source = f" TEMPLATE {_quoted(template)}" if template else ""
        try:
            _execute(base_url, f"CREATE DATABASE {_quoted(name)}{source}")
        except (ProgrammingError, IntegrityError):
            # Two processes may create it at once: the loser of the race gets what it wanted too.
            if name not in list_databases(base_url):
                raise
    return database_url(base_url, name)


def drop_database(base_url: str, name: str) -> None:
    """Removes the database with everything in it, open connections included; a missing one is fine."""
    _execute(base_url, f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def list_databases(base_url: str) -> set[str]:
    engine = create_engine(psycopg2_url(base_url), poolclass=NullPool)
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT datname FROM pg_database")))


def _execute(base_url: str, statement: str) -> None:
    engine = create_engine(psycopg2_url(base_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""').replace(":", r"\:")
    return f'"{escaped}"'
