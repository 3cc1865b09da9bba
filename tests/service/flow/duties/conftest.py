"""A task in an office of its own for each test, all on one database: nothing here belongs to a whole database."""

from collections.abc import Iterator

import pytest

from shared.db import Database
from tests.service.flow.duties.tasks import Task
from tests.service.flow.office import Office, open_office
from tests.support.databases import ServiceDatabases


@pytest.fixture(scope="package")
def database(databases: ServiceDatabases) -> Iterator[Database]:
    made = Database("documents", databases.of("documents"))
    yield made
    made.close()


@pytest.fixture
def office(database: Database) -> Office:
    return open_office(database)


@pytest.fixture
def task(office: Office) -> Task:
    """A task whose work is under way, with nothing given out yet."""
    made = Task(office)
    made.open()
    return made
