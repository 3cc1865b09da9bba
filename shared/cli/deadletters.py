"""`yiwang deadletters`: the events that no handler could deal with."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial

import click

from shared.config import read_settings
from shared.logs import configure_logs
from shared.messaging.connections import AWAY
from shared.messaging.dead_letters import Choice, DeadLetter, DeadLetters
from shared.messaging.operating import dead_letters_of, is_in_memory
from shared.runtime_context import Runtime
from shared.service import all_services


@click.group()
def deadletters() -> None:
    """Look at dead letters and try them again."""


@deadletters.command("list")
@click.option("--handler", help="Only those of this handler, such as archives.file_document.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_letters(handler: str | None, as_json: bool) -> None:
    """List the dead letters of every service."""
    count = 0
    for letter in _all_letters():
        if handler and letter.handler != handler:
            continue
        count += 1
        click.echo(json.dumps(asdict(letter), ensure_ascii=False) if as_json else _line(letter))
    if not as_json:
        click.echo(f"共 {count} 条死信")


@deadletters.command()
@click.argument("letter_id")
def show(letter_id: str) -> None:
    """Show one dead letter with its reason and content."""
    for letter in _all_letters():
        if letter.id == letter_id:
            click.echo(json.dumps(asdict(letter), ensure_ascii=False, indent=2))
            return
    raise click.ClickException(f"没有编号为 {letter_id} 的死信")


@deadletters.command()
@click.argument("letter_ids", nargs=-1)
@click.option("--handler", help="All those of this handler.")
@click.option("--all", "everything", is_flag=True, help="All there are.")
def replay(letter_ids: tuple[str, ...], handler: str | None, everything: bool) -> None:
    """Give dead letters to their handlers again."""
    if not (letter_ids or handler or everything):
        raise click.UsageError("请给出死信编号, 或 --handler, 或 --all")
    choose = _chosen(set(letter_ids), handler, everything)
    count = 0
    for letters in _boxes():
        for letter in _reached(partial(letters.replay, choose)):
            click.echo(_line(letter))
            count += 1
    click.echo(f"已重新投递 {count} 条")


def _chosen(ids: set[str], handler: str | None, everything: bool) -> Choice:
    def choose(letter: DeadLetter) -> bool:
        return everything or letter.id in ids or (handler is not None and letter.handler == handler)

    return choose


def _all_letters() -> Iterator[DeadLetter]:
    for letters in _boxes():
        yield from _reached(letters.letters)


def _reached(work: Callable[[], list[DeadLetter]]) -> list[DeadLetter]:
    try:
        return work()
    except AWAY as error:
        raise click.ClickException(f"无法访问 RabbitMQ 上的死信队列: {error}") from error


def _boxes() -> list[DeadLetters]:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    runtime = Runtime(settings=settings)
    if is_in_memory(runtime):
        raise click.ClickException(
            "嵌入模式的死信在服务进程内 (见其日志); 重新启动服务时会再次处理, 无需此命令"
        )
    return [dead_letters_of(runtime, service.name) for service in all_services()]


def _line(letter: DeadLetter) -> str:
    return (
        f"{letter.id}  {letter.handler or '?'}  {letter.event_type or '?'}  {letter.reason}"
        f"  {letter.attempts} 次  {letter.first_failed_at[:19]}  {letter.error.partition(chr(10))[0][:120]}"
    )
