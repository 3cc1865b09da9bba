"""The key that signs results: renewed by the operator, warned of in time, and by itself when it is over."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from services.affairs.cli import cli
from services.affairs.commands.seal import WARNED_BEFORE, ensure_seal_key, warn_of_end
from services.affairs.models import SealKey
from services.affairs.queries.results import list_seal_keys
from services.affairs.sealing import GOOD_FOR, fingerprint
from shared.audit import AuditEntry
from shared.auth import Actor
from shared.clock import FixedClock
from shared.db import Database
from shared.ids import new_id
from shared.service import Service
from tests.service.affairs.offices import SECRET
from tests.support.organs import MONDAY


@pytest.fixture
def database(fresh_database: Callable[[Service | str], str]) -> Iterator[Database]:
    made = Database("affairs", fresh_database("affairs"))
    with made.transaction() as session:
        ensure_seal_key(session, Actor.system(new_id()), FixedClock(MONDAY), secret_key=SECRET)
    yield made
    made.close()


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """An operator's command sets up logging for its process, which here is that of all tests."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def _keys(database: Database) -> list[SealKey]:
    with database.session() as session:
        return list(list_seal_keys(session))


def test_the_operator_renews_the_key_and_sees_the_former_one(
    database: Database, tmp_path: Path, logging_restored: None
) -> None:
    def run(*arguments: str) -> Result:
        url = database.engine.url.render_as_string(hide_password=False)
        environment = {
            "YIWANG_DATABASE_URL": f"{url}{'&' if '?' in url else '?'}application_name={{service}}",
            "YIWANG_SECRET_KEY": SECRET,
            "YIWANG_HOME": str(tmp_path),
        }
        return CliRunner(env=environment).invoke(cli, arguments)

    (former,) = _keys(database)
    renewed = run("keys", "renew")
    assert renewed.exit_code == 0, renewed.output
    key = next(key for key in _keys(database) if key.active)
    assert key.id != former.id
    assert fingerprint(key.certificate) in renewed.output
    lines = {line.split()[0]: line.split()[1] for line in run("keys", "list").output.splitlines()}
    assert lines == {str(key.id): "现用", str(former.id): "停用"}
    with database.session() as session:
        noted = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == str(key.id)))
        assert set(noted) == {"affairs.renew_seal_key", "affairs.renew_seal_key_by_operator"}


def test_it_is_warned_of_in_time_and_only_then(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    for before, warned in ((WARNED_BEFORE, False), (WARNED_BEFORE - timedelta(days=1), True)):
        # Whoever ran a command in this process before has set what is logged at all.
        with database.session() as session, caplog.at_level(logging.WARNING):
            warn_of_end(session, FixedClock(MONDAY + GOOD_FOR - before))
        assert ("yiwang affairs keys renew" in caplog.text) is warned


def test_nothing_is_signed_with_a_certificate_that_is_over(database: Database) -> None:
    (former,) = _keys(database)
    for moment, same in ((MONDAY + GOOD_FOR - timedelta(seconds=1), True), (MONDAY + GOOD_FOR, False)):
        with database.transaction() as session:
            actor = Actor.system(new_id())
            key = ensure_seal_key(session, actor, FixedClock(moment), secret_key=SECRET)
            assert (key.id == former.id) is same
    assert [key.active for key in _keys(database)] == [True, False]
