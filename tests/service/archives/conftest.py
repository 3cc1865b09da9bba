"""An archive on a real database for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.archives.archive import Archive


@pytest.fixture
def archive(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Archive]:
    """With its town in the directory."""
    made = Archive(fresh_database("archives"), tmp_path)
    made.settle_town()
    yield made
    made.shut()


@pytest.fixture
def unsettled(fresh_database: Callable[[str], str], tmp_path: Path) -> Iterator[Archive]:
    """Before anything is known of any unit."""
    made = Archive(fresh_database("archives"), tmp_path)
    yield made
    made.shut()
