"""`yiwang env`: the secrets of an installation in containers, generated once."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import click

from shared.service import all_services

_HEAD = """\
# Secrets of this installation, made by `yiwang env`. Whoever reads this file can read everything: keep it private,
# keep a copy in a safe place, and never commit it. compose.yaml names the settings that have defaults.
"""


@click.command()
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    default=Path(".env"),
    show_default=True,
    help="Where to write.",
)
@click.option(
    "--add-missing", is_flag=True, help="Keep what is there and add only what it lacks (after an update)."
)
def env(path: Path, add_missing: bool) -> None:
    """Write .env with fresh secrets; an existing file is never overwritten."""
    if add_missing:
        lines = [f"{name}={value}" for name, value in fresh_secrets() if name not in names_in(path)]
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        click.echo(f"{path}: 补充了 {len(lines)} 项")
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(
            f"{path} 已存在, 不会覆盖: 其中的密钥一旦丢失, 已有数据将无法使用; 只补充缺项请加 --add-missing"
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_HEAD)
        file.writelines(f"{name}={value}\n" for name, value in fresh_secrets())
    click.echo(f"已写入 {path} (仅本人可读); 请妥善备份")


def fresh_secrets() -> Iterator[tuple[str, str]]:
    """Every variable that compose.yaml takes from the file, with a value of its own."""
    yield "YIWANG_SECRET_KEY", secrets.token_urlsafe(48)
    yield "YIWANG_POSTGRES_PASSWORD", secrets.token_urlsafe(24)
    yield "YIWANG_PREPARE_PASSWORD", secrets.token_urlsafe(24)
    for service in all_services():
        yield f"YIWANG_DB_PASSWORD_{service.name.upper()}", secrets.token_urlsafe(24)
    password = secrets.token_urlsafe(24)
    yield "YIWANG_RABBITMQ_PASSWORD", password
    yield "YIWANG_RABBITMQ_PASSWORD_HASH", rabbitmq_hash(password)


def names_in(path: Path) -> set[str]:
    """The variables that the file sets; none when there is no file."""
    if not path.exists():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.partition("=")[0].strip() for line in lines if "=" in line and not line.startswith("#")}


def rabbitmq_hash(password: str) -> str:
    """The password as RabbitMQ keeps it (rabbit_password_hashing_sha256): salt and digest of both, in base64."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
