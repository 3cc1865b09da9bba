"""What containers' servers are given at their first start, tried on a real PostgreSQL and a real RabbitMQ."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import amqp
import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.engine import make_url

from shared.cli.env import fresh_secrets
from shared.messaging.connections import close, connect
from shared.messaging.failures import Ladder
from shared.messaging.topology import declare, topology_of
from shared.migrations import create_database, upgrade
from shared.runtime.erlang import erlang_binary
from shared.runtime.postgres import FORGETFUL, LocalPostgres
from shared.runtime.postgres import installation as postgres_programs
from shared.runtime.rabbitmq import LocalRabbit
from shared.service import all_services
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
NAMES = [service.name for service in all_services()]


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A PostgreSQL after its first start, and the secrets that it was given."""

    url: str
    secrets: dict[str, str]

    def url_of(self, role: str, database: str) -> str:
        return make_url(self.url).set(username=role, database=database).render_as_string(hide_password=False)

    def rows(self, role: str, database: str, query: str) -> list[tuple[object, ...]]:
        engine = sa.create_engine(self.url_of(role, database), poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]


@pytest.fixture(scope="module")
def installation(session_dir: Path) -> Iterator[Installation]:
    """A server of its own: the script changes what everybody may do on it."""
    with LocalPostgres(session_dir / "postgres-of-containers", FORGETFUL) as server:
        made = Installation(url=server.url, secrets=dict(fresh_secrets()))
        run_init_script(made)
        yield made


def run_init_script(made: Installation) -> None:
    url = make_url(made.url)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PG", "YIWANG_"))},
        **made.secrets,
        "PATH": f"{postgres_programs() / 'bin'}:{os.environ['PATH']}",
        "PGHOST": str(url.query["host"]),
    }
    outcome = subprocess.run(
        [str(ROOT / "deploy" / "postgres" / "init.sh")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr


def test_the_preparing_role_migrates_and_everything_belongs_to_the_service(
    installation: Installation,
) -> None:
    for name in NAMES:
        url = installation.url_of("yiwang_prepare", f"yiwang_{name}")
        create_database(url)
        upgrade(name, url)
        owners = installation.rows(
            f"yiwang_{name}",
            f"yiwang_{name}",
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'",
        )
        assert owners == [(f"yiwang_{name}",)]


@pytest.mark.parametrize("name", NAMES)
def test_a_role_gets_into_its_own_database_only(installation: Installation, name: str) -> None:
    others = [other for other in NAMES if other != name]
    assert installation.rows(f"yiwang_{name}", f"yiwang_{name}", "SELECT current_user") == [
        (f"yiwang_{name}",)
    ]
    for database in [*(f"yiwang_{other}" for other in others), "postgres", "template1"]:
        with pytest.raises(sa.exc.OperationalError, match="permission denied for database"):
            installation.rows(f"yiwang_{name}", database, "SELECT 1")


def test_no_role_is_more_than_it_has_to_be(installation: Installation) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'yiwang%' AND (rolsuper OR rolcreatedb OR rolcreaterole)"
    assert installation.rows("postgres", "postgres", query) == []


def test_the_script_may_run_again_and_takes_a_new_password(installation: Installation) -> None:
    query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'yiwang_identity'"
    [before] = installation.rows("postgres", "postgres", query)
    again = Installation(url=installation.url, secrets=dict(fresh_secrets()))
    run_init_script(again)
    [after] = installation.rows("postgres", "postgres", query)
    assert before != after
    assert str(after[0]).startswith("SCRAM-SHA-256$")


def test_the_brokers_definitions_make_the_one_account_and_its_host(session_dir: Path) -> None:
    secrets = dict(fresh_secrets())
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    placeholder = "${YIWANG_RABBITMQ_PASSWORD_HASH:?run yiwang env}"
    written = compose["configs"]["rabbitmq-definitions"]["content"]
    assert placeholder in written
    definitions = written.replace(placeholder, secrets["YIWANG_RABBITMQ_PASSWORD_HASH"])
    json.loads(definitions)
    with LocalRabbit(session_dir / "rabbitmq-of-containers") as node:
        node._control().call("rabbit_definitions", "import_raw", erlang_binary(definitions))
        host = make_url(node.url)
        address = f"amqp://yiwang:{secrets['YIWANG_RABBITMQ_PASSWORD']}@127.0.0.1:{host.port}/yiwang"
        connection = eventually(lambda: connect(address, name="test"))
        topology = topology_of(all_services(), ladder=Ladder.of((1.0, 5.0)))
        declare(connection.channel(), topology)
        close(connection)
        with pytest.raises(amqp.exceptions.AMQPError):
            connect(address.replace(secrets["YIWANG_RABBITMQ_PASSWORD"], "guess"), name="test")
