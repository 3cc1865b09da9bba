from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.db import Database
from shared.files import open_store
from tests.service.affairs.offices import Offices


@pytest.fixture
def offices(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Offices]:
    """Offices with a database of the test's own, at work without HTTP."""
    database = Database("affairs", fresh_database("affairs"))
    made = Offices(database=database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    database.close()
