"""An office on a real database for every routing test."""

from collections.abc import Callable, Iterator

import pytest

from shared.db import Database
from tests.service.flow.office import Office, open_office


@pytest.fixture
def office(fresh_database: Callable[[str], str]) -> Iterator[Office]:
    database = Database("documents", fresh_database("documents"))
    yield open_office(database)
    database.close()
