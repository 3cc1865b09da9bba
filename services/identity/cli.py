"""`yiwang identity …` and `yiwang keys …`: what the operator does on the server itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from services.identity.commands import accounts
from services.identity.commands import keys as signing_keys
from services.identity.commands.directory import import_directory
from services.identity.commands.roles import renew_roles
from services.identity.domain.passwords import normalised_login
from services.identity.domain.role_renewal import Undecided
from services.identity.hashing import PasswordKeeper
from services.identity.importing import Finding, Reading, error_report, read_rows
from services.identity.issuing import TokenIssuer
from services.identity.queries.people import find_person_by_login
from services.identity.queries.roles import view_of_renewal
from services.identity.queries.sign_ins import list_keys
from shared import audit
from shared.auth import Actor
from shared.config import read_settings
from shared.errors import Problem
from shared.ids import new_id
from shared.runtime.local import with_database, with_secret
from shared.runtime_context import Runtime

_DIFFERENCES = {"新增未授予": "new", "待定": "undecided", "已收回": "withheld", "另行授予": "added"}


@click.group()
def cli() -> None:
    """机构、人员、岗位和口令."""


@click.group()
def keys() -> None:
    """签名密钥."""


@cli.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="只检查, 不写入.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="把全部问题写入这个 .xlsx 文件."
)
def import_files(files: tuple[Path, ...], dry_run: bool, report: Path | None) -> None:
    """导入单位、人员、岗位 (CSV 或 XLSX); 有一处问题就什么都不写入."""
    reading = Reading()
    for file in files:
        reading += read_rows(file.name, file.read_bytes())
    with _operating("identity.import_directory", dry_run=dry_run) as (session, actor, runtime):
        try:
            done = import_directory(session, actor, runtime.clock, reading=reading, dry_run=dry_run)
        except Problem as problem:
            _show_findings(problem, report)
            raise
    for title, table in (("单位", "units"), ("人员", "persons"), ("岗位", "posts")):
        created, changed = getattr(done, f"{table}_created"), getattr(done, f"{table}_changed")
        click.echo(f"{title}: 新增 {created}, 更改 {changed}")
    click.echo(f"任命 {done.appointments}, 免职 {done.dismissals}, 未变 {done.unchanged}")


@cli.command("first-passwords")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--final", is_flag=True, help="首次登录不要求修改 (演示用).")
def first_passwords(file: Path, final: bool) -> None:
    """给还没有口令的人员生成初始口令, 写入只有本人可读的新文件 FILE (登录名、口令各一列)."""
    with _operating("identity.first_passwords") as (session, _, runtime):
        given = accounts.give_first_passwords(
            session, runtime.clock, keeper=PasswordKeeper(), must_change=not final
        )
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.writelines(f"{person.login_name}\t{password}\n" for person, password in given)
    click.echo(f"{len(given)} 个口令已写入 {file}; 请妥善保管, 分发后删除该文件.")


@cli.command("reset-password")
@click.argument("login_name")
def reset_password(login_name: str) -> None:
    """重置一个账号的口令 (管理员账号只能这样重置); 新口令只显示这一次."""
    with _operating("identity.reset_password", login=login_name) as (session, actor, runtime):
        person = find_person_by_login(session, normalised_login(login_name))
        if person is None:
            raise click.ClickException(f"没有登录名为“{login_name}”的账号")
        _, password = accounts.reset_password(
            session, actor, runtime.clock, person_id=person.id, keeper=PasswordKeeper()
        )
    click.echo(password)


@cli.group()
def roles() -> None:
    """角色权限与本版本出厂设置的核对."""


@roles.command()
def check() -> None:
    """列出改动过的角色与出厂设置的差别, 不作更改."""
    with _operating("") as (session, _, _runtime):
        _show_roles(view_of_renewal(session))


@roles.command()
@click.option(
    "--undecided",
    type=click.Choice([choice.value for choice in Undecided]),
    default=Undecided.LEAVE.value,
    show_default=True,
    help="无从得知是新增还是曾被收回的权限: 授予、不授予 (以后不再提示) 或暂不处理.",
)
def renew(undecided: str) -> None:
    """给改动过的角色补上升级新增的权限; 不收回任何权限, 也不恢复已被收回的权限."""
    with _operating("identity.renew_roles", undecided=undecided) as (session, actor, runtime):
        given = renew_roles(session, actor, runtime.clock, undecided=Undecided(undecided))
        left = view_of_renewal(session)
    for role, names in given.items():
        click.echo(f"{role.label}: 已授予 {'、'.join(names)}")
    _show_roles(left)


@keys.command("list")
def list_signing_keys() -> None:
    """列出签名密钥及其状态."""
    with _operating("") as (session, _, _runtime):
        for key in list_keys(session):
            click.echo(f"{key.id}  {key.state:8}  公布于 {key.announced_at:%Y-%m-%d %H:%M:%S} UTC")


@keys.command()
def rotate() -> None:
    """启用下一把签名密钥, 并公布再下一把; 已发出的登录凭证继续有效."""
    with _operating("identity.rotate_keys") as (session, actor, runtime):
        keyring = TokenIssuer.from_settings(runtime.settings).keyring
        key = signing_keys.rotate_keys(session, actor, runtime.clock, keyring=keyring)
    click.echo(f"现用密钥: {key.id}")


@keys.command()
@click.confirmation_option(prompt="所有已发出的登录凭证将立即失效, 确定吗?")
def reset() -> None:
    """作废全部签名密钥并重新生成 (私钥丢失或泄露时用)."""
    with _operating("identity.replace_all_keys") as (session, actor, runtime):
        keyring = TokenIssuer.from_settings(runtime.settings).keyring
        key = signing_keys.replace_all_keys(session, actor, runtime.clock, keyring=keyring)
    click.echo(f"现用密钥: {key.id}")


@contextmanager
def _operating(action: str, **details: object) -> Iterator[tuple[Session, Actor, Runtime]]:
    """One audited transaction of the operator on the installation that the environment names."""
    settings, server = with_database(with_secret(read_settings()))
    runtime = Runtime(settings=settings)
    actor = Actor.system(new_id())
    try:
        with runtime.database("identity").transaction() as session:
            yield session, actor, runtime
            if action:
                account = os.environ.get("USER", "")
                audit.note(
                    session,
                    actor,
                    at=runtime.clock.now(),
                    action=action,
                    details={"operator": account, **details},
                )
    except Problem as problem:
        raise click.ClickException(f"{problem.title}: {problem.detail}") from problem
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"数据库无法访问或尚未建立, 请先运行 yiwang migrate ({error.orig})"
        ) from error
    finally:
        runtime.close()
        if server:
            server.stop()


def _show_findings(problem: Problem, report: Path | None) -> None:
    findings = [Finding(**found) for found in problem.extra.get("findings", [])]
    for finding in findings:
        click.echo(str(finding), err=True)
    if report:
        report.write_bytes(error_report(findings))


def _show_roles(renewal: dict[str, Any]) -> None:
    for item in renewal["items"]:
        for title, kind in _DIFFERENCES.items():
            if item[kind]:
                click.echo(f"{item['label']}: {title} {'、'.join(item[kind])}")
    click.echo(f"{renewal['untold_posts']} 个岗位的权限需要重新通知其他服务")
