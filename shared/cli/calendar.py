"""`yiwang calendar`: the days of the State Council's notices, and a unit's own days, for every service."""

from pathlib import Path
from uuid import UUID

import click

from shared.calendar_days import EVERY_UNIT, import_days, read_days
from shared.config import read_settings
from shared.errors import Problem
from shared.runtime.local import with_database
from shared.runtime_context import Runtime
from shared.service import all_services


@click.group()
def calendar() -> None:
    """Working days."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The notice that the days come from.")
@click.option("--unit", type=click.UUID, help="Only for this unit; for every unit otherwise.")
def import_file(file: Path, source: str, unit: UUID | None) -> None:
    """Load a CSV with the columns 日期 (2027-01-01) and 类型 (放假, 上班 or 半天) into every service."""
    settings, server = with_database(read_settings())
    runtime = Runtime(settings=settings)
    try:
        rows = read_days(file.read_text(encoding="utf-8-sig").splitlines(), national=unit is None)
        for service in all_services():
            with runtime.database(service.name).transaction() as session:
                changed = import_days(session, rows, source=source, unit_id=unit or EVERY_UNIT)
            click.echo(f"{service.name}: {changed} 天有变化（共 {len(rows)} 天）")
    except Problem as problem:
        raise click.ClickException(f"{problem.title}：{problem.detail}") from problem
    finally:
        runtime.close()
        if server:
            server.stop()
