"""`yiwang demo`: the demo's municipality, and what its offices do, told step by step."""

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from deploy.demo.affairs_story import AffairsStory
from deploy.demo.client import People, Refused, read_passwords
from deploy.demo.inbox_story import InboxStory
from deploy.demo.meeting_story import MeetingStory
from deploy.demo.municipality import PASSWORD_FILE, settle
from deploy.demo.reply_story import ReplyStory
from deploy.demo.steps import CheckFailed
from deploy.demo.story import PEOPLE, SAMPLE, Story
from shared.clock import LOCAL_ZONE
from shared.config import Settings, read_settings
from shared.logs import configure_logs
from shared.runtime.local import make_home

console = Console(highlight=False, soft_wrap=True)


@click.command()
@click.option("--once", is_flag=True, help="End after the story; exit code 0 only if every check held.")
@click.option(
    "--file",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A .txt, .docx or text PDF of your own; tells the story of that document alone.",
)
@click.option("--no-story", is_flag=True, help="Only set up the demo municipality and serve.")
@click.option("--url", default="", help="Run the story against a suite that is already running there.")
@click.option("--passwords", type=click.Path(exists=True, path_type=Path), help="Its file of demo passwords.")
def demo(once: bool, source: Path | None, no_story: bool, url: str, passwords: Path | None) -> None:
    """Set up the demo municipality, tell its stories, and keep serving until Ctrl-C."""
    settings = read_settings()
    if url:
        sys.exit(_tell_story(url.rstrip("/"), passwords or settings.home / PASSWORD_FILE, source, settings))
    make_home(settings)
    # The story is what a person reads here; what the services log goes to a file beside the data.
    with _logged_to(settings.home / "demo.log"), _running(settings) as base:
        failed = 0 if no_story else _tell_story(base, settings.home / PASSWORD_FILE, source, settings)
        if once:
            sys.exit(failed)
        _keep_serving(base)


@contextlib.contextmanager
def _running(settings: Settings) -> Iterator[str]:
    """The embedded suite with the demo's municipality in it."""
    from shared.cli.serve import running_suite

    with console.status("正在启动：数据库、各服务……"):
        suite = running_suite(settings)
        runtime = suite.__enter__()
    try:
        base = f"http://{settings.http_host}:{settings.http_port}"
        with console.status("正在建立演示机构、人员和岗位（首次启动约需十几秒）……"):
            new = settle(runtime.settings)
        if new:
            _show_passwords(settings.home / PASSWORD_FILE)
        yield base
    finally:
        suite.__exit__(None, None, None)


def _show_passwords(file: Path) -> None:
    """The passwords of the story's people, shown this once; those of everybody are in the file."""
    passwords = read_passwords(file)
    table = Table(title="演示账号（口令只生成并显示这一次）", title_justify="left")
    table.add_column("登录名")
    table.add_column("口令", no_wrap=True)
    for login_name in PEOPLE:
        table.add_row(login_name, passwords[login_name])
    console.print(table)
    console.print(f"全部 {len(passwords)} 个账号的口令在 {os.path.relpath(file)}（仅本人可读）")


@contextlib.contextmanager
def _logged_to(path: Path) -> Iterator[None]:
    path.touch(mode=0o600)
    path.chmod(0o600)
    with path.open("a", encoding="utf-8") as log:
        settings = read_settings()
        configure_logs(level=settings.log_level, as_json=True, stream=log)
        yield


def _tell_story(base: str, passwords: Path, source: Path | None, settings: Settings) -> int:
    people = People(base, read_passwords(passwords))
    try:
        console.rule("一份公文的全过程：起草 → 归档")
        facts = Story(people=people, tell=_tell, source=source or SAMPLE).run()
        _show_timeline(facts["trace"])
        if source is None:
            _tell_chains(people, number=facts["number"])
    except (CheckFailed, Refused, TimeoutError) as failure:
        console.print(f"[bold red]✗ {failure}[/]")
        return 1
    _show_results(base, facts, passwords, settings.home)
    return 0


def _tell_chains(people: People, *, number: str) -> None:
    """What goes through several services; `number` is that of the document that was issued before.

    The affairs begin first, because one of them has to be late before they end.
    """
    console.rule("一件事一次办：一次申请、三个部门、一家超期")
    affairs = AffairsStory(people=people, tell=_tell)
    affairs.begin()
    console.rule("一次会议的议定事项：议题 → 纪要 → 督办 → 归档")
    MeetingStory(people=people, tell=_tell).run()
    console.rule("一份限期答复的来文：督办 → 复文 → 关联归档")
    ReplyStory(people=people, tell=_tell, number=number).run()
    console.rule("一件事一次办：超期督办、办结、评价、归档")
    affairs.finish()
    console.rule("一个人一个收件箱")
    InboxStory(people=people, tell=_tell).run()


def _tell(step: str, who: str, what: str) -> None:
    mark = "[yellow]·[/]" if step.startswith("　") else "[green]✓[/]"
    console.print(f"{mark} {step}　[cyan]{who}[/]　{what}")


def _show_timeline(entries: list[dict[str, Any]]) -> None:
    table = Table(title="办理全程（按关联号追踪，跨服务）", title_justify="left")
    for name in ("时间", "服务", "事项", "办理人"):
        table.add_column(name)
    for entry in entries:
        at = datetime.fromisoformat(entry["at"]).astimezone(LOCAL_ZONE)
        table.add_row(f"{at:%H:%M:%S}", entry["service"], entry["sentence"], _who(entry))
    console.print(table)


def _who(entry: dict[str, Any]) -> str:
    post = entry["post"]
    held = f"（{post['unit_name']}{post['title']}）" if post and entry["person_name"] else ""
    return f"{entry['person_name']}{held}" if entry["person_name"] else "系统"


def _show_results(base: str, facts: dict[str, Any], passwords: Path, home: Path) -> None:
    folder = home / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pdf = folder / f"{facts['number']}.pdf"
    pdf.write_bytes(facts["pdf"])
    console.rule("结果")
    console.print(f"发文字号　{facts['number']}　《{facts['title']}》")
    console.print(f"档号　　　{'、'.join(facts['archival_numbers'])}")
    console.print(f"正本　　　{os.path.relpath(pdf)}")
    console.print(f"手机页面　{base}/api/mobile/app　接口说明　{base}/api/documents/docs")
    console.print(f"口令文件　{os.path.relpath(passwords)}（登录名即“单位.岗位”）")
    console.print("[bold green]全部检查通过[/]")


def _keep_serving(base: str) -> None:
    from shared.cli.serve import wait_for_signal

    console.print(f"继续提供服务：{base}（Ctrl-C 停止）")
    wait_for_signal()
