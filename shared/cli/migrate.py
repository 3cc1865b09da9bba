"""`yiwang migrate` brings the databases up to date; `yiwang migration` writes a new revision for a developer."""

import tempfile
from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command

from shared import migrations
from shared.config import read_settings
from shared.db import psycopg2_url
from shared.runtime.local import bring_up_to_date, with_database
from shared.runtime.postgres import LocalPostgres
from shared.service import all_services, get_service


@click.command()
def migrate() -> None:
    """Create and migrate the database of every service."""
    settings, server = with_database(read_settings())
    try:
        bring_up_to_date(settings)
        click.echo(f"migrated: {', '.join(service.name for service in all_services())}")
    finally:
        if server:
            server.stop()


@click.command()
@click.argument("branch")
@click.argument("revision_id")
@click.argument("message")
def migration(branch: str, revision_id: str, message: str) -> None:
    """Write revision REVISION_ID for BRANCH (a service's name, or foundation) from what its models now say."""
    of_foundation = branch == migrations.FOUNDATION
    service = all_services()[0] if of_foundation else get_service(branch)
    folder = (migrations.HERE if of_foundation else service.migrations) / "versions"
    with tempfile.TemporaryDirectory() as scratch, LocalPostgres(Path(scratch)) as server:
        url = server.create_database("scratch")
        migrations.upgrade(service, url)
        engine = sa.create_engine(psycopg2_url(url))
        with engine.connect() as connection:
            config = migrations.configuration(service, url)
            config.attributes["connection"] = connection
            first = not any(folder.glob("*.py"))
            command.revision(
                config,
                message=message,
                autogenerate=True,
                rev_id=revision_id,
                version_path=str(folder),
                head="base" if first else f"{branch}@head",
                branch_label=branch if first else None,
            )
        engine.dispose()
