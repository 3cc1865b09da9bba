"""Everything that a suite on one machine keeps in its home folder: secrets, the private database and broker."""

import os
import secrets
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from shared import migrations
from shared.config import Settings
from shared.db import psycopg2_url
from shared.runtime.postgres import LocalPostgres
from shared.service import all_services

# Held by the one suite that runs in a home folder, embedded or as processes.
SUITE_LOCK = "up.lock"
SECRET_FILE = "secret.key"  # noqa: S105 (the name of a file, not a secret)


def make_home(home: Path) -> None:
    """Make the home folder, for its own account alone: the blobs in it are everybody's documents.

    Under root it may be passed through, not looked into, because the private database runs under another account
    (`ServerAccount.open_way_to`); what lies in it is closed by itself.
    """
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    blobs = home / "blobs"
    blobs.mkdir(exist_ok=True)
    blobs.chmod(0o700)


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
    make_home(home)
    path = home / SECRET_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
