"""`yiwang affairs`: what an operator does for affairs on the server itself."""

import os

import click

from services.affairs import SERVICE, sealing
from services.affairs.commands.seal import renew_seal_key
from services.affairs.queries.results import list_seal_keys
from shared import audit
from shared.auth import Actor
from shared.cli.operating import operated_suite
from shared.clock import LOCAL_ZONE
from shared.ids import new_id


@click.group()
def cli() -> None:
    """机关内部办事."""


@cli.group()
def keys() -> None:
    """为办理结果签章的密钥和证书."""


@keys.command("list")
def list_keys() -> None:
    """列出签章证书: 状态、有效期和 SHA-256 指纹; 停用的证书仍用于核对以前的结果."""
    with operated_suite() as runtime, runtime.database(SERVICE.name).transaction() as session:
        for key in list_seal_keys(session):
            state = "现用" if key.active else "停用"
            until = key.expires_at.astimezone(LOCAL_ZONE)
            click.echo(
                f"{key.id}  {state}  有效期至 {until:%Y-%m-%d}  {sealing.fingerprint(key.certificate)}"
            )


@keys.command()
def renew() -> None:
    """换用新的签章密钥和证书; 以前的结果继续有效, 仍可核验."""
    with operated_suite() as runtime, runtime.database(SERVICE.name).transaction() as session:
        actor = Actor.system(new_id())
        key = renew_seal_key(session, actor, runtime.clock, secret_key=runtime.settings.secret_key)
        audit.note(
            session,
            actor,
            at=runtime.clock.now(),
            action="affairs.renew_seal_key_by_operator",
            subject=str(key.id),
            details={"operator": os.environ.get("USER", "")},
        )
        until = key.expires_at.astimezone(LOCAL_ZONE)
        click.echo(f"现用证书: {sealing.fingerprint(key.certificate)}, 有效期至 {until:%Y-%m-%d}")
    click.echo("请将新证书 (GET /api/affairs/seal/certificate) 分发给信任旧证书的 PDF 阅读器")
