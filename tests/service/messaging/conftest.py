"""A trial service with a database of its own and either kind of broker."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared import migrations
from shared.db import psycopg2_url
from shared.runtime import databases
from tests.support.brokers import Broker, fresh_vhost_name
from tests.support.trial import SERVICE
from tests.support.trial.models import Base
from tests.support.trial.stage import MemoryStage, RabbitStage


@pytest.fixture(scope="session")
def trial_template(postgres_url: str) -> Iterator[str]:
    name = f"yiwang_trial_template_{secrets.token_hex(4)}"
    url = databases.create_database(postgres_url, name)
    migrations.upgrade(SERVICE, url)
    engine = sa.create_engine(psycopg2_url(url))
    Base.metadata.create_all(engine)
    engine.dispose()
    yield name
    databases.drop_database(postgres_url, name)


@contextmanager
def fresh_trial_database(server: str, template: str) -> Iterator[str]:
    """The address of a fresh database, as settings take it: with `{service}` in its name."""
    prefix = f"yiwang_test_{secrets.token_hex(4)}_"
    name = f"{prefix}{SERVICE.name}"
    url = databases.create_database(server, name, template=template)
    yield url.replace(name, prefix + "{service}")
    databases.drop_database(server, name)


@pytest.fixture
def trial_database(postgres_url: str, trial_template: str) -> Iterator[str]:
    with fresh_trial_database(postgres_url, trial_template) as url:
        yield url


@pytest.fixture
def stage(trial_database: str, amqp_vhost: str, tmp_path: Path) -> Iterator[RabbitStage]:
    """With an empty RabbitMQ and nothing started."""
    made = RabbitStage(trial_database, amqp_vhost, tmp_path)
    yield made
    made.close()


@pytest.fixture
def breakable_stage(trial_database: str, breakable_vhost: str, tmp_path: Path) -> Iterator[RabbitStage]:
    """On a RabbitMQ that the test may stop and freeze."""
    made = RabbitStage(trial_database, breakable_vhost, tmp_path)
    yield made
    made.close()


@pytest.fixture
def memory_stage(trial_database: str, tmp_path: Path) -> Iterator[MemoryStage]:
    """With the broker in memory and nothing started."""
    made = MemoryStage(trial_database, "memory://", tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["rabbitmq", "memory"], scope="module")
def running(
    request: pytest.FixtureRequest,
    postgres_url: str,
    trial_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RabbitStage | MemoryStage]:
    """Everything started, on both kinds of broker, for all tests of a file: they must keep to events of their own."""
    folder = tmp_path_factory.mktemp("stage")
    with fresh_trial_database(postgres_url, trial_template) as url:
        if request.param == "memory":
            made: RabbitStage | MemoryStage = MemoryStage(url, "memory://", folder)
            made.start_all()
            yield made
            made.close()
            return
        broker: Broker = request.getfixturevalue("broker")
        vhost = fresh_vhost_name()
        made = RabbitStage(url, broker.add_vhost(vhost), folder)
        made.start_all()
        yield made
        made.close()
        broker.delete_vhost(vhost)
