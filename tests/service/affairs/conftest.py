from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.db import Database
from shared.files import open_store
from tests.service.affairs.desk import Desk
from tests.service.affairs.offices import SECRET, Offices
from tests.support.api import serving
from tests.support.databases import ServiceDatabases

# What one test leaves must not be found by the next one's watch.
_TIDY = "UPDATE affairs_case SET state = 'withdrawn' WHERE state IN ('handling', 'decided', 'delivered')"


@pytest.fixture(scope="session")
def common_database(databases: ServiceDatabases) -> Iterator[Database]:
    """One database for all of these tests; each works in offices of its own."""
    database = Database("affairs", databases.of("affairs"))
    yield database
    database.close()


@pytest.fixture
def offices(common_database: Database, tmp_path: Path) -> Iterator[Offices]:
    """Offices at work without HTTP."""
    made = Offices(database=common_database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    with made.session() as session:
        session.execute(sa.text(_TIDY))


@pytest.fixture(scope="session")
def desk(databases: ServiceDatabases, session_dir: Path) -> Iterator[Desk]:
    """The same behind a running api, shared by all tests that ask it."""
    folder = session_dir / "affairs-api"
    folder.mkdir()
    settings = {
        "YIWANG_REQUESTS_PER_SECOND": "10000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "10000",
        "YIWANG_SECRET_KEY": SECRET,
    }
    with serving("affairs", databases.of("affairs"), folder, environment=settings) as api:
        offices = Offices(database=api.database, blobs=open_store((folder / "blobs").as_uri()))
        offices.fill()
        yield Desk(api=api, offices=offices)
