"""The private PostgreSQL: starts, is shared, stops, and survives the sudden death of its owner."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import sqlalchemy as sa

from shared.runtime import databases
from shared.runtime.postgres import FORGETFUL, ExistingPostgres, LocalPostgres, PostgresFailed
from tests.support.processes import RunningProgram
from tests.support.waiting import eventually

OWNER = """
import sys, time
from pathlib import Path
from shared.runtime.postgres import FORGETFUL, LocalPostgres
server = LocalPostgres(Path(sys.argv[1]), FORGETFUL)
server.start()
print("ready", server.create_database("kept"), flush=True)
time.sleep(600)
"""


@pytest.fixture
def data_dir(server_dir: Path) -> Path:
    return server_dir / "postgres"


@pytest.fixture
def owner(data_dir: Path, server_dir: Path) -> Iterator[RunningProgram]:
    with RunningProgram(["python", "-c", OWNER, str(data_dir)], server_dir / "owner.log") as program:
        program.wait_for_line("ready")
        yield program


def ask(url: str, statement: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text(statement))


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_database_keeps_its_rows_over_a_stop_and_a_start(data_dir: Path) -> None:
    with LocalPostgres(data_dir) as server:
        url = server.create_database("office")
        with sa.create_engine(url, poolclass=sa.pool.NullPool).begin() as connection:
            connection.execute(sa.text("CREATE TABLE papers AS SELECT '公文' AS title"))
    with LocalPostgres(data_dir) as server:
        assert ask(server.create_database("office"), "SELECT title FROM papers") == "公文"


def test_the_server_takes_as_many_connections_as_all_services_need(data_dir: Path) -> None:
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert int(str(ask(server.url, "SHOW max_connections"))) >= 300


def test_nothing_runs_after_the_stop(data_dir: Path) -> None:
    server = LocalPostgres(data_dir, FORGETFUL)
    server.start()
    pid = postmaster_pid(data_dir)
    server.stop()
    server.stop()
    assert not is_alive(pid)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(sa.make_url(server.url).render_as_string().replace("+psycopg2", ""))


def test_a_second_process_shares_the_server_and_leaves_it_running(
    data_dir: Path, owner: RunningProgram
) -> None:
    guest = LocalPostgres(data_dir)
    url = guest.start()
    assert ask(url, "SELECT 1") == 1
    guest.stop()
    assert ask(url, "SELECT 1") == 1


def test_a_killed_owner_takes_its_server_along(data_dir: Path, owner: RunningProgram) -> None:
    pid = postmaster_pid(data_dir)
    owner.signal(signal.SIGKILL)
    eventually(lambda: not is_alive(pid), within=15)


def test_after_a_killed_owner_the_next_start_works_and_finds_the_data(
    data_dir: Path, owner: RunningProgram
) -> None:
    owner.signal(signal.SIGKILL)
    owner.wait()
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert "kept" in databases.list_databases(server.url)


def test_after_a_killed_server_the_next_start_works_and_finds_the_data(
    data_dir: Path, owner: RunningProgram
) -> None:
    owner.signal(signal.SIGSTOP)
    os.kill(postmaster_pid(data_dir), signal.SIGKILL)
    owner.kill()
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert "kept" in databases.list_databases(server.url)


def test_a_pid_file_that_names_a_stranger_does_not_lock_the_folder(data_dir: Path) -> None:
    with LocalPostgres(data_dir, FORGETFUL):
        lines = (data_dir / "cluster" / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid())
    (data_dir / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_a_half_built_cluster_is_built_anew(data_dir: Path) -> None:
    (data_dir / "cluster.unfinished").mkdir(parents=True)
    (data_dir / "cluster.unfinished" / "PG_VERSION").write_text("18")
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert ask(server.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["d" * 100, "数据 folder's place"], ids=["long", "odd"])
def test_any_folder_name_will_do(server_dir: Path, name: str) -> None:
    with LocalPostgres(server_dir / name, FORGETFUL) as server:
        assert ask(server.create_database("office"), "SELECT current_database()") == "office"


def test_a_start_that_fails_says_why_and_frees_the_folder(data_dir: Path) -> None:
    with pytest.raises(PostgresFailed, match="no_such_setting"):
        LocalPostgres(data_dir, {"no_such_setting": "1"}).start()
    with LocalPostgres(data_dir, FORGETFUL) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_creating_a_database_twice_gives_the_same_one(postgres_url: str) -> None:
    server = ExistingPostgres(url=postgres_url)
    name = f"twice_{os.getpid()}"
    assert server.create_database(name) == server.create_database(name)
    databases.drop_database(postgres_url, name)
    databases.drop_database(postgres_url, name)


def test_a_copy_starts_with_what_its_template_holds(postgres_url: str) -> None:
    original, copy = f"original_{os.getpid()}", f'copy "{os.getpid()}" :x'
    url = databases.create_database(postgres_url, original)
    with sa.create_engine(url, poolclass=sa.pool.NullPool).begin() as connection:
        connection.execute(sa.text("CREATE TABLE papers AS SELECT '公文' AS title"))
    try:
        copied = databases.create_database(postgres_url, copy, template=original)
        assert ask(copied, "SELECT title FROM papers") == "公文"
    finally:
        databases.drop_database(postgres_url, copy)
        databases.drop_database(postgres_url, original)


def test_every_driver_prefix_leads_to_the_driver_that_yields() -> None:
    for prefix in ("postgresql", "postgresql+psycopg", "postgresql+psycopg2"):
        url = databases.database_url(f"{prefix}://someone:secret@db.example/postgres", "office")
        assert url == "postgresql+psycopg2://someone:secret@db.example/office"


UNPRIVILEGED = f"""
import os
import shared.runtime.postgres
import psycopg2, sqlalchemy.dialects.postgresql.psycopg2
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
assert os.geteuid() != 0
{OWNER.replace("time.sleep(600)", "server.stop()")}
"""


def test_who_is_not_root_can_run_it_too(server_dir: Path) -> None:
    # Root's own start makes the way to the programs passable, wherever the project lies.
    with LocalPostgres(server_dir / "ours", FORGETFUL):
        pass
    place = server_dir / "theirs"
    place.mkdir()
    # Root becomes somebody else, who has to own the folder; anybody else stays who they are.
    os.chown(place, *((65534, 65534) if os.geteuid() == 0 else (-1, -1)))
    with RunningProgram(["python", "-c", UNPRIVILEGED, str(place)], server_dir / "log") as program:
        assert program.wait() == 0, program.output
