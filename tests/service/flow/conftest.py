"""An office on a real database for every routing test."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Database
from tests.service.flow.office import Office, open_office
from tests.service.flow.tasks import Task


@pytest.fixture
def office(fresh_database: Callable[[str], str]) -> Iterator[Office]:
    database = Database("documents", fresh_database("documents"))
    yield open_office(database)
    database.close()


@pytest.fixture
def task(office: Office) -> Task:
    """A task whose work is under way, with nothing given out yet."""
    made = Task(office)
    made.open()
    return made
