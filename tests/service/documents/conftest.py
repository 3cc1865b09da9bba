from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.clock import SystemClock
from shared.db import Database
from shared.files import open_store
from tests.service.documents.brimful import brimful_url
from tests.service.documents.desk import Desk
from tests.service.documents.offices import Offices
from tests.support.api import serving
from tests.support.databases import ServiceDatabases


@pytest.fixture
def offices(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Offices]:
    """Offices with a database of the test's own, at work without HTTP."""
    database = Database("documents", fresh_database("documents"))
    made = Offices(database=database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    database.close()


@pytest.fixture(scope="session")
def desk(databases: ServiceDatabases, session_dir: Path) -> Iterator[Desk]:
    """The same offices behind one running api, shared by all tests that ask it: each works on its own documents."""
    folder = session_dir / "documents-api"
    folder.mkdir()
    url = databases.of("documents")
    # All tests come from one address, and the same few persons ask in all of them.
    settings = {
        "YIWANG_REQUESTS_PER_SECOND": "10000",
        "YIWANG_REQUESTS_PER_SECOND_OF_SOURCE": "10000",
        "YIWANG_BLOB_URL": brimful_url(folder / "blobs"),
    }
    served = "tests.service.documents.brimful:DocumentsApi"
    with serving("documents", url, folder, api=served, environment=settings) as api:
        blobs = open_store((folder / "blobs").as_uri())
        offices = Offices(database=api.database, blobs=blobs, clock=SystemClock())
        offices.fill()
        yield Desk(api=api, offices=offices, blob_folder=folder / "blobs")
