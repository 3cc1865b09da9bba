from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.db import Database
from shared.files import open_store
from tests.service.documents.offices import Offices


@pytest.fixture
def offices(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Offices]:
    database = Database("documents", fresh_database("documents"))
    made = Offices(database=database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    database.close()
