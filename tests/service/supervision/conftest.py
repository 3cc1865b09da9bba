from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.db import Database
from shared.files import open_store
from tests.service.supervision.clocked import clocked
from tests.service.supervision.desk import Desk
from tests.service.supervision.offices import Offices
from tests.support.databases import ServiceDatabases

# What one test leaves must not be found by the next one's watch, calendar or directory. To touch the calendar for
# nothing would have all counters of the board counted anew.
_TIDY = (
    "UPDATE task SET next_at = NULL WHERE next_at IS NOT NULL",
    """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM calendar_day WHERE day >= '2027-01-01') THEN
            DELETE FROM calendar_day WHERE day >= '2027-01-01';
        END IF;
    END $$
    """,
    "UPDATE directory_unit SET active = false WHERE active",
)


@pytest.fixture(scope="session")
def common_database(databases: ServiceDatabases) -> Iterator[Database]:
    """One database for all of these tests; each works in offices of its own."""
    database = Database("supervision", databases.of("supervision"))
    yield database
    database.close()


@pytest.fixture
def offices(common_database: Database, tmp_path: Path) -> Iterator[Offices]:
    """Offices at work without HTTP."""
    made = Offices(database=common_database, blobs=open_store(tmp_path.as_uri()))
    made.fill()
    yield made
    with made.session() as session:
        for statement in _TIDY:
            session.execute(sa.text(statement))


@pytest.fixture(scope="session")
def desk(databases: ServiceDatabases, session_dir: Path) -> Iterator[Desk]:
    """The same behind a running api, whose clock stands where the test sets it."""
    folder = session_dir / "supervision-api"
    folder.mkdir()
    with clocked(databases.of("supervision"), folder) as (api, clock):
        offices = Offices(database=api.database, blobs=open_store((folder / "blobs").as_uri()), clock=clock)
        offices.fill()
        yield Desk(api=api, offices=offices)
