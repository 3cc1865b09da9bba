"""`yiwang archives`: gaps, verify, rate and refile, as an operator runs them."""

import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from click.testing import CliRunner, Result

from services.archives.cli import cli
from shared.auth import Actor
from shared.db import Database
from shared.events.base import example_of
from shared.events.supervision import TaskConcluded
from shared.ids import new_id
from shared.messaging import outbox
from tests.service.archives.archive import Archive
from tests.unit.archives import samples

Run = Callable[..., Result]


@pytest.fixture
def documents(fresh_database: Callable[[str], str]) -> Iterator[Database]:
    made = Database("documents", fresh_database("documents"))
    yield made
    made.close()


@pytest.fixture
def supervision(fresh_database: Callable[[str], str]) -> Iterator[Database]:
    made = Database("supervision", fresh_database("supervision"))
    yield made
    made.close()


@pytest.fixture
def run(
    archive: Archive, documents: Database, supervision: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """The command on this installation; the databases have names of their own, which a service file tells."""
    names = {
        "archives": archive.runtime.database("archives"),
        "documents": documents,
        "supervision": supervision,
    }
    monkeypatch.setenv("YIWANG_HOME", str(archive.settings.home))
    monkeypatch.setenv("YIWANG_BLOB_URL", archive.settings.blob_url)
    monkeypatch.setenv("YIWANG_DATABASE_URL", "postgresql:///?service={service}")
    services = archive.settings.home / "pg_service.conf"
    services.write_text("".join(_section(name, database) for name, database in names.items()))
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    # The command sets up the logs of its process, which is ours; what it sets is given back.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    yield lambda *arguments: CliRunner().invoke(cli, arguments)
    structlog.reset_defaults()


def _section(name: str, database: Database) -> str:
    url = database.engine.url
    query = {key: value for key, value in url.query.items() if key in ("host", "port")}
    facts = {
        "dbname": url.database,
        "user": url.username,
        "password": url.password,
        "host": url.host or query.get("host"),
        "port": url.port or query.get("port"),
    }
    return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in facts.items() if value)


def test_gaps_are_listed_with_their_reasons(archive: Archive, run: Run) -> None:
    archive.close(samples.without(archive.dossier(), "signer"))
    archive.tick()
    result = run("gaps")
    assert result.exit_code == 1
    assert "缺少签发人" in result.output
    assert "已试 1 次" in result.output
    assert result.output.endswith("缺口 1 件\n")


def test_a_closing_that_never_arrived_is_a_gap(archive: Archive, documents: Database, run: Run) -> None:
    known, unknown = (archive.closed(archive.dossier()) for _ in range(2))
    with documents.transaction() as session:
        for event in (known, unknown):
            outbox.record(session, Actor.system(new_id()), event)
    archive.deliver(archive.envelope(known))
    archive.tick()
    result = run("gaps")
    assert result.exit_code == 1
    assert "公文办理 萍府办发〔2025〕12号" in result.output
    assert result.output.endswith("缺口 1 件\n")
    archive.deliver(archive.envelope(unknown))
    archive.tick()
    result = run("gaps")
    assert result.exit_code == 0
    # Two of the services have no database here; that nobody could ask them is said, and is no gap.
    assert result.output.count("无法访问") == 2
    assert result.output.endswith("缺口 0 件\n")


def test_the_tasks_and_the_documents_that_never_arrived_are_told_apart(
    archive: Archive, supervision: Database, run: Run
) -> None:
    task = example_of(TaskConcluded)
    with supervision.transaction() as session:
        outbox.record(session, Actor.system(new_id()), task)
    result = run("gaps")
    assert result.exit_code == 1
    assert f"督查督办 {task.number} 《{task.title}》：事件尚未送达\n" in result.output


def test_every_package_is_verified_and_a_flipped_byte_found(archive: Archive, run: Run) -> None:
    first, second = (archive.close(archive.dossier()) for _ in range(2))
    archive.tick()
    assert run("verify", "--all").output.endswith("核验 2 件, 不符 0 件\n")
    package = archive.blob_path(archive.filed(second).package["digest"])
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    package.chmod(0o644)
    package.write_bytes(content)
    result = run("verify", "--all")
    assert result.exit_code == 1
    assert "信息包整体与归档时登记的不符" in result.output
    assert result.output.endswith("核验 2 件, 不符 1 件\n")
    assert run("verify", archive.filed(first).number).exit_code == 0
    assert "档案不存在" in run("verify", "Z999-WS·2025-Y-BGS-0001").output


def test_the_rate_counts_gaps_and_leaves_out_what_is_not_filed(archive: Archive, run: Run) -> None:
    archive.close(archive.dossier())
    archive.close(archive.dossier())
    archive.close(samples.without(archive.dossier(), "signer"))
    archive.tick()
    lines = run("rate", "--by", "month").output.splitlines()
    assert lines[0].split() == ["66.66%", "2/3", "不归档", "0", "2025年3月"]
    assert lines[-1].split()[-1] == "合计"
    assert run("rate", "--from", "2026-01-01").output.split() == ["—", "0/0", "不归档", "0", "合计"]


def test_refile_does_not_wait(archive: Archive, run: Run) -> None:
    lost = archive.store.text("丢失.txt", "内容")
    archive.close(archive.dossier(final_text=lost))
    path = archive.blob_path(lost.digest)
    content = path.read_bytes()
    path.unlink()
    archive.tick()
    assert run("refile").output.endswith("重试 1 件, 仍未归档 1 件\n")
    path.write_bytes(content)
    result = run("refile")
    assert result.exit_code == 0
    assert result.output.endswith("重试 1 件, 仍未归档 0 件\n")
