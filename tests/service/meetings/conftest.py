from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.clock import SystemClock
from shared.db import Database
from shared.files import open_store
from tests.service.meetings.house import Hall, House
from tests.service.meetings.wing import Wing
from tests.support.api import serving
from tests.support.databases import ServiceDatabases


@pytest.fixture(scope="session")
def hall(databases: ServiceDatabases, session_dir: Path) -> Iterator[Hall]:
    """One running api with a government's people, shared by all tests that ask it: each holds its own meetings."""
    folder = session_dir / "meetings-api"
    folder.mkdir()
    settings = {
        "YIWANG_REQUESTS_PER_SECOND": "10000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "10000",
    }
    with serving("meetings", databases.of("meetings"), folder, environment=settings) as api:
        blobs = open_store((folder / "blobs").as_uri())
        house = House(database=api.database, blobs=blobs, clock=SystemClock())
        house.fill()
        yield Hall(api=api, house=house)


@pytest.fixture
def wing(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Wing]:
    """The same people with a database of the test's own, at work without HTTP on a clock that the test moves."""
    database = Database("meetings", fresh_database("meetings"), pool_size=60)
    made = Wing(database=database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    database.close()
