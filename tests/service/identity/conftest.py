"""An identity service's database with a small municipality in it, and a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.identity.commands.directory import import_directory
from services.identity.commands.keys import ensure_keys
from services.identity.models import Person
from shared.auth import Actor
from shared.clock import FixedClock
from shared.db import Database
from shared.ids import new_id
from shared.service import Service
from tests.service.identity.people import PASSWORD_DIGEST, TOKENS, City, city_in, small_city
from tests.support.databases import ServiceDatabases

START = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def operator() -> Actor:
    return Actor.system(new_id())


@pytest.fixture
def empty_database(fresh_database: Callable[[Service | str], str]) -> Iterator[Database]:
    database = Database("identity", fresh_database("identity"), pool_size=10)
    yield database
    database.close()


@pytest.fixture
def database(empty_database: Database) -> Database:
    """A database of the test's own with the small municipality in it."""
    with empty_database.transaction() as session:
        settle(session)
    return empty_database


@pytest.fixture(scope="session")
def shared_city(databases: ServiceDatabases) -> Iterator[Database]:
    """The small municipality for all tests that commit nothing."""
    database = Database("identity", databases.of("identity"), pool_size=2)
    with database.transaction() as session:
        settle(session)
    yield database
    database.close()


@pytest.fixture
def session(shared_city: Database) -> Iterator[Session]:
    """A session that is rolled back at the end."""
    with shared_city.session() as opened:
        yield opened


@pytest.fixture
def city(session: Session) -> City:
    return city_in(session)


def settle(session: Session) -> None:
    """The small municipality, with one password for all, and signing keys."""
    clock, operator = FixedClock(START), Actor.system(new_id())
    import_directory(session, operator, clock, reading=small_city(), dry_run=False)
    ensure_keys(session, operator, clock, keyring=TOKENS.keyring)
    session.execute(sa.update(Person).values(password_digest=PASSWORD_DIGEST))
