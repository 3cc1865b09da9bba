"""`yiwang topology`: what the services need at RabbitMQ."""

import sys

import click
from amqp.exceptions import PreconditionFailed

from shared.config import read_settings
from shared.logs import configure_logs
from shared.messaging.connections import AWAY
from shared.messaging.operating import is_in_memory, topology_care
from shared.messaging.topology_care import Finding, TopologyCare, Trouble
from shared.runtime_context import Runtime
from shared.service import all_services

_WORDS = {
    Trouble.MISSING: "缺少",
    Trouble.OTHER_ARGUMENTS: "参数不一致",
    Trouble.UNDECLARED_QUEUE: "已不再声明的队列",
    Trouble.UNDECLARED_BINDING: "已不再需要的绑定",
}


@click.group()
def topology() -> None:
    """Create and check the exchanges, queues and bindings at RabbitMQ."""


@topology.command()
@click.option("--prune", is_flag=True, help="Remove queues that nobody declares any more, if they are empty.")
def apply(prune: bool) -> None:
    """Create what is missing; run it before the services start. Repeating it changes nothing."""
    care = _care()
    try:
        care.apply()
        kept = care.prune() if prune else []
    except PreconditionFailed as error:
        raise click.ClickException(f"已存在但参数不同, 请运行 yiwang topology check 查看: {error}") from error
    except AWAY as error:
        raise click.ClickException(f"无法连接 RabbitMQ (YIWANG_AMQP_URL): {error}") from error
    click.echo("消息拓扑已就绪")
    _show(kept)


@topology.command()
def check() -> None:
    """Report what is missing, different or no longer declared; exit code 1 when there is anything."""
    try:
        found = _care().check()
    except AWAY as error:
        raise click.ClickException(f"无法连接 RabbitMQ (YIWANG_AMQP_URL): {error}") from error
    _show(found)
    if found:
        sys.exit(1)
    click.echo("消息拓扑与声明一致")


def _care() -> TopologyCare:
    settings = read_settings()
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    runtime = Runtime(settings=settings)
    if is_in_memory(runtime):
        raise click.ClickException("嵌入模式的消息代理在服务进程内, 启动时自动建立拓扑, 无需此命令")
    return topology_care(runtime, all_services())


def _show(findings: list[Finding]) -> None:
    for finding in findings:
        waiting = f" (内有 {finding.messages} 条消息)" if finding.messages else ""
        click.echo(f"{_WORDS[finding.trouble]}: {finding.name}{waiting} {finding.detail}".rstrip())
