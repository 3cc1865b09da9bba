"""What the operator does on the server: import, passwords, keys."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from services.identity.cli import cli, keys
from services.identity.hashing import PasswordKeeper
from services.identity.models import Person, RoleGrant
from shared.audit import AuditEntry
from shared.db import Database
from tests.service.identity.people import PERSONS, POSTS, SECRET, UNITS


@pytest.fixture
def run(empty_database: Database, tmp_path: Path) -> "Operator":
    for name, content in {"units": UNITS, "persons": PERSONS, "posts": POSTS}.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return Operator(empty_database, tmp_path)


class Operator:
    """Runs commands on the test's database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.files = [str(folder / f"{name}.csv") for name in ("units", "persons", "posts")]
        url = database.engine.url.render_as_string(hide_password=False)
        self._environment = {
            "YIWANG_DATABASE_URL": f"{url}{'&' if '?' in url else '?'}application_name={{service}}",
            "YIWANG_SECRET_KEY": SECRET,
            "YIWANG_HOME": str(folder),
        }

    def __call__(self, *arguments: str) -> Result:
        return CliRunner(env=self._environment).invoke(cli, arguments)

    def keys(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner(env=self._environment).invoke(keys, arguments, input=typed)


def test_an_import_says_what_it_did_and_the_second_time_that_it_did_nothing(run: Operator) -> None:
    first = run("import", *run.files)
    assert (first.exit_code, first.output.splitlines()[0]) == (0, "单位: 新增 5, 更改 0")
    assert run("import", *run.files).output.splitlines()[-1] == "任命 0, 免职 0, 未变 26"


def test_a_refused_import_lists_the_errors_and_writes_the_report(
    run: Operator, empty_database: Database
) -> None:
    (run.folder / "posts.csv").write_text(POSTS.replace("文书,文书", "文书,誊写员"), encoding="utf-8")
    report = run.folder / "report.xlsx"
    refused = run("import", *run.files, "--report", str(report))
    assert refused.exit_code == 1
    assert "posts.csv 第3行“角色”列" in refused.output
    assert report.stat().st_size > 1000
    with empty_database.session() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_first_passwords_go_to_a_private_new_file_once(run: Operator, empty_database: Database) -> None:
    run("import", *run.files)
    target = run.folder / "passwords.tsv"
    assert run("first-passwords", str(target)).exit_code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    login_name, password = target.read_text(encoding="utf-8").splitlines()[0].split("\t")
    with empty_database.session() as session:
        person = session.scalars(sa.select(Person).where(Person.login_name == login_name)).one()
        assert person.must_change
        assert PasswordKeeper().matches(person.password_digest, password)
    assert run("first-passwords", str(target)).exit_code != 0


def test_a_password_is_reset_and_the_operators_act_is_audited(
    run: Operator, empty_database: Database
) -> None:
    run("import", *run.files)
    password = run("reset-password", "审计管理员").output.strip()
    with empty_database.session() as session:
        person = session.scalars(sa.select(Person).where(Person.login_name == "审计管理员")).one()
        assert PasswordKeeper().matches(person.password_digest, password)
        entry = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "identity.reset_password")
        ).one()
    assert entry.details["login"] == "审计管理员"
    assert "没有登录名" in run("reset-password", "没有这个人").output


def test_keys_are_changed_only_after_they_were_announced_and_can_be_replaced(run: Operator) -> None:
    refused = run.keys("rotate")
    assert (refused.exit_code, "公布时间不足" in refused.output) == (1, True)
    assert run.keys("reset", typed="y\n").exit_code == 0
    states = [line.split()[1] for line in run.keys("list").output.splitlines()]
    assert sorted(states) == ["active", "next"]


def test_roles_are_checked_and_renewed_and_the_operators_act_is_audited(
    run: Operator, empty_database: Database
) -> None:
    run("import", *run.files)
    with empty_database.transaction() as session:
        session.add(
            RoleGrant(role="archivist", permissions=["archives.read"], offered=[], offers_recorded=False)
        )
    assert "档案员: 待定 affairs.apply" in run("roles", "check").output
    assert "0 个岗位" in run("roles", "renew").output
    renewed = run("roles", "renew", "--undecided", "give")
    assert "档案员: 已授予 affairs.apply" in renewed.output
    assert renewed.output.endswith("0 个岗位的权限需要重新通知其他服务\n")
    assert run("roles", "check").output == "0 个岗位的权限需要重新通知其他服务\n"
    with empty_database.session() as session:
        acts = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action == "identity.renew_roles")
        )
        assert len(acts.all()) == 2
