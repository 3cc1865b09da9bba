"""What every operator's command starts with: the installation that the environment names, and its failures in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa

from shared.config import read_settings
from shared.errors import Problem
from shared.logs import configure_logs
from shared.runtime.local import with_database, with_secret
from shared.runtime_context import Runtime

_UNREACHABLE = (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.InterfaceError)


@contextmanager
def operated_suite() -> Iterator[Runtime]:
    """The suite on the configured servers, or on the private database of this machine, which is shared or started.

    A `Problem` or a database that cannot be reached ends the command with one line that says what to do.
    """
    settings, server = with_database(with_secret(read_settings()))
    configure_logs(level="ERROR", as_json=settings.log_json)
    runtime = Runtime(settings=settings)
    try:
        yield runtime
    except Problem as problem:
        raise click.ClickException(f"{problem.title}：{problem.detail}") from problem
    except _UNREACHABLE as error:
        raise click.ClickException(
            f"数据库无法访问或尚未建立, 请先运行 yiwang migrate ({error.orig})"
        ) from error
    finally:
        runtime.close()
        if server:
            server.stop()
