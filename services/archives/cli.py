"""`yiwang archives`: what an operator asks of the archives on the server itself."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from services.archives import SERVICE
from services.archives.commands.note_failure import retry_now
from services.archives.commands.verify import verify_record
from services.archives.domain.closing import CLOSINGS, SYSTEM_LABELS
from services.archives.domain.gaps import NOT_ARRIVED
from services.archives.filer import file_due
from services.archives.models import ArchiveRecord
from services.archives.queries.closings import list_gaps
from services.archives.queries.rates import show_rate
from services.archives.queries.records import list_ids_of_number, list_record_ids
from services.archives.queries.undelivered import list_undelivered
from shared.auth import Actor
from shared.cli.operating import operated_suite
from shared.clock import LOCAL_ZONE
from shared.ids import new_id
from shared.runtime_context import Runtime

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_UNREACHABLE = (OperationalError, ProgrammingError)


@click.group()
def cli() -> None:
    """归档、核验与归档率."""


@cli.command()
def gaps() -> None:
    """列出已办结而没有归档的公文、会议、督查事项和办件及原因; 有缺口时退出码为 1."""
    with operated_suite() as runtime, _transaction(runtime) as session:
        found = 0
        for gap in _gaps(session):
            found += 1
            since = gap["closed_at"].astimezone(LOCAL_ZONE)
            named = f"{gap['number'] or '无文号'} 《{gap['title']}》"
            click.echo(f"{gap['system_label']} {named} {since:%Y-%m-%d %H:%M} 办结")
            click.echo(f"    {gap['owner_unit_name']} 已试 {gap['attempts']} 次：{'；'.join(gap['reasons'])}")
        found += sum(_show_undelivered(runtime, session, system=system) for system in CLOSINGS)
    click.echo(f"缺口 {found} 件")
    raise SystemExit(1 if found else 0)


@cli.command()
@click.argument("number", required=False)
@click.option("--all", "every", is_flag=True, help="核验全部档案.")
def verify(number: str | None, every: bool) -> None:
    """核验一件 (档号 NUMBER) 或全部 (--all) 档案的信息包; 有不符时退出码为 1."""
    if every == bool(number):
        raise click.UsageError("请给出一个档号, 或用 --all 核验全部")
    unsound = 0
    with operated_suite() as runtime:
        with _transaction(runtime) as session:
            wanted = list_record_ids(session) if every else list_ids_of_number(session, number or "")
        for record_id in wanted:
            unsound += not _verify_one(runtime, record_id)
    click.echo(f"核验 {len(wanted)} 件, 不符 {unsound} 件")
    raise SystemExit(1 if unsound else 0)


@cli.command()
@click.option("--from", "closed_from", type=_DAY, help="办结日期自 (含).")
@click.option("--to", "closed_to", type=_DAY, help="办结日期至 (含).")
@click.option(
    "--by", type=click.Choice(["unit", "month", "year", "system"]), default="unit", show_default=True
)
def rate(closed_from: Any, closed_to: Any, by: str) -> None:
    """归档率: 已归档 / 应归档."""
    query = {
        "by": by,
        "closed_from": closed_from.date() if closed_from else None,
        "closed_to": closed_to.date() if closed_to else None,
    }
    with operated_suite() as runtime, _transaction(runtime) as session:
        shown = show_rate(session, Actor.system(new_id()), query=query)
    for part in [*shown["parts"], {**shown, "label": "合计"}]:
        percent = f"{part['rate']}%" if part["rate"] else "—"
        click.echo(
            f"{percent:>8}  {part['filed']}/{part['due']}  不归档 {part['not_filed']}  {part['label']}"
        )


@cli.command()
def refile() -> None:
    """立即重试全部未归档的事项, 不等下一次自动重试."""
    with operated_suite() as runtime:
        with _transaction(runtime) as session:
            waiting = retry_now(session, Actor.system(new_id()), runtime.clock)
        # A failure puts its document off, so each of them is taken on once.
        file_due(runtime, most=waiting, within=math.inf)
        with _transaction(runtime) as session:
            left = sum(1 for _ in _gaps(session))
    click.echo(f"重试 {waiting} 件, 仍未归档 {left} 件")
    raise SystemExit(1 if left else 0)


def _gaps(session: Session) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = list_gaps(session, Actor.system(new_id()), query={"after": after, "limit": 200})
        yield from page.items
        if page.next is None:
            return
        after = page.next


def _show_undelivered(runtime: Runtime, session: Session, *, system: str) -> int:
    """Show what a service has closed and archives never heard of; returns how many."""
    found = 0
    try:
        with runtime.database(system).transaction() as producer:
            for closing in list_undelivered(session, system=system, producer=producer):
                found += 1
                named = f"{closing.number or '无文号'} 《{closing.title}》"
                click.echo(f"{SYSTEM_LABELS[system]} {named}：{NOT_ARRIVED}")
    except _UNREACHABLE:
        click.echo(f"{SYSTEM_LABELS[system]}的数据库无法访问, 未核对尚未送达的办结事件", err=True)
    return found


def _verify_one(runtime: Runtime, record_id: Any) -> bool:
    with _transaction(runtime) as session:
        record = session.get_one(ArchiveRecord, record_id)
        actor = Actor.system(new_id())
        done = verify_record(session, actor, runtime.clock, record=record, blobs=runtime.blobs)
    click.echo(f"{'相符' if done.sound else '不符'}  {record.number}  {done.files_checked} 个文件")
    for finding in done.findings:
        click.echo(f"    {finding['message']}")
    return done.sound


@contextmanager
def _transaction(runtime: Runtime) -> Iterator[Session]:
    with runtime.database(SERVICE.name).transaction() as session:
        yield session
