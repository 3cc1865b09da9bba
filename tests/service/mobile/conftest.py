"""What the tests of mobile stand on: a migrated database of their own, and an office of a few people."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Database
from shared.service import Service
from tests.service.mobile.office import Office
from tests.support.api import RunningApi, serving
from tests.support.databases import ServiceDatabases

MakeDatabase = Callable[[Service | str], str]


@pytest.fixture
def database(fresh_database: MakeDatabase) -> Iterator[Database]:
    made = Database("mobile", fresh_database("mobile"), pool_size=5)
    yield made
    made.close()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture(scope="session")
def api(databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    """One api for all tests that ask over HTTP; each brings people of its own."""
    with serving("mobile", databases.of("mobile"), tmp_path_factory.mktemp("mobile")) as running:
        yield running
