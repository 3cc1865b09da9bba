"""`yiwang calendar`: the days of the State Council's notices, and a unit's own days, for every service."""

from pathlib import Path
from uuid import UUID

import click

from shared.calendar_days import EVERY_UNIT, DayRow, import_days, read_days
from shared.cli.operating import operated_suite
from shared.errors import Problem
from shared.service import all_services


@click.group()
def calendar() -> None:
    """Working days."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The notice that the days come from.")
@click.option("--unit", type=click.UUID, help="Only for this unit; for every unit otherwise.")
def import_file(file: Path, source: str, unit: UUID | None) -> None:
    """Load a CSV with the columns 日期 (2027-01-01) and 类型 (放假, 上班 or 半天) into every service.

    The notice of a year is loaded as a whole: a file that lacks days of a holiday by law is refused.
    """
    rows = _read(file, national=unit is None)
    with operated_suite() as runtime:
        for service in all_services():
            with runtime.database(service.name).transaction() as session:
                changed = import_days(session, rows, source=source, unit_id=unit or EVERY_UNIT)
            click.echo(f"{service.name}: {changed} 天有变化（共 {len(rows)} 天）")


def _read(file: Path, *, national: bool) -> list[DayRow]:
    try:
        return read_days(file.read_text(encoding="utf-8-sig").splitlines(), national=national)
    except Problem as problem:
        raise click.ClickException(f"{problem.title}：{problem.detail}") from problem
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} 不是 UTF-8 编码, 请另存为 UTF-8 后再导入") from error
