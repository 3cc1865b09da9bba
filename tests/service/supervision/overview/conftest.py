from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.db import Database
from shared.files import open_store
from tests.service.supervision.overview.office import Office


@pytest.fixture
def office(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Office]:
    """An office with a database of the test's own, at work without HTTP."""
    database = Database("supervision", fresh_database("supervision"))
    made = Office(database=database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    database.close()
