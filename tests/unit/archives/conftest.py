"""A blob store and complete sample documents."""

from pathlib import Path

import pytest

from shared.events.dossier import Dossier
from tests.unit.archives import samples
from tests.unit.archives.samples import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "blobs")


@pytest.fixture
def notice(store: Store) -> Dossier:
    return samples.dispatch(store)


@pytest.fixture
def request_received(store: Store) -> Dossier:
    return samples.incoming(store)
