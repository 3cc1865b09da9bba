"""`yiwang events`: the event logs and contracts."""

from datetime import timedelta
from pathlib import Path

import click

from shared.cli.operating import operated_suite
from shared.events.catalogue import catalogue
from shared.events.locking import lock_new
from shared.messaging.connections import AWAY
from shared.messaging.operating import is_in_memory, reconcile
from shared.messaging.publishing import BrokerAway
from shared.messaging.reconcile import Reconciled
from shared.messaging.replay import Replay, ReplayRefused, reset_of
from shared.messaging.subscriptions import listeners_by_key, subscriptions_of_all
from shared.service import all_services, get_service

UNREACHABLE: tuple[type[Exception], ...] = (BrokerAway, *AWAY)


@click.group()
def events() -> None:
    """Send events again, build read models anew, keep the contracts."""


@events.command("reconcile")
@click.option(
    "--grace-seconds",
    type=float,
    help="Leave alone what was published so recently; the whole retry ladder otherwise.",
)
def reconcile_events(grace_seconds: float | None) -> None:
    """Send to each handler what was published and is not in its inbox; safe at any time."""
    grace = None if grace_seconds is None else timedelta(seconds=grace_seconds)
    with operated_suite() as runtime:
        if is_in_memory(runtime):
            raise click.ClickException("嵌入模式每次启动时自动补投, 无需此命令")
        try:
            done = reconcile(runtime, all_services(), grace=grace, progress=_say_progress)
        except UNREACHABLE as error:
            raise click.ClickException(f"无法访问 RabbitMQ: {error}") from error
    for pair in done:
        if pair.sent_again or pair.dead or pair.unroutable:
            click.echo(
                f"{pair.handler} <- {pair.producer}: 核对 {pair.checked}, 补投 {pair.sent_again}, "
                f"在死信中 {pair.dead}, 无队列 {pair.unroutable}"
            )
    click.echo(
        f"核对 {sum(pair.checked for pair in done)} 条, 补投 {sum(pair.sent_again for pair in done)} 条"
    )


@events.command()
@click.argument("service")
def replay(service: str) -> None:
    """Drop the read model of SERVICE and build it anew from the event logs of all services."""
    try:
        found = get_service(service)
        with operated_suite() as runtime:
            replayed = Replay(
                runtime,
                found.load_worker(),
                reset=reset_of(found),
                producers=[known.name for known in all_services()],
                progress=lambda count: click.echo(f"… {count}", err=True),
            ).run()
    except KeyError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="SERVICE") from error
    except ReplayRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已用 {replayed} 条事件重建 {service} 的读模型")


@events.command()
def lock() -> None:
    """Lock the schemas of new events; for developers, before the first release that sends them."""
    for key in lock_new():
        click.echo(f"locked {key}")


@events.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), default="docs/events.md")
def docs(target: Path) -> None:
    """Write the catalogue of events to TARGET."""
    target.write_text(catalogue(listeners_by_key(subscriptions_of_all(all_services()))), encoding="utf-8")
    click.echo(f"written: {target}")


def _say_progress(pair: Reconciled) -> None:
    if pair.checked >= 10_000:
        click.echo(f"… {pair.handler} <- {pair.producer}: {pair.checked}", err=True)
