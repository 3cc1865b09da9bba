"""Everything that a suite on one machine keeps in its home folder: secrets, the private database and broker."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from shared import migrations
from shared.config import Settings
from shared.db import psycopg2_url
from shared.runtime.postgres import LocalPostgres
from shared.service import all_services

# Held by the one suite that runs in a home folder, embedded or as processes.
SUITE_LOCK = "up.lock"
SECRET_FILE = "secret.key"  # noqa: S105 (the name of a file, not a secret)


def make_home(settings: Settings) -> None:
    """Make the home folder of a suite that serves, for its own account alone: its blobs are everybody's documents.

    Under root it may be passed through, not looked into, because the private database runs under another account
    (`ServerAccount.open_way_to`); what lies in it is closed by itself. What belongs to another account stays as open as
    that has it. ClickException when it cannot be written to.
    """
    home, blobs = settings.home, settings.home / "blobs"
    with _told_when_denied(home):
        home.mkdir(parents=True, exist_ok=True)
        _close(home, 0o711 if os.geteuid() == 0 else 0o700)
        if settings.blob_url == blobs.as_uri():
            blobs.mkdir(exist_ok=True)
            _close(blobs, 0o700)
        if not os.access(home, os.W_OK | os.X_OK, effective_ids=True):
            raise PermissionError(f"cannot write to {home}")


def with_secret(settings: Settings) -> Settings:
    """The settings with the suite's secret key: the configured one, or one made at first start and kept privately."""
    if settings.secret_key:
        return settings
    return replace(settings, secret_key=_kept_secret(settings.home))


def with_database(settings: Settings) -> tuple[Settings, LocalPostgres | None]:
    """The settings with a database: the configured server, or a private one in the home folder, now running."""
    if settings.database_url:
        return settings, None
    server = LocalPostgres(settings.home / "postgres")
    url = make_url(server.start()).set(database="yiwang_{service}")
    shown = psycopg2_url(url).render_as_string(hide_password=False).replace("%7Bservice%7D", "{service}")
    return replace(settings, database_url=shown), server


def bring_up_to_date(settings: Settings) -> None:
    """Create and migrate the database of every service; repeatable."""
    for service in all_services():
        url = settings.database_url_of(service.name)
        migrations.create_database(url)
        migrations.upgrade(service, url)


def _kept_secret(home: Path) -> str:
    path = home / SECRET_FILE
    with _told_when_denied(home):
        # An operator's command leaves a home that is there as it is.
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def _close(folder: Path, mode: int) -> None:
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(mode)


@contextmanager
def _told_when_denied(home: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise click.ClickException(
            f"当前账户不能使用主目录 {home} ({error}); 请用建立该目录的账户运行, 或用 YIWANG_HOME 指定另一目录"
        ) from error
