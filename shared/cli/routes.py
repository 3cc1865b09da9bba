"""`yiwang routes`: the reference of all routes."""

from pathlib import Path

import click

from shared.service import all_services
from shared.web.reference import reference


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def routes(target: Path) -> None:
    """Write the reference of all routes to TARGET."""
    target.write_text(reference(all_services()), encoding="utf-8")
    click.echo(f"written: {target}")
