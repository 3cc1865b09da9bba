"""The ground under all tests: a real PostgreSQL and a real RabbitMQ, started when the first test asks for them."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from shared.runtime.garbage import look_rarely
from shared.runtime.postgres import FORGETFUL, ExistingPostgres, LocalPostgres, Postgres
from shared.runtime.rabbitmq import LocalRabbit
from shared.service import Service
from tests.support.brokers import Broker, ExistingBroker, fresh_vhost_name, private_broker
from tests.support.city import City, running_city
from tests.support.databases import ServiceDatabases
from tests.support.waiting import eventually

LAYERS = ("unit", "contract", "service", "e2e", "chaos")
# Files of minutes: begun after the quickest layer, so that no core waits for one of them at the end.
LONG_FILES = ("test_schemathesis.py", "test_story_embedded.py", "test_chains.py")
WALKS_THROUGH_THE_CITY = "from tests.support.city import City"


class OneCity(LoadFileScheduling):  # type: ignore[misc]
    """A file stays with one worker, and all that walk through the city with the same: to start it takes a minute."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        text = (self.config.rootpath / file).read_text(encoding="utf-8")
        return "city" if WALKS_THROUGH_THE_CITY in text else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneCity:
    return OneCity(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test with its layer, which is its folder, and runs the quick layers first, the longest files early."""
    for item in items:
        layer = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        if layer in LAYERS:
            item.add_marker(layer)
    items.sort(key=_layer_order)


def pytest_collection_finish() -> None:
    """All modules are loaded by now; a twelfth of the whole run went into looking for cycles among them."""
    look_rarely()


def _layer_order(item: pytest.Item) -> tuple[int, int]:
    layer = next((place for place, layer in enumerate(LAYERS) if item.get_closest_marker(layer)), 0)
    return (1, layer - len(LAYERS)) if item.path.name in LONG_FILES else (layer, 0)


@pytest.fixture
def server_dir() -> Iterator[Path]:
    """A folder for a server's data. Those of pytest are closed to the account that PostgreSQL runs under."""
    with tempfile.TemporaryDirectory(prefix="yiwang-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def session_dir() -> Iterator[Path]:
    """The same for the servers that last for the whole run."""
    with tempfile.TemporaryDirectory(prefix="yiwang-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_url(session_dir: Path) -> Iterator[str]:
    """The maintenance database of a PostgreSQL server: YIWANG_TEST_DATABASE_URL, or a private one."""
    existing = os.environ.get("YIWANG_TEST_DATABASE_URL")
    private = LocalPostgres(session_dir / "postgres", FORGETFUL)
    server: Postgres = ExistingPostgres(url=existing) if existing else private
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def databases(postgres_url: str) -> Iterator[ServiceDatabases]:
    made = ServiceDatabases(postgres_url)
    yield made
    made.drop_all()


@pytest.fixture
def fresh_database(databases: ServiceDatabases) -> Iterator[Callable[[Service | str], str]]:
    """`fresh_database("documents")` is the URL of a new database that the service's migrations built."""
    urls: list[str] = []

    def make(service: Service | str) -> str:
        urls.append(databases.of(service))
        return urls[-1]

    yield make
    for url in urls:
        databases.drop(url)


@pytest.fixture(scope="session")
def broker(session_dir: Path) -> Iterator[Broker]:
    """The RabbitMQ of the run: YIWANG_AMQP_URL, or a private node."""
    existing = os.environ.get("YIWANG_AMQP_URL")
    if existing:
        yield ExistingBroker(existing, os.environ.get("YIWANG_TEST_MANAGEMENT_URL"))
        return
    node = private_broker(session_dir / "rabbitmq")
    yield node
    node.stop()


@pytest.fixture(scope="session")
def amqp_url(broker: Broker) -> str:
    """The broker's default virtual host, shared by the whole run; most tests want `amqp_vhost`."""
    return broker.url


@pytest.fixture
def amqp_vhost(broker: Broker) -> Iterator[str]:
    """The URL of an empty virtual host of the test's own."""
    name = fresh_vhost_name()
    yield broker.add_vhost(name)
    broker.delete_vhost(name)


@pytest.fixture(scope="session")
def _private_node(broker: Broker, session_dir: Path) -> Iterator[LocalRabbit]:
    if isinstance(broker, LocalRabbit):
        yield broker
        return
    node = private_broker(session_dir / "rabbitmq-breakable")
    yield node
    node.stop()


@pytest.fixture
def breakable_broker(_private_node: LocalRabbit) -> Iterator[LocalRabbit]:
    """A private node that the test may freeze, stop or kill; it works again afterwards."""
    yield _private_node
    _private_node.recover()


@pytest.fixture
def breakable_vhost(breakable_broker: LocalRabbit) -> Iterator[str]:
    """The URL of an empty virtual host on that node."""
    name = fresh_vhost_name()
    yield breakable_broker.add_vhost(name)
    breakable_broker.recover()
    breakable_broker.delete_vhost(name)


@pytest.fixture(scope="session")
def _city(_private_node: LocalRabbit, session_dir: Path) -> Iterator[City]:
    name = fresh_vhost_name()
    with running_city(session_dir / "city", _private_node, _private_node.add_vhost(name)) as running:
        yield running


@pytest.fixture
def city(_city: City, breakable_broker: LocalRabbit) -> City:
    """The whole suite as separate processes, started once; whatever a test broke works again before the next."""
    _city.start_database()
    eventually(lambda: not _city.unready(), 60)
    return _city
